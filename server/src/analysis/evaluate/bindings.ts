import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { propertyName, symbolOf } from "../symbols.js";
import type { Value } from "../value.js";
import { UNDEFINED, constant, dict, isNullish, itemsOf, list, unknown } from "../values.js";
import { observeOperand } from "./conditions.js";

/** Declares the names of a variable, parameter or destructuring pattern. */
export function bind(interpreter: Interpreter, name: ts.BindingName, value: Value, scope: Scope): void {
  if (ts.isIdentifier(name)) {
    const symbol = symbolOf(interpreter.checker, name);
    // What a JavaScript file requires is an import, which leads to the module itself.
    const isImport = symbol !== undefined && Boolean(symbol.flags & ts.SymbolFlags.Alias);
    if (symbol !== undefined && !isImport) scope.declare(symbol, value);
  } else if (ts.isObjectBindingPattern(name)) {
    bindObject(interpreter, name, value, scope);
  } else {
    bindArray(interpreter, name, value, scope);
  }
}

function bindObject(interpreter: Interpreter, pattern: ts.ObjectBindingPattern, value: Value, scope: Scope): void {
  const taken = new Set<string>();
  for (const element of pattern.elements) {
    if (element.dotDotDotToken !== undefined) {
      bind(interpreter, element.name, withoutEntries(interpreter, value, taken), scope);
      continue;
    }
    const key = keyOf(interpreter, element, scope);
    if (key !== undefined) taken.add(key);
    const part =
      key === undefined ? unknown("the name is computed", element) : interpreter.readMember(value, key, element);
    bindElement(interpreter, element, part, scope);
  }
}

function bindArray(interpreter: Interpreter, pattern: ts.ArrayBindingPattern, value: Value, scope: Scope): void {
  const items = itemsOf(value);
  for (const [index, element] of pattern.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    if (element.dotDotDotToken !== undefined) {
      bind(
        interpreter,
        element.name,
        list(items?.slice(index) ?? [], interpreter.certainty, items !== undefined),
        scope,
      );
    } else {
      const part = items === undefined ? interpreter.readMember(value, String(index), element) : items[index];
      bindElement(interpreter, element, part ?? constant(undefined), scope);
    }
  }
}

function bindElement(interpreter: Interpreter, element: ts.BindingElement, value: Value, scope: Scope): void {
  const isMissing = value.type === "const" && value.value === undefined && element.initializer !== undefined;
  const given = isMissing && element.initializer ? interpreter.evaluate(element.initializer, scope) : value;
  bind(interpreter, element.name, given, scope);
}

function keyOf(interpreter: Interpreter, element: ts.BindingElement, scope: Scope): string | undefined {
  const name = element.propertyName ?? element.name;
  if (ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)) return undefined;
  if (!ts.isComputedPropertyName(name)) return propertyName(name);
  const key = interpreter.evaluate(name.expression, scope);
  return key.type === "const" ? String(key.value) : undefined;
}

function withoutEntries(interpreter: Interpreter, value: Value, taken: ReadonlySet<string>): Value {
  if (isNullish(value) || value.type !== "dict") return unknown("the rest of an unknown object", undefined);
  const rest = [...value.entries].filter(([name]) => !taken.has(name));
  return dict(rest, interpreter.certainty, value.complete);
}

/** What `const x = …` does. */
export function declareVariable(interpreter: Interpreter, node: ts.VariableDeclaration, scope: Scope): void {
  if (scope.parent === undefined && isDeclared(interpreter, node.name, scope)) return;
  const value = initialValue(interpreter, node, scope);
  if (node.initializer !== undefined && ts.isArrayBindingPattern(node.name)) {
    observeOperand(interpreter, node.initializer, value);
  }
  bind(interpreter, node.name, value, scope);
}

/** A variable that is only declared (`declare const`) gets its value from code that is not there to be read. */
export function initialValue(interpreter: Interpreter, node: ts.VariableDeclaration, scope: Scope): Value {
  if (node.initializer !== undefined) return interpreter.evaluate(node.initializer, scope);
  const isAmbient = (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Ambient) !== 0;
  return isAmbient ? unknown("it is declared here and made elsewhere", node) : UNDEFINED;
}

/** A module's variable that was asked for before its statement was reached already has its value. */
function isDeclared(interpreter: Interpreter, name: ts.BindingName, scope: Scope): boolean {
  if (!ts.isIdentifier(name)) {
    return name.elements.some(
      (element) => ts.isBindingElement(element) && isDeclared(interpreter, element.name, scope),
    );
  }
  const symbol = symbolOf(interpreter.checker, name);
  return symbol !== undefined && scope.find(symbol) !== undefined;
}
