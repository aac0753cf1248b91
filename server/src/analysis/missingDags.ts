import { ts } from "ts-morph";
import type { Interpreter } from "./interpreter.js";
import { resolveAlias, symbolOf, unwrap } from "./symbols.js";

/** Says why a file that may be meant to have a DAG has none: looks for calls that were never reached. */
export function explainMissingDags(interpreter: Interpreter): void {
  const { findings, file } = interpreter;
  const calls: ts.CallExpression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isDagCall(interpreter, node)) calls.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const call of calls) {
    findings.addNote("dag() is called here, but in code that this file does not run by itself.", call);
  }
  if (calls.length === 0) findings.addNote("This file does not call the dag() of 'fanout'.", undefined);
}

function isDagCall({ checker, api }: Interpreter, call: ts.CallExpression): boolean {
  const callee = unwrap(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const symbol = ts.isIdentifier(name) ? symbolOf(checker, name) : undefined;
  const target = symbol && resolveAlias(checker, symbol);
  return target !== undefined && api.nameOf(target) === "dag";
}
