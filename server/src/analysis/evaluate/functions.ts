import { ts } from "ts-morph";
import { Scope } from "../scope.js";
import { type Interpreter, Thrown } from "../interpreter.js";
import { symbolOf } from "../symbols.js";
import type { FunctionValue, Value } from "../value.js";
import { UNDEFINED, itemsOf, list, union, unknown } from "../values.js";
import { bind } from "./bindings.js";
import { executeAll } from "./blocks.js";
import { callUnknown } from "./unknownCalls.js";

/** Follows a function's body. */
export function callFunction(
  interpreter: Interpreter,
  fn: FunctionValue,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const { node } = fn;
  const body = bodyOf(node);
  if (body === undefined) return callUnknown(interpreter, fn, args, site);
  const scope = new Scope(fn.scope, interpreter.certainty, fn.self ?? fn.scope.self);
  declareItself(interpreter, fn, scope);
  return interpreter.inFrame(site, (frame) => {
    bindParameters(interpreter, fn, args, scope);
    if (!ts.isBlock(body)) return interpreter.evaluate(body, scope);
    const completion = executeAll(interpreter, body.statements, scope);
    // All at once, as if somebody took everything that it has to give.
    if (isGenerator(node)) {
      const complete = completion.perhaps === undefined && frame.yields.length < MAX_YIELDS;
      return list(frame.yields, interpreter.certainty, complete);
    }
    if (completion.type !== "throw") return union([...frame.returns, completion.value ?? UNDEFINED]);
    if (frame.returns.length > 0) return union(frame.returns);
    if (interpreter.certainty === interpreter.statementCertainty) throw new Thrown();
    return unknown("it fails where it is called", site);
  });
}

/** A generator without end is followed so far. */
const MAX_YIELDS = 200;

/** `yield value` and `yield* values`. */
export function evaluateYield(interpreter: Interpreter, node: ts.YieldExpression, scope: Scope): Value {
  const value = node.expression === undefined ? UNDEFINED : interpreter.evaluate(node.expression, scope);
  const { yields } = interpreter.frame;
  yields.push(
    ...(node.asteriskToken === undefined
      ? [value]
      : (itemsOf(value) ?? [unknown("it is not known what is given on", node)])),
  );
  if (yields.length >= MAX_YIELDS) throw new Thrown();
  return unknown("what a generator is sent is not followed", node);
}

function bindParameters(
  interpreter: Interpreter,
  { node, self }: FunctionValue,
  args: readonly Value[],
  scope: Scope,
): void {
  for (const [index, parameter] of node.parameters.entries()) {
    if (parameter.dotDotDotToken !== undefined) {
      bind(interpreter, parameter.name, list(args.slice(index), interpreter.certainty), scope);
      continue;
    }
    const given = args[index] ?? UNDEFINED;
    const isMissing = given.type === "const" && given.value === undefined;
    const value = isMissing && parameter.initializer ? interpreter.evaluate(parameter.initializer, scope) : given;
    bind(interpreter, parameter.name, value, scope);
    // `constructor(private readonly name: string)`
    const isField = ts.isParameter(parameter) && parameter.modifiers !== undefined && self?.type === "instance";
    if (isField && ts.isIdentifier(parameter.name)) self.fields.values.set(parameter.name.text, value);
  }
}

/** A function expression can call itself by its own name. */
function declareItself(interpreter: Interpreter, fn: FunctionValue, scope: Scope): void {
  if (!ts.isFunctionExpression(fn.node) || fn.node.name === undefined) return;
  const symbol = symbolOf(interpreter.checker, fn.node.name);
  if (symbol !== undefined) scope.declare(symbol, fn);
}

function bodyOf(node: ts.SignatureDeclaration): ts.ConciseBody | undefined {
  return "body" in node ? node.body : undefined;
}

function isGenerator(node: ts.SignatureDeclaration): boolean {
  return (
    (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node)) &&
    node.asteriskToken !== undefined
  );
}
