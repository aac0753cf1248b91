import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { resolveAlias, symbolOf, unwrap } from "../symbols.js";
import type { DictValue, ListValue, Value } from "../value.js";
import { union } from "../values.js";

/** What `target = value` does; under an undecided condition both values are possible from then on. */
export function assign(interpreter: Interpreter, target: ts.Expression, value: Value, scope: Scope): void {
  const node = unwrap(target);
  if (ts.isIdentifier(node)) assignVariable(interpreter, node, value, scope);
  else if (ts.isPropertyAccessExpression(node)) {
    setMember(interpreter, interpreter.evaluate(node.expression, scope), node.name.text, value);
  } else if (ts.isElementAccessExpression(node)) {
    const key = interpreter.evaluate(node.argumentExpression, scope);
    const name = key.type === "const" ? String(key.value) : undefined;
    setMember(interpreter, interpreter.evaluate(node.expression, scope), name, value);
  } else if (ts.isArrayLiteralExpression(node)) {
    for (const [index, element] of node.elements.entries()) {
      assign(interpreter, element, interpreter.readMember(value, String(index), element), scope);
    }
  }
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

function setMember(interpreter: Interpreter, receiver: Value, name: string | undefined, value: Value): void {
  if (receiver.type === "dict") setEntry(interpreter, receiver, name, value);
  else if (receiver.type === "list") setItem(interpreter, receiver, name, value);
  else if (receiver.type === "instance" && name !== undefined) receiver.fields.set(name, value);
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
  const index = Number(name);
  const isPlace = Number.isInteger(index) && index >= 0 && index <= target.items.length;
  if (!isPlace || !interpreter.isCertainFor(target.certainty)) {
    target.complete = false;
    return;
  }
  target.items[index] = value;
}
