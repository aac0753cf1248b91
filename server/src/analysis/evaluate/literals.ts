import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { propertyName } from "../symbols.js";
import type { DictEntry, DictValue, EntrySite, ListValue, Value } from "../value.js";
import { dict, isNullish, itemsOf, list, patternOf, textValue, unknown } from "../values.js";
import { observeOperand, observeText } from "./conditions.js";

export function evaluateArray(interpreter: Interpreter, node: ts.ArrayLiteralExpression, scope: Scope): ListValue {
  const items: Value[] = [];
  let complete = true;
  for (const element of node.elements) {
    if (!ts.isSpreadElement(element)) {
      items.push(interpreter.evaluate(element, scope));
      continue;
    }
    const spread = interpreter.evaluate(element.expression, scope);
    observeOperand(interpreter, element.expression, spread);
    const known = itemsOf(spread);
    complete &&= known !== undefined;
    items.push(...(known ?? (spread.type === "list" ? spread.items : [])));
  }
  return list(items, interpreter.certainty, complete);
}

export function evaluateObject(interpreter: Interpreter, node: ts.ObjectLiteralExpression, scope: Scope): DictValue {
  const made = dict([], interpreter.certainty);
  for (const property of node.properties) addProperty(interpreter, made, property, scope);
  return made;
}

function addProperty(
  interpreter: Interpreter,
  made: DictValue,
  property: ts.ObjectLiteralElementLike,
  scope: Scope,
): void {
  if (ts.isSpreadAssignment(property)) {
    const spread = interpreter.evaluate(property.expression, scope);
    observeOperand(interpreter, property.expression, spread);
    addSpread(made, spread);
    return;
  }
  const name = keyOf(interpreter, property.name, scope);
  const entry = name === undefined ? undefined : entryOf(interpreter, property, scope);
  if (name === undefined || entry === undefined) made.complete = false;
  else made.entries.set(name, entry);
}

function addSpread(made: DictValue, spread: Value): void {
  if (isNullish(spread)) return;
  if (spread.type !== "dict") {
    made.complete = false;
    return;
  }
  made.complete &&= spread.complete;
  for (const [name, entry] of spread.entries) made.entries.set(name, entry);
}

function keyOf(interpreter: Interpreter, name: ts.PropertyName, scope: Scope): string | undefined {
  if (!ts.isComputedPropertyName(name)) return propertyName(name);
  const key = interpreter.evaluate(name.expression, scope);
  return key.type === "const" ? String(key.value) : undefined;
}

function entryOf(
  interpreter: Interpreter,
  property: Exclude<ts.ObjectLiteralElementLike, ts.SpreadAssignment>,
  scope: Scope,
): DictEntry {
  if (ts.isPropertyAssignment(property)) {
    const value = interpreter.evaluate(property.initializer, scope);
    return { value, site: siteOf(property, property.initializer) };
  }
  if (ts.isShorthandPropertyAssignment(property)) {
    return { value: interpreter.evaluate(property.name, scope), site: siteOf(property, property.name) };
  }
  if (ts.isMethodDeclaration(property)) {
    return { value: { type: "function", node: property, scope, self: undefined }, site: undefined };
  }
  const value = unknown("a getter or setter is not followed", property);
  if (ts.isSetAccessorDeclaration(property)) return { value, site: undefined };
  return { value, site: undefined, getter: { type: "function", node: property, scope, self: undefined } };
}

function siteOf(
  property: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
  expression: ts.Expression,
): EntrySite {
  return { nameNode: property.name, property, expression };
}

export function evaluateTemplate(interpreter: Interpreter, node: ts.TemplateExpression, scope: Scope): Value {
  let text = node.head.text;
  for (const span of node.templateSpans) {
    const part = interpreter.evaluate(span.expression, scope);
    observeText(interpreter, span.expression, part);
    text += patternOf(part) + span.literal.text;
  }
  return textValue(text);
}
