import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { symbolOf, unwrap } from "../symbols.js";
import type { Value } from "../value.js";
import { truthOf } from "../values.js";

/** What an expression is as a condition; undefined where that depends on something unknown. */
export function evaluateCondition(
  interpreter: Interpreter,
  node: ts.Expression,
  scope: Scope,
): { readonly truth: boolean | undefined; readonly value: Value } {
  const value = interpreter.evaluate(node, scope);
  observeCondition(interpreter, node, value);
  return { truth: truthOf(value), value };
}

/** Keeps what decides a condition where that is nothing that can decide one. */
export function observeCondition(interpreter: Interpreter, node: ts.Expression, value: Value): void {
  const inner = unwrap(node);
  if (value.type === "xcom") {
    const kind = isAlwaysReference(interpreter, inner) ? "reference-condition" : "perhaps-reference-condition";
    interpreter.observe(kind, inner, value);
  } else if (value.type === "partial") {
    interpreter.observe("partial-condition", inner, value);
  } else {
    interpreter.findings.seeOther(inner);
  }
}

/** Keeps a reference that is calculated or compared with, or gone through. */
export function observeOperand(interpreter: Interpreter, node: ts.Expression, value: Value): void {
  if (value.type === "xcom") interpreter.observe("reference-operand", unwrap(node), value);
}

/** Keeps a reference that becomes a part of a text. */
export function observeText(interpreter: Interpreter, node: ts.Expression, value: Value): void {
  if (value.type === "xcom") interpreter.observe("reference-text", unwrap(node), value);
}

/**
 * True where the text alone shows that this is a reference whenever it is looked at: a call that makes one, or a
 * constant that is given one.
 */
function isAlwaysReference(interpreter: Interpreter, node: ts.Expression): boolean {
  const inner = unwrap(node);
  if (ts.isCallExpression(inner) || ts.isNewExpression(inner)) {
    return interpreter.findings.makesReference(inner) || isMarked(interpreter, inner);
  }
  if (ts.isPropertyAccessExpression(inner)) {
    return inner.name.text === "output" && isAlwaysReference(interpreter, inner.expression);
  }
  const declaration = ts.isIdentifier(inner) ? symbolOf(interpreter.checker, inner)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const { initializer, name } = declaration;
  return (
    isConstant && ts.isIdentifier(name) && initializer !== undefined && isAlwaysReference(interpreter, initializer)
  );
}

/** `as_setup()` and `as_teardown()` give what they are called of. */
function isMarked(interpreter: Interpreter, call: ts.CallExpression | ts.NewExpression): boolean {
  if (!ts.isCallExpression(call)) return false;
  const callee = unwrap(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  return ["as_setup", "as_teardown"].includes(callee.name.text) && isAlwaysReference(interpreter, callee.expression);
}
