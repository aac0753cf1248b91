import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Value } from "../value.js";
import { tasksOf, unknown } from "../values.js";

/** Functions of the language that only look at what they are given. */
const HARMLESS = /^(?:console\.|JSON\.|Math\.|Number|String|Boolean|Date|Error|URL|RegExp|structuredClone)/;

/** Of these, those that fail for what they are given. */
const MAY_FAIL = /^(?:JSON\.|URL|structuredClone)/;

/**
 * A call of code that is not read. Lists and dicts that it gets may be changed by it; functions that it gets may be
 * called any number of times; and where it gets tasks, the graph may hold more than reading sees.
 */
export function callUnknown(interpreter: Interpreter, callee: Value, args: readonly Value[], site: ts.Node): Value {
  const reason = reasonOf(callee);
  if (callee.type === "global" && HARMLESS.test(callee.name)) {
    if (MAY_FAIL.test(callee.name)) interpreter.unreadCalls++;
    return unknown(reason, site);
  }
  interpreter.unreadCalls++;
  if (callee.type !== "global") interpreter.observe("unread-call", site, callee);
  let tellsTasks = false;
  for (const arg of args) {
    if (arg.type === "list" || arg.type === "dict") arg.complete = false;
    if (arg.type === "partial") interpreter.findings.usePartial(arg);
    tellsTasks ||= isTaskLike(arg);
    if (arg.type === "function") followCallback(interpreter, arg, site);
  }
  if (tellsTasks) interpreter.dag?.addUnresolved({ what: "call", reason, node: interpreter.siteOf(site) ?? site });
  return unknown(reason, site);
}

function followCallback(interpreter: Interpreter, callback: Value, site: ts.Node): void {
  const cause = {
    what: "loop",
    reason: "how often this function is called is not known before a run",
    node: site,
  } as const;
  const example = unknown("it is given by code that is not read", site);
  interpreter.perhaps(cause, () => interpreter.call(callback, [example, example], site));
}

function isTaskLike(value: Value): boolean {
  const isApi = ["task-function", "group-function", "operator-class", "operator", "partial"].includes(value.type);
  return isApi || tasksOf(value).length > 0;
}

function reasonOf(callee: Value): string {
  if (callee.type === "unknown") return callee.reason;
  if (callee.type === "function") {
    return "body" in callee.node && callee.node.body
      ? "generators are not followed"
      : "the function's code is not read";
  }
  if (callee.type === "global") return `what '${callee.name}' gives is not known before a run`;
  return "this cannot be called";
}
