import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { propertyName, resolveAlias, symbolOf, unwrap } from "../symbols.js";
import { setClassMember } from "./classes.js";
import type { DictValue, ListValue, Value } from "../value.js";
import { UNDEFINED, constant, itemsOf, list, union, unknown } from "../values.js";

/** What `target = value` does; under an undecided condition both values are possible from then on. */
export function assign(interpreter: Interpreter, target: ts.Expression, value: Value, scope: Scope): void {
  const node = unwrap(target);
  if (ts.isIdentifier(node)) assignVariable(interpreter, node, value, scope);
  else if (ts.isPropertyAccessExpression(node)) {
    setMember(interpreter, interpreter.evaluate(node.expression, scope), node.name.text, value, node);
  } else if (ts.isElementAccessExpression(node)) {
    const key = interpreter.evaluate(node.argumentExpression, scope);
    const name = key.type === "const" ? String(key.value) : undefined;
    setMember(interpreter, interpreter.evaluate(node.expression, scope), name, value, node);
  } else if (ts.isArrayLiteralExpression(node)) {
    assignItems(interpreter, node, value, scope);
  } else if (ts.isObjectLiteralExpression(node)) {
    assignEntries(interpreter, node, value, scope);
  } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const isMissing = value.type === "const" && value.value === undefined;
    assign(interpreter, node.left, isMissing ? interpreter.evaluate(node.right, scope) : value, scope);
  }
}

/** `[a, b = 1, ...rest] = value` */
function assignItems(
  interpreter: Interpreter,
  { elements }: ts.ArrayLiteralExpression,
  value: Value,
  scope: Scope,
): void {
  // What is read here may be assigned to in between: `[a, b] = [b, a]`.
  const items = itemsOf(value);
  for (const [index, element] of elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    if (ts.isSpreadElement(element)) {
      const rest = list(items?.slice(index) ?? [], interpreter.certainty, items !== undefined);
      assign(interpreter, element.expression, rest, scope);
    } else {
      const item = items === undefined ? interpreter.readMember(value, String(index), element) : items[index];
      assign(interpreter, element, item ?? UNDEFINED, scope);
    }
  }
}

/** `({ a, b: c, d = 1 } = value)` */
function assignEntries(
  interpreter: Interpreter,
  { properties }: ts.ObjectLiteralExpression,
  value: Value,
  scope: Scope,
): void {
  for (const property of properties) {
    if (ts.isSpreadAssignment(property)) {
      assign(interpreter, property.expression, unknown("the rest of an object", property), scope);
      continue;
    }
    const name = property.name && propertyName(property.name);
    if (name === undefined) continue;
    const entry = interpreter.readMember(value, name, property);
    if (ts.isPropertyAssignment(property)) assign(interpreter, property.initializer, entry, scope);
    else if (ts.isShorthandPropertyAssignment(property)) assignShorthand(interpreter, property, entry, scope);
  }
}

function assignShorthand(
  interpreter: Interpreter,
  { name, objectAssignmentInitializer: otherwise }: ts.ShorthandPropertyAssignment,
  value: Value,
  scope: Scope,
): void {
  const isMissing = value.type === "const" && value.value === undefined && otherwise !== undefined;
  assignVariable(interpreter, name, isMissing ? interpreter.evaluate(otherwise, scope) : value, scope);
}

/** A list that is made shorter loses its last items. */
function setLength(interpreter: Interpreter, target: ListValue, value: Value): boolean {
  const length = value.type === "const" ? Number(value.value) : NaN;
  if (!(length <= target.items.length) || !target.complete || !interpreter.isCertainFor(target.certainty)) return false;
  target.items.splice(length);
  return true;
}

/** What `delete receiver.name` does. */
export function remove(interpreter: Interpreter, target: ts.Expression, scope: Scope): void {
  const node = unwrap(target);
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return;
  const receiver = interpreter.evaluate(node.expression, scope);
  const key = ts.isPropertyAccessExpression(node)
    ? constant(node.name.text)
    : interpreter.evaluate(node.argumentExpression, scope);
  if (receiver.type === "list") receiver.complete = false;
  if (receiver.type !== "dict") return;
  if (key.type === "const" && interpreter.isCertainFor(receiver.certainty)) receiver.entries.delete(String(key.value));
  else receiver.complete = false;
}

function assignVariable(interpreter: Interpreter, node: ts.Identifier, value: Value, scope: Scope): void {
  const symbol = symbolOf(interpreter.checker, node);
  const target = symbol && resolveAlias(interpreter.checker, symbol);
  if (target === undefined) return;
  // Asking for the value gives a module's variable its first one, so that it is not lost.
  const before = scope.find(target) ?? interpreter.symbolValue(target, scope, node);
  const file = target.valueDeclaration?.getSourceFile();
  const owner = scope.certaintyOf(target) === undefined && file !== undefined ? interpreter.moduleScope(file) : scope;
  const isCertain = interpreter.isCertainFor(owner.certaintyOf(target) ?? owner.certainty);
  owner.assign(target, isCertain ? value : union([before, value]));
}

function setMember(
  interpreter: Interpreter,
  receiver: Value,
  name: string | undefined,
  value: Value,
  node: ts.Node,
): void {
  if (receiver.type === "dict") setEntry(interpreter, receiver, name, value);
  else if (receiver.type === "list") setItem(interpreter, receiver, name, value);
  else if (name !== undefined) setClassMember(interpreter, receiver, name, value, node);
}

function setEntry(interpreter: Interpreter, target: DictValue, name: string | undefined, value: Value): void {
  if (name === undefined) {
    target.complete = false;
    return;
  }
  const before = target.entries.get(name);
  if (interpreter.isCertainFor(target.certainty)) {
    target.entries.set(name, { value, site: undefined });
  } else if (before === undefined) {
    target.complete = false;
  } else {
    target.entries.set(name, { value: union([before.value, value]), site: undefined });
  }
}

function setItem(interpreter: Interpreter, target: ListValue, name: string | undefined, value: Value): void {
  if (name === "length" && setLength(interpreter, target, value)) return;
  const index = Number(name);
  const isPlace = Number.isInteger(index) && index >= 0 && index <= target.items.length;
  if (!isPlace || !interpreter.isCertainFor(target.certainty)) {
    target.complete = false;
    return;
  }
  target.items[index] = value;
}
