import { ts } from "ts-morph";
import type { FileFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { surround } from "./support/edits.js";
import { isWrite } from "./support/listWrites.js";

export const readOnlyResults = createRule({
  meta: {
    name: "read-only-results",
    category: "runtime",
    defaultSeverity: "error",
    description: "The results of a mapped task are read from the store as they are needed, and cannot be changed.",
    messages: {
      written:
        "'{name}' are the results of the mapped task '{upstream}', which are read-only. Copy them first: [...{name}].",
      given: "'{name}' is given here.",
    },
    fixable: true,
    options: [],
    prevents: "task-failed",
    phases: [2],
    dtm: ["DTM610"],
  },
  *checkTypes(facts, types) {
    for (const { task, name, upstream, given } of reducedInputs(facts)) {
      for (const list of mentions(task.fn, name)) {
        // A list that is declared read-only is TypeScript's to guard.
        if (!isWrite(list) || !isWritable(types.typeText(list))) continue;
        const data = { name: list.getText(), upstream };
        const related = [{ messageId: "given" as const, data, node: given }];
        yield { messageId: "written", data, node: list, site: task.site, related, fixes: fixesFor(list) };
      }
    }
  },
});

function isWritable(type: string): boolean {
  return type === "any" || (/\]$|^Array</.test(type) && !type.startsWith("readonly "));
}

interface ReducedInput {
  readonly task: TaskFacts;
  readonly name: string;
  readonly upstream: string;
  readonly given: ts.Node;
}

/** Inputs that surely are all the results of a mapped task. */
function* reducedInputs({ dags }: FileFacts): Generator<ReducedInput> {
  for (const task of dags.flatMap((dag) => dag.tasks)) {
    if (task.node.certainty !== "exact") continue;
    for (const { name, value, nameNode } of task.inputs) {
      const isResult = value.type === "xcom" && value.form === "result" && value.task?.mapped === true;
      if (isResult) yield { task, name, upstream: value.task.task_id, given: nameNode };
    }
  }
}

/** Where the body says an input's name; nothing where the name may stand for something else in places. */
function mentions(fn: ts.SignatureDeclaration | undefined, name: string): readonly ts.Expression[] {
  const [inputs] = fn?.parameters ?? [];
  if (fn === undefined || inputs === undefined || !("body" in fn) || fn.body === undefined) return [];
  if (ts.isIdentifier(inputs.name)) {
    const local = inputs.name.text;
    const isInput = (node: ts.Node): node is ts.PropertyAccessExpression =>
      ts.isPropertyAccessExpression(node) && node.name.text === name && isNamed(node.expression, local);
    return isRedefined(fn.body, local) ? [] : all(fn.body, isInput);
  }
  if (!ts.isObjectBindingPattern(inputs.name)) return [];
  const element = inputs.name.elements.find((each) => (each.propertyName ?? each.name).getText() === name);
  if (element === undefined || !ts.isIdentifier(element.name) || element.dotDotDotToken !== undefined) return [];
  const local = element.name.text;
  const isLocal = (node: ts.Node): node is ts.Identifier => isNamed(node, local);
  return isRedefined(fn.body, local) ? [] : all(fn.body, isLocal);
}

function isNamed(node: ts.Node, name: string): node is ts.Identifier {
  return ts.isIdentifier(node) && node.text === name;
}

/** Declared or assigned once more, anywhere in the body. */
function isRedefined(body: ts.Node, name: string): boolean {
  const look = (node: ts.Node): boolean => {
    if (isNamed(node, name)) {
      const { parent } = node;
      const declares = "name" in parent && parent.name === node && !ts.isPropertyAccessExpression(parent);
      if (declares && !ts.isPropertyAssignment(parent)) return !ts.isShorthandPropertyAssignment(parent);
      if (ts.isBinaryExpression(parent) && parent.left === node) return isAssignment(parent);
    }
    return ts.forEachChild(node, look) === true;
  };
  return look(body);
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function all<T extends ts.Node>(root: ts.Node, is: (node: ts.Node) => node is T): readonly T[] {
  const found: T[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** A sorted copy is as good as the list, sorted; but whoever adds to it wants a list of their own. */
function fixesFor(list: ts.Expression): readonly Fix[] {
  const method = list.parent;
  const call = method.parent;
  if (!ts.isPropertyAccessExpression(method) || !/^(?:sort|reverse)$/.test(method.name.text)) return [];
  const isUsed = ts.isCallExpression(call) && !ts.isExpressionStatement(call.parent);
  return isUsed ? [{ title: "Copy the results first", edits: surround(list, "[...", "]"), safe: true }] : [];
}
