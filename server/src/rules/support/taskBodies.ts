import { ts } from "ts-morph";
import type { TaskFacts } from "../../analysis/facts.js";

/** What an instance of the task executes, where it is written out: its function, or its operator's `execute`. */
export function bodyOf({ kind, fn, definition }: TaskFacts): ts.SignatureDeclaration | undefined {
  if (kind === "task") return fn;
  if (definition === undefined || !ts.isClassLike(definition)) return undefined;
  return definition.members.find(
    (member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.name.getText() === "execute",
  );
}

/** The first of the nodes that the function itself executes for which `isWanted` holds. */
export function findOwn<T extends ts.Node>(
  fn: ts.SignatureDeclaration,
  isWanted: (node: ts.Node) => node is T,
): T | undefined {
  return [...ownNodes(bodyNode(fn))].find(isWanted);
}

/** Everything that a function may return, as it is written. */
export function returnedExpressions(fn: ts.SignatureDeclaration): readonly ts.Expression[] {
  const body = bodyNode(fn);
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body as ts.Expression];
  return [...ownNodes(body)].flatMap((node) => (ts.isReturnStatement(node) ? (node.expression ?? []) : []));
}

function bodyNode(fn: ts.SignatureDeclaration): ts.Node | undefined {
  return "body" in fn ? fn.body : undefined;
}

/** Without what stands in functions and classes inside, which something else may or may not call. */
function* ownNodes(node: ts.Node | undefined): Generator<ts.Node> {
  if (node === undefined || ts.isFunctionLike(node) || ts.isClassLike(node)) return;
  yield node;
  for (const child of childrenOf(node)) yield* ownNodes(child);
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}
