import { ts } from "ts-morph";
import type { TaskFacts } from "../../analysis/facts.js";
import type { Value } from "../../analysis/value.js";
import { findOwn, bodyOf } from "./taskBodies.js";

/** Where an instance of the task visibly skips itself: in its body, or in a function that makes what it gets. */
export function ownSkip(task: TaskFacts): ts.Node | undefined {
  const values = task.mapping?.inputs.map(({ value }) => value) ?? [];
  const functions = [bodyOf(task), ...[...values, task.mapping?.argument].flatMap(mapFunctions)];
  return functions.map((fn) => fn && findOwn(fn, isSkip)).find((place) => place !== undefined);
}

/** The functions that `map` calls for the items of a reference. */
function mapFunctions(value: Value | undefined): readonly ts.SignatureDeclaration[] {
  if (value?.type !== "xcom") return [];
  const [fn] = value.call?.args ?? [];
  const own = value.form === "map" && fn?.type === "function" ? [fn.node] : [];
  return [...own, ...value.of.flatMap(mapFunctions)];
}

/** `throw new SkipException(…)` that nothing here catches. */
function isSkip(node: ts.Node): node is ts.ThrowStatement {
  if (!ts.isThrowStatement(node) || !ts.isNewExpression(node.expression)) return false;
  return isSkipException(node.expression.expression) && !isCaught(node);
}

function isCaught(node: ts.Node): boolean {
  for (let inner = node; !ts.isFunctionLike(inner) && !ts.isSourceFile(inner); inner = inner.parent) {
    const { parent } = inner;
    if (ts.isTryStatement(parent) && parent.tryBlock === inner && parent.catchClause !== undefined) return true;
  }
  return false;
}

/** By the import in the same file, whatever it is called there. */
function isSkipException(callee: ts.Expression): boolean {
  const { statements } = callee.getSourceFile();
  return statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !isFanout(statement)) return false;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined) return false;
    if (ts.isNamespaceImport(bindings)) return callee.getText() === `${bindings.name.text}.SkipException`;
    const names = bindings.elements.filter(({ name, propertyName }) => (propertyName ?? name).text === "SkipException");
    return names.some(({ name }) => name.text === callee.getText());
  });
}

function isFanout({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === "fanout";
}
