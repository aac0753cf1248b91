import { ts } from "ts-morph";
import type { InputFacts, TaskFacts } from "../../analysis/facts.js";
import type { Fix } from "../createRule.js";
import { addProperty, objectArgument, overrideOption, replace, taskExpression } from "./edits.js";

/** Where the task is told its trigger rule; undefined where it has the default, or one of `default_args`. */
export function triggerRuleOption(task: TaskFacts): InputFacts | undefined {
  return task.options.find(({ name }) => name === "trigger_rule");
}

/** The place to blame for a task's trigger rule. */
export function triggerRulePlace(task: TaskFacts): ts.Node {
  return triggerRuleOption(task)?.expression ?? taskExpression(task.origin) ?? task.origin;
}

/** Gives the task another trigger rule: where it is told one already, else at its call. */
export function changeTriggerRule(task: TaskFacts, rule: string, title: string): readonly Fix[] {
  const text = `"${rule}"`;
  const given = triggerRuleOption(task)?.expression;
  const file = task.site.getSourceFile();
  if (given !== undefined) {
    const isWritten = ts.isStringLiteralLike(given) && given.getSourceFile() === file;
    return isWritten ? [{ title, edits: [replace(given, text)] }] : [];
  }
  // What stands in a helper's file, or is called from several places, makes other tasks too.
  if (task.origin !== task.site) return [];
  const edit = task.kind === "operator" ? addArgument(task, text) : override(task, text);
  return edit === undefined ? [] : [{ title, edits: [edit] }];
}

function override(task: TaskFacts, text: string) {
  const called = taskExpression(task.origin);
  return called && overrideOption(called, `trigger_rule: ${text}`);
}

function addArgument(task: TaskFacts, text: string) {
  const made = task.mapping === null ? task.origin : task.mapping.partial?.call;
  const argument = objectArgument(made);
  return argument && addProperty(argument, `trigger_rule: ${text}`);
}
