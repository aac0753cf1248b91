import { ts } from "ts-morph";
import type { Completion, Interpreter, Leaves } from "../interpreter.js";
import { NORMAL } from "../interpreter.js";
import type { Cause, Scope } from "../scope.js";
import { symbolOf } from "../symbols.js";
import { UNDEFINED, union } from "../values.js";

const ORDER: readonly (Leaves | undefined)[] = [undefined, "try", "iteration", "loop", "function"];

/** Follows statements one by one; what comes after one that may have left happens only perhaps. */
export function executeAll(interpreter: Interpreter, statements: readonly ts.Statement[], scope: Scope): Completion {
  hoist(interpreter, statements, scope);
  return executeFrom(interpreter, statements, 0, scope);
}

function executeFrom(
  interpreter: Interpreter,
  statements: readonly ts.Statement[],
  start: number,
  scope: Scope,
): Completion {
  for (let index = start; index < statements.length; index++) {
    const statement = statements[index];
    if (statement === undefined || interpreter.isExhausted) return NORMAL;
    const { unreadCalls } = interpreter;
    const completion = interpreter.execute(statement, scope);
    if (completion.type !== "normal") return completion;
    // Within a `try`, what may fail may leave.
    const mayFail = interpreter.guards > 0 && interpreter.unreadCalls !== unreadCalls;
    const left = outermost(completion.perhaps, mayFail ? "try" : undefined);
    if (left === undefined) continue;
    const cause = perhapsLeft(statement);
    const rest = interpreter.perhaps(cause, () => executeFrom(interpreter, statements, index + 1, scope));
    return { ...rest, perhaps: outermost(left, rest.perhaps) };
  }
  return NORMAL;
}

function perhapsLeft(node: ts.Node): Cause {
  return { what: "condition", reason: "whether the code goes on after this depends on something unknown", node };
}

/** Function declarations have their value before the block begins. */
function hoist(interpreter: Interpreter, statements: readonly ts.Statement[], scope: Scope): void {
  for (const node of statements) {
    if (!ts.isFunctionDeclaration(node) || node.body === undefined || node.name === undefined) continue;
    const symbol = symbolOf(interpreter.checker, node.name);
    if (symbol !== undefined) scope.declare(symbol, { type: "function", node, scope, self: undefined });
  }
}

/** Where one of several ways was taken, but it is unknown which. */
export function join(interpreter: Interpreter, ways: readonly Completion[]): Completion {
  // A DAG that fails is none: where nothing catches it, only the ways that do not fail are of interest.
  const open = interpreter.guards > 0 ? [] : ways.filter((way) => way.type !== "throw");
  if (open.length > 0 && open.length < ways.length) return join(interpreter, open);
  // Whatever catches it has to know that this may fail, as a call may that is not read.
  if (ways.some((way) => way.type === "throw") && ways.some((way) => way.type !== "throw")) interpreter.unreadCalls++;
  const perhaps = ways.map((way) => way.perhaps).reduce(outermost, undefined);
  const [first = NORMAL] = ways;
  if (ways.every((way) => way.type === first.type && way.label === first.label)) {
    if (first.type !== "return") return { ...first, perhaps };
    return { type: "return", value: union(ways.map((way) => way.value ?? UNDEFINED)), perhaps };
  }
  for (const way of ways) if (way.type === "return") interpreter.frame.returns.push(way.value ?? UNDEFINED);
  return { type: "normal", perhaps: [...ways.map(leaves), perhaps].reduce(outermost, undefined) };
}

function leaves(completion: Completion): Leaves | undefined {
  if (completion.type === "normal") return undefined;
  if (completion.type === "throw") return "try";
  if (completion.type === "continue") return "iteration";
  return completion.type === "break" ? "loop" : "function";
}

export function outermost(one: Leaves | undefined, other: Leaves | undefined): Leaves | undefined {
  return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}
