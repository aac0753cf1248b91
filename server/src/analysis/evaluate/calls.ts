import { ts } from "ts-morph";
import { callApi, callApiMethod } from "../api/apiCalls.js";
import { createTask } from "../api/tasks.js";
import { callGroup } from "../api/groups.js";
import { callCollectionMethod, constructCollection } from "../builtins/collections.js";
import { callGlobal, newArray } from "../builtins/globals.js";
import { callListMethod } from "../builtins/lists.js";
import { callTextMethod } from "../builtins/texts.js";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { unwrap } from "../symbols.js";
import type { BoundMethodValue, FunctionValue, Value } from "../value.js";
import { UNDEFINED, isNullish, itemsOf, union, unknown } from "../values.js";
import { observeCondition, observeOperand } from "./conditions.js";
import { constructBase, instantiate, instantiateOperator } from "./instances.js";
import { callFunction } from "./functions.js";
import { callUnknown } from "./unknownCalls.js";
import { callVolatile } from "../volatility.js";

export function evaluateCall(interpreter: Interpreter, node: ts.CallExpression, scope: Scope): Value {
  const expression = unwrap(node.expression);
  if (expression.kind === ts.SyntaxKind.SuperKeyword) {
    return constructBase(interpreter, node, evaluateArguments(interpreter, node.arguments, scope), scope);
  }
  const callee = interpreter.evaluate(expression, scope);
  if (isNullish(callee) && (node.questionDotToken !== undefined || ts.isOptionalChain(node))) return UNDEFINED;
  const args = evaluateArguments(interpreter, node.arguments, scope);
  if (callee.type === "global") observeConversion(interpreter, callee.name, node.arguments[0], args[0]);
  return callVolatile(callee, node) ?? interpreter.call(callee, args, node);
}

/** `Boolean(x)` is a condition, and `Number(x)` calculates. */
function observeConversion(
  interpreter: Interpreter,
  name: string,
  node: ts.Expression | undefined,
  value: Value | undefined,
): void {
  if (node === undefined || value === undefined) return;
  if (name === "Boolean") observeCondition(interpreter, node, value);
  if (name === "Number") observeOperand(interpreter, node, value);
}

export function evaluateNew(interpreter: Interpreter, node: ts.NewExpression, scope: Scope): Value {
  const callee = interpreter.evaluate(node.expression, scope);
  const args = evaluateArguments(interpreter, node.arguments ?? [], scope);
  const isNow = args.length === 0 && callee.type === "global" && callee.name === "Date";
  return (isNow ? callVolatile(callee, node) : undefined) ?? interpreter.construct(callee, args, node);
}

function evaluateArguments(interpreter: Interpreter, nodes: readonly ts.Expression[], scope: Scope): Value[] {
  return nodes.flatMap((node) => {
    if (!ts.isSpreadElement(node)) return [interpreter.evaluate(node, scope)];
    const spread = interpreter.evaluate(node.expression, scope);
    observeOperand(interpreter, node.expression, spread);
    return itemsOf(spread) ?? [unknown("how many arguments this gives is not known before a run", node)];
  });
}

/** Calls whatever the value is. */
export function callValue(interpreter: Interpreter, callee: Value, args: readonly Value[], site: ts.Node): Value {
  switch (callee.type) {
    case "function":
      return callFunction(interpreter, callee, args, site);
    case "bound-method":
      return callMethod(interpreter, callee, args, site);
    case "api":
      return callApi(interpreter, callee.name, args, site);
    case "task-function":
      return createTask(interpreter, callee, args[0], site);
    case "group-function":
      return callGroup(interpreter, callee, args[0], site);
    case "global":
      return callGlobal(interpreter, callee.name, args, site) ?? callUnknown(interpreter, callee, args, site);
    case "union":
      return callAny(interpreter, callee.of, args, site);
    default:
      return callUnknown(interpreter, callee, args, site);
  }
}

/** One of several functions is called, and it is unknown which. */
function callAny(interpreter: Interpreter, callees: readonly Value[], args: readonly Value[], site: ts.Node): Value {
  const cause = {
    what: "call",
    reason: "which function is called here is not known before a run",
    node: site,
  } as const;
  return union(
    callees.map((callee, way) => interpreter.perhaps(cause, () => interpreter.call(callee, args, site), way)),
  );
}

function callMethod(interpreter: Interpreter, method: BoundMethodValue, args: readonly Value[], site: ts.Node): Value {
  const { receiver, name } = method;
  switch (receiver.type) {
    case "list":
      return callListMethod(interpreter, receiver, name, args, site);
    case "const":
    case "pattern":
      return callTextMethod(interpreter, receiver, name, args, site);
    case "collection":
      return callCollectionMethod(interpreter, receiver, name, args, site);
    case "function":
      return callFunctionMethod(interpreter, receiver, name, args, site);
    default:
      return callApiMethod(interpreter, receiver, name, args, site);
  }
}

function callFunctionMethod(
  interpreter: Interpreter,
  fn: FunctionValue,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const [self, ...rest] = args;
  const bound: FunctionValue = self === undefined ? fn : { ...fn, self };
  if (name === "bind" && rest.length === 0) return bound;
  if (name === "call") return interpreter.call(bound, rest, site);
  const given = itemsOf(rest[0]);
  if (name === "apply" && given !== undefined) return interpreter.call(bound, given, site);
  return callUnknown(interpreter, fn, args, site);
}

/** What `new` of whatever the value is gives. */
export function constructValue(interpreter: Interpreter, callee: Value, args: readonly Value[], site: ts.Node): Value {
  if (callee.type === "operator-class") return instantiateOperator(interpreter, callee, args, site);
  if (callee.type === "class") return instantiate(interpreter, callee, args, site);
  if (callee.type !== "global") return callUnknown(interpreter, callee, args, site);
  if (callee.name === "Array") return newArray(interpreter, args);
  const made = constructCollection(interpreter, callee.name, args);
  return made ?? unknown(`a '${callee.name}' is not followed`, site);
}
