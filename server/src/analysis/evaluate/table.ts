import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";

/** How one kind of syntax is followed; undefined where the node is not of that kind after all. */
export type Handler<R> = (interpreter: Interpreter, node: ts.Node, scope: Scope) => R | undefined;

/** An entry of a table by syntax kind: ties the function to the kind of node that it takes. */
export function when<N extends ts.Node, R>(
  isKind: (node: ts.Node) => node is N,
  handle: (interpreter: Interpreter, node: N, scope: Scope) => R,
): Handler<R> {
  return (interpreter, node, scope) => (isKind(node) ? handle(interpreter, node, scope) : undefined);
}
