import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { unwrap } from "../symbols.js";
import type { Value } from "../value.js";
import { UNDEFINED, constant, isNullish, list, union, unknown } from "../values.js";
import { remove } from "./assignments.js";
import { evaluateCall, evaluateNew } from "./calls.js";
import { classValue } from "./classes.js";
import { evaluateCondition } from "./conditions.js";
import { evaluateYield } from "./functions.js";
import { evaluateIdentifier } from "./identifiers.js";
import { superMember } from "./instances.js";
import { evaluateArray, evaluateObject, evaluateTemplate } from "./literals.js";
import { evaluateBinary, evaluatePostfix, evaluatePrefix } from "./operators.js";
import { undecided } from "./statements.js";
import { type Handler, when } from "./table.js";

const evaluators: ReadonlyMap<ts.SyntaxKind, Handler<Value>> = new Map<ts.SyntaxKind, Handler<Value>>([
  [ts.SyntaxKind.ArrayLiteralExpression, when(ts.isArrayLiteralExpression, evaluateArray)],
  [ts.SyntaxKind.ArrowFunction, when(ts.isArrowFunction, evaluateFunction)],
  [ts.SyntaxKind.BinaryExpression, when(ts.isBinaryExpression, evaluateBinary)],
  [ts.SyntaxKind.CallExpression, when(ts.isCallExpression, evaluateCall)],
  [ts.SyntaxKind.ClassExpression, when(ts.isClassExpression, classValue)],
  [ts.SyntaxKind.ConditionalExpression, when(ts.isConditionalExpression, evaluateConditional)],
  [ts.SyntaxKind.DeleteExpression, when(ts.isDeleteExpression, evaluateDelete)],
  [ts.SyntaxKind.ElementAccessExpression, when(ts.isElementAccessExpression, evaluateElement)],
  [ts.SyntaxKind.FalseKeyword, () => constant(false)],
  [ts.SyntaxKind.FunctionExpression, when(ts.isFunctionExpression, evaluateFunction)],
  [ts.SyntaxKind.Identifier, when(ts.isIdentifier, evaluateIdentifier)],
  [ts.SyntaxKind.NewExpression, when(ts.isNewExpression, evaluateNew)],
  [ts.SyntaxKind.NoSubstitutionTemplateLiteral, when(ts.isNoSubstitutionTemplateLiteral, evaluateText)],
  [ts.SyntaxKind.NullKeyword, () => constant(null)],
  [ts.SyntaxKind.NumericLiteral, when(ts.isNumericLiteral, (_i, node) => constant(Number(node.text)))],
  [ts.SyntaxKind.ObjectLiteralExpression, when(ts.isObjectLiteralExpression, evaluateObject)],
  [ts.SyntaxKind.PostfixUnaryExpression, when(ts.isPostfixUnaryExpression, evaluatePostfix)],
  [ts.SyntaxKind.PrefixUnaryExpression, when(ts.isPrefixUnaryExpression, evaluatePrefix)],
  [ts.SyntaxKind.PropertyAccessExpression, when(ts.isPropertyAccessExpression, evaluateProperty)],
  [ts.SyntaxKind.StringLiteral, when(ts.isStringLiteral, evaluateText)],
  [ts.SyntaxKind.TaggedTemplateExpression, when(ts.isTaggedTemplateExpression, evaluateTagged)],
  [ts.SyntaxKind.TemplateExpression, when(ts.isTemplateExpression, evaluateTemplate)],
  [ts.SyntaxKind.ThisKeyword, (_i, node, scope) => scope.self ?? unknown("'this' is not known here", node)],
  [ts.SyntaxKind.TrueKeyword, () => constant(true)],
  [ts.SyntaxKind.TypeOfExpression, when(ts.isTypeOfExpression, evaluateTypeOf)],
  [ts.SyntaxKind.VoidExpression, when(ts.isVoidExpression, evaluateVoid)],
  [ts.SyntaxKind.YieldExpression, when(ts.isYieldExpression, evaluateYield)],
]);

export function evaluateExpression(interpreter: Interpreter, node: ts.Expression, scope: Scope): Value {
  const inner = unwrap(node);
  const value = evaluators.get(inner.kind)?.(interpreter, inner, scope);
  return interpreter.findings.volatility.carry(inner, value ?? evaluateParts(interpreter, inner, scope));
}

/** What is not followed is made of parts that may still make tasks. */
function evaluateParts(interpreter: Interpreter, node: ts.Expression, scope: Scope): Value {
  ts.forEachChild(node, (child) => {
    if (ts.isExpression(child) && evaluators.has(unwrap(child).kind)) interpreter.evaluate(child, scope);
  });
  return unknown("this kind of expression is not followed", node);
}

function evaluateText(_interpreter: Interpreter, node: ts.StringLiteral | ts.NoSubstitutionTemplateLiteral): Value {
  return constant(node.text);
}

function evaluateFunction(_i: Interpreter, node: ts.ArrowFunction | ts.FunctionExpression, scope: Scope): Value {
  return { type: "function", node, scope, self: ts.isArrowFunction(node) ? scope.self : undefined };
}

function evaluateVoid(interpreter: Interpreter, node: ts.VoidExpression, scope: Scope): Value {
  interpreter.evaluate(node.expression, scope);
  return UNDEFINED;
}

function evaluateDelete(interpreter: Interpreter, node: ts.DeleteExpression, scope: Scope): Value {
  remove(interpreter, node.expression, scope);
  return constant(true);
}

/** `tag\`a${b}\`` calls `tag` with the texts and the values. */
function evaluateTagged(interpreter: Interpreter, node: ts.TaggedTemplateExpression, scope: Scope): Value {
  const tag = interpreter.evaluate(node.tag, scope);
  const { template } = node;
  const isPlain = ts.isNoSubstitutionTemplateLiteral(template);
  const spans = isPlain ? [] : [...template.templateSpans];
  const texts = isPlain ? [template.text] : [template.head.text, ...spans.map(({ literal }) => literal.text)];
  const values = spans.map(({ expression }) => interpreter.evaluate(expression, scope));
  return interpreter.call(tag, [list(texts.map(constant), interpreter.certainty), ...values], node);
}

function evaluateTypeOf(interpreter: Interpreter, node: ts.TypeOfExpression, scope: Scope): Value {
  const type = typeName(interpreter.evaluate(node.expression, scope));
  return type === undefined ? unknown("its type is not known before a run", node) : constant(type);
}

function typeName(value: Value): string | undefined {
  switch (value.type) {
    case "const":
      return typeof value.value;
    case "pattern":
      return "string";
    case "dict":
    case "list":
    case "instance":
    case "collection":
    case "xcom":
    case "operator":
      return "object";
    case "function":
    case "class":
    case "task-function":
    case "operator-class":
    case "bound-method":
      return "function";
    default:
      return undefined;
  }
}

function evaluateConditional(interpreter: Interpreter, node: ts.ConditionalExpression, scope: Scope): Value {
  const { truth: condition } = evaluateCondition(interpreter, node.condition, scope);
  if (condition !== undefined) return interpreter.evaluate(condition ? node.whenTrue : node.whenFalse, scope);
  const cause = undecided(node.condition);
  const ways = [node.whenTrue, node.whenFalse];
  return union(ways.map((branch, way) => interpreter.perhaps(cause, () => interpreter.evaluate(branch, scope), way)));
}

function evaluateProperty(interpreter: Interpreter, node: ts.PropertyAccessExpression, scope: Scope): Value {
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return superMember(interpreter, node, scope);
  const receiver = interpreter.evaluate(node.expression, scope);
  if (ts.isOptionalChain(node) && isNullish(receiver)) return UNDEFINED;
  return interpreter.readMember(receiver, node.name.text, node);
}

function evaluateElement(interpreter: Interpreter, node: ts.ElementAccessExpression, scope: Scope): Value {
  const receiver = interpreter.evaluate(node.expression, scope);
  if (ts.isOptionalChain(node) && isNullish(receiver)) return UNDEFINED;
  const index = interpreter.evaluate(node.argumentExpression, scope);
  if (index.type === "const") return interpreter.readMember(receiver, String(index.value), node);
  return unknown("which member is meant is not known before a run", node);
}
