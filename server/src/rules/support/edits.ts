import { ts } from "ts-morph";
import type { InputFacts } from "../../analysis/facts.js";
import type { OffsetEdit } from "../createRule.js";

export function insertAfter(node: ts.Node, text: string): OffsetEdit {
  return { start: node.getEnd(), end: node.getEnd(), text };
}

export function replace(node: ts.Node, text: string): OffsetEdit {
  return { start: node.getStart(), end: node.getEnd(), text };
}

/** Gives a property another value, also where its name stands for a variable. */
export function replaceValue(property: ts.ObjectLiteralElementLike, text: string): OffsetEdit | undefined {
  if (ts.isShorthandPropertyAssignment(property)) return insertAfter(property.name, `: ${text}`);
  return ts.isPropertyAssignment(property) ? replace(property.initializer, text) : undefined;
}

export function surround(node: ts.Node, before: string, after: string): readonly OffsetEdit[] {
  return [{ start: node.getStart(), end: node.getStart(), text: before }, insertAfter(node, after)];
}

/** The same with the value of an input, whose name is written out where it was left out. */
export function surroundInput(
  { name, property, expression }: InputFacts,
  before: string,
  after: string,
): readonly OffsetEdit[] {
  const isShorthand = ts.isShorthandPropertyAssignment(property);
  return surround(expression, isShorthand ? `${name}: ${before}` : before, after);
}

/** Takes a property out of its object, with the comma that parts it from its neighbour. */
export function removeProperty(property: ts.ObjectLiteralElementLike): OffsetEdit | undefined {
  const object = property.parent;
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  const index = object.properties.indexOf(property);
  const next = object.properties[index + 1];
  const previous = object.properties[index - 1];
  if (next !== undefined) return { start: property.getStart(), end: next.getStart(), text: "" };
  if (previous !== undefined) return { start: previous.getEnd(), end: property.getEnd(), text: "" };
  return { start: object.getStart(), end: object.getEnd(), text: "{}" };
}

/** Gives a property another name; one that is short for a variable keeps the variable. */
export function renameProperty({ property, nameNode }: RenamedProperty, name: string): OffsetEdit {
  const text = /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name);
  return ts.isShorthandPropertyAssignment(property)
    ? replace(property, `${text}: ${property.name.text}`)
    : replace(nameNode, text);
}

interface RenamedProperty {
  readonly property: ts.ObjectLiteralElementLike;
  readonly nameNode: ts.Node;
}

/** Puts `name: value` behind the last property of an object. */
export function addProperty(object: ts.ObjectLiteralExpression, text: string): OffsetEdit {
  const last = object.properties.at(-1);
  if (last !== undefined) return insertAfter(last, `, ${text}`);
  return { start: object.getStart(), end: object.getEnd(), text: `{ ${text} }` };
}

/** The object that a call or `new` is given as its first argument, where it is written there. */
export function objectArgument(call: ts.Node | undefined): ts.ObjectLiteralExpression | undefined {
  if (call === undefined || !(ts.isCallExpression(call) || ts.isNewExpression(call))) return undefined;
  const [first] = call.arguments ?? [];
  return first !== undefined && ts.isObjectLiteralExpression(first) ? first : undefined;
}

const mappingMethods: ReadonlySet<string> = new Set(["partial", "expand", "expand_kwargs"]);

/** The task in `task(…)`, `task.expand(…)`, `task.partial(…).expand(…)`: where `.override(…)` goes. */
export function taskExpression(site: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(site)) return undefined;
  let expression = site.expression;
  while (ts.isPropertyAccessExpression(expression) && mappingMethods.has(expression.name.text)) {
    const receiver = expression.expression;
    expression = ts.isCallExpression(receiver) && isMappingCall(receiver) ? receiver.expression : receiver;
    if (expression === receiver) break;
  }
  return expression;
}

/** Gives a task another option: in the `override(…)` that it already has, else in a new one. */
export function overrideOption(task: ts.Expression, text: string): OffsetEdit {
  const isOverride =
    ts.isCallExpression(task) &&
    ts.isPropertyAccessExpression(task.expression) &&
    task.expression.name.text === "override";
  const given = isOverride ? objectArgument(task) : undefined;
  return given === undefined ? insertAfter(task, `.override({ ${text} })`) : addProperty(given, text);
}

function isMappingCall(call: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(call.expression) && mappingMethods.has(call.expression.name.text);
}
