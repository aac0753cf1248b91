import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import type { Primitive, Value } from "../value.js";
import { constant, isNullish, patternOf, textValue, truthOf, union, unknown } from "../values.js";
import { assign } from "./assignments.js";
import { observeCondition, observeOperand, observeText } from "./conditions.js";

const { SyntaxKind } = ts;

type Calculation = (left: never, right: never) => Primitive;

/** What each operator makes of two constants. */
const CALCULATIONS: ReadonlyMap<ts.SyntaxKind, Calculation> = new Map<ts.SyntaxKind, Calculation>([
  [SyntaxKind.AmpersandToken, (left: number, right: number) => left & right],
  [SyntaxKind.AsteriskAsteriskToken, (left: number, right: number) => left ** right],
  [SyntaxKind.AsteriskToken, (left: number, right: number) => left * right],
  [SyntaxKind.BarToken, (left: number, right: number) => left | right],
  [SyntaxKind.CaretToken, (left: number, right: number) => left ^ right],
  [SyntaxKind.EqualsEqualsEqualsToken, (left: Primitive, right: Primitive) => left === right],
  // eslint-disable-next-line eqeqeq -- this is what it means
  [SyntaxKind.EqualsEqualsToken, (left: Primitive, right: Primitive) => left == right],
  [SyntaxKind.ExclamationEqualsEqualsToken, (left: Primitive, right: Primitive) => left !== right],
  // eslint-disable-next-line eqeqeq -- this is what it means
  [SyntaxKind.ExclamationEqualsToken, (left: Primitive, right: Primitive) => left != right],
  [SyntaxKind.GreaterThanEqualsToken, (left: number, right: number) => left >= right],
  [SyntaxKind.GreaterThanToken, (left: number, right: number) => left > right],
  [SyntaxKind.LessThanEqualsToken, (left: number, right: number) => left <= right],
  [SyntaxKind.GreaterThanGreaterThanGreaterThanToken, (left: number, right: number) => left >>> right],
  [SyntaxKind.GreaterThanGreaterThanToken, (left: number, right: number) => left >> right],
  [SyntaxKind.LessThanLessThanToken, (left: number, right: number) => left << right],
  [SyntaxKind.LessThanToken, (left: number, right: number) => left < right],
  [SyntaxKind.MinusToken, (left: number, right: number) => left - right],
  [SyntaxKind.PercentToken, (left: number, right: number) => left % right],
  [SyntaxKind.PlusToken, (left: number, right: number) => left + right],
  [SyntaxKind.SlashToken, (left: number, right: number) => left / right],
]);

/** `+=` and its kin: the operator that they assign the result of. */
const COMPOUND: ReadonlyMap<ts.SyntaxKind, ts.SyntaxKind> = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [SyntaxKind.AmpersandAmpersandEqualsToken, SyntaxKind.AmpersandAmpersandToken],
  [SyntaxKind.AsteriskAsteriskEqualsToken, SyntaxKind.AsteriskAsteriskToken],
  [SyntaxKind.AsteriskEqualsToken, SyntaxKind.AsteriskToken],
  [SyntaxKind.BarBarEqualsToken, SyntaxKind.BarBarToken],
  [SyntaxKind.MinusEqualsToken, SyntaxKind.MinusToken],
  [SyntaxKind.PercentEqualsToken, SyntaxKind.PercentToken],
  [SyntaxKind.PlusEqualsToken, SyntaxKind.PlusToken],
  [SyntaxKind.QuestionQuestionEqualsToken, SyntaxKind.QuestionQuestionToken],
  [SyntaxKind.SlashEqualsToken, SyntaxKind.SlashToken],
]);

export function evaluateBinary(interpreter: Interpreter, node: ts.BinaryExpression, scope: Scope): Value {
  const operator = node.operatorToken.kind;
  if (operator === SyntaxKind.EqualsToken) {
    const value = interpreter.evaluate(node.right, scope);
    assign(interpreter, node.left, value, scope);
    return value;
  }
  const compound = COMPOUND.get(operator);
  const left = interpreter.evaluate(node.left, scope);
  const value = evaluateOperator(interpreter, compound ?? operator, left, node, scope);
  if (compound !== undefined) assign(interpreter, node.left, value, scope);
  return value;
}

function evaluateOperator(
  interpreter: Interpreter,
  operator: ts.SyntaxKind,
  left: Value,
  node: ts.BinaryExpression,
  scope: Scope,
): Value {
  const takesLeft = shortCuts(operator, left);
  if (takesLeft !== undefined) observeCondition(interpreter, node.left, left);
  if (takesLeft === "left") return left;
  if (takesLeft === "unknown") {
    const reason = "whether this is looked at depends on something unknown";
    const cause = { what: "condition", reason, node: node.left } as const;
    return union([left, interpreter.perhaps(cause, () => interpreter.evaluate(node.right, scope))]);
  }
  const right = interpreter.evaluate(node.right, scope);
  if (takesLeft === "right" || operator === SyntaxKind.CommaToken) return right;
  observeOperands(interpreter, operator, left, right, node);
  return calculate(operator, left, right, node);
}

/** A text and a reference make a longer text. */
function observeOperands(
  interpreter: Interpreter,
  operator: ts.SyntaxKind,
  left: Value,
  right: Value,
  node: ts.BinaryExpression,
): void {
  const observe = operator === SyntaxKind.PlusToken && (isText(left) || isText(right)) ? observeText : observeOperand;
  observe(interpreter, node.left, left);
  observe(interpreter, node.right, right);
}

/** Which side `&&`, `||` and `??` give; undefined for every other operator. */
function shortCuts(operator: ts.SyntaxKind, left: Value): "left" | "right" | "unknown" | undefined {
  const truth = truthOf(left);
  switch (operator) {
    case SyntaxKind.AmpersandAmpersandToken:
      return truth === undefined ? "unknown" : truth ? "right" : "left";
    case SyntaxKind.BarBarToken:
      return truth === undefined ? "unknown" : truth ? "left" : "right";
    case SyntaxKind.QuestionQuestionToken:
      if (left.type === "unknown" || left.type === "union") return "unknown";
      return isNullish(left) ? "right" : "left";
    default:
      return undefined;
  }
}

function calculate(operator: ts.SyntaxKind, left: Value, right: Value, node: ts.Node): Value {
  if (left.type === "const" && right.type === "const") {
    const calculation = CALCULATIONS.get(operator);
    if (calculation === undefined) return unknown("this operator is not followed", node);
    return safely(() => calculation(left.value as never, right.value as never), node);
  }
  const same = EQUALITY.has(operator) ? isSameThing(left, right) : undefined;
  if (same !== undefined) return constant(same === EQUALITY.get(operator));
  if (operator === SyntaxKind.InKeyword && left.type === "const" && right.type === "dict") {
    const has = right.entries.has(String(left.value));
    if (has || right.complete) return constant(has);
  }
  if (operator === SyntaxKind.PlusToken && (isText(left) || isText(right))) {
    return textValue(patternOf(left) + patternOf(right));
  }
  return unknown("it is calculated from something unknown", node);
}

/** What each gives where both sides are the same thing. */
const EQUALITY: ReadonlyMap<ts.SyntaxKind, boolean> = new Map([
  [SyntaxKind.EqualsEqualsEqualsToken, true],
  [SyntaxKind.EqualsEqualsToken, true],
  [SyntaxKind.ExclamationEqualsEqualsToken, false],
  [SyntaxKind.ExclamationEqualsToken, false],
]);

/** Where that can be told of two values that are not both constants: an object is neither a constant nor another. */
function isSameThing(left: Value, right: Value): boolean | undefined {
  if (left === right && isThing(left)) return true;
  if (isThing(left) && right.type === "const")
    return isNullish(right) || typeof right.value !== "string" ? false : undefined;
  if (isThing(right) && left.type === "const") return isSameThing(right, left);
  return KEPT.has(left.type) && KEPT.has(right.type) ? false : undefined;
}

/** Values that are one object for as long as reading knows them. */
const KEPT: ReadonlySet<Value["type"]> = new Set(["list", "dict", "instance", "collection"]);

function isThing(value: Value): boolean {
  return !["api", "const", "global", "namespace", "pattern", "unknown", "union"].includes(value.type);
}

/** `1n + 1` and its kin throw, and so does a text that outgrows the language. */
function safely(calculation: () => Primitive, node: ts.Node): Value {
  try {
    const result = calculation();
    return typeof result === "string" ? textValue(result) : constant(result);
  } catch {
    return unknown("the calculation fails", node);
  }
}

function isText(value: Value): boolean {
  return value.type === "pattern" || (value.type === "const" && typeof value.value === "string");
}

export function evaluatePrefix(interpreter: Interpreter, node: ts.PrefixUnaryExpression, scope: Scope): Value {
  const value = interpreter.evaluate(node.operand, scope);
  if (node.operator === SyntaxKind.ExclamationToken) observeCondition(interpreter, node.operand, value);
  else observeOperand(interpreter, node.operand, value);
  switch (node.operator) {
    case SyntaxKind.ExclamationToken: {
      const truth = truthOf(value);
      return truth === undefined ? unknown("it negates something unknown", node) : constant(!truth);
    }
    case SyntaxKind.MinusToken:
    case SyntaxKind.PlusToken: {
      if (value.type !== "const" || typeof value.value === "bigint") return unknown("it is no known number", node);
      const number = Number(value.value);
      return constant(node.operator === SyntaxKind.MinusToken ? -number : number);
    }
    case SyntaxKind.PlusPlusToken:
    case SyntaxKind.MinusMinusToken:
      return count(interpreter, node, value, scope);
    case SyntaxKind.TildeToken:
      return value.type === "const" && typeof value.value === "number"
        ? constant(~value.value)
        : unknown("it is no known number", node);
  }
}

export function evaluatePostfix(interpreter: Interpreter, node: ts.PostfixUnaryExpression, scope: Scope): Value {
  const value = interpreter.evaluate(node.operand, scope);
  count(interpreter, node, value, scope);
  return value;
}

function count(
  interpreter: Interpreter,
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  value: Value,
  scope: Scope,
): Value {
  const step = node.operator === SyntaxKind.PlusPlusToken ? 1 : -1;
  const isNumber = value.type === "const" && typeof value.value === "number";
  const next = isNumber ? constant(Number(value.value) + step) : unknown("it counts from something unknown", node);
  assign(interpreter, node.operand, next, scope);
  return next;
}
