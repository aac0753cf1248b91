import { type MapCount, countLabel, groupMapCount, mapCount, tasksInGroup } from "#core/model/graph.js";
import { TEARDOWN_RULE } from "#core/model/triggerRule.js";
import type { FileFacts, InputFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import type { Value } from "../analysis/value.js";
import { code } from "./markdown.js";
import { type GroupInDag, type TaskInDag, groupsAt, tasksAt } from "./tasks.js";

/** More tasks than these (a loop) are counted, not listed. */
const shownTasks = 3;

/** Markdown about the tasks or groups that the name at `offset` stands for; undefined where it stands for none. */
export function hover(facts: FileFacts, offset: number, types: TypeQueries): string | undefined {
  const tasks = tasksAt(facts, offset);
  if (tasks.length > 0) return listed(tasks, "tasks", (each) => describe(each, types));
  const groups = groupsAt(facts, offset);
  return groups.length === 0 ? undefined : listed(groups, "groups", (each) => describeGroup(each, types));
}

function listed<T>(found: readonly T[], what: string, describeOne: (each: T) => string): string {
  const parts = found.slice(0, shownTasks).map(describeOne);
  const hidden = found.length - parts.length;
  return [...parts, ...(hidden > 0 ? [`… and ${hidden} more ${what}.`] : [])].join("\n\n---\n\n");
}

function describeGroup({ group, dag }: GroupInDag, types: TypeQueries): string {
  const { group_id } = group.node;
  const inside = tasksInGroup(dag.model, group_id).map(code).join(", ");
  const count = groupMapCount(group.node, dag.model);
  const lines = [
    `**${code(group_id)}**${labelOf(count)} — task group in DAG ${code(dag.model.dag_id)}`,
    ...(isZero(count) ? ["Nothing to map over: its tasks will be skipped."] : []),
    ...inputLines(group, types),
    inside === "" ? "It has no tasks." : `Tasks ${inside}`,
  ];
  return lines.join("\n\n");
}

function labelOf(count: MapCount | null): string {
  return count === null ? "" : ` ${code(isZero(count) ? "[0]" : countLabel(count))}`;
}

function isZero(count: MapCount | null): boolean {
  return count?.type === "known" && count.count === 0;
}

/** What a task is to others. */
const ROLES = {
  setup: ["Prepares what other tasks need (setup ↗)."],
  teardown: ["Cleans up once everything before it has ended (teardown ↘)."],
} as const;

function describe({ task, dag }: TaskInDag, types: TypeQueries): string {
  const count = mapCount(task.node, dag.model);
  const { role } = task.node;
  const kind = task.kind === "task" ? "task" : task.node.operator;
  const lines = [
    `**${code(task.node.task_id)}**${labelOf(count)} — ${code(kind)} in DAG ${code(dag.model.dag_id)}`,
    ...(task.node.certainty === "maybe" ? ["It depends on a condition whether this task exists."] : []),
    ...(role === undefined ? [] : ROLES[role]),
    ...(isZero(count) ? ["Nothing to map over: this task will be skipped."] : []),
    ...inputLines(task, types),
    optionLine({ task, dag }),
  ];
  return lines.join("\n\n");
}

function inputLines(task: TaskInDag["task"] | GroupInDag["group"], types: TypeQueries): readonly string[] {
  const mapped = task.mapping?.inputs ?? [];
  const shared = task.inputs.filter((input) => !mapped.includes(input));
  const rows = [
    ...mapped.map((input) => inputRow(input, task.mapping?.kind ?? "expand", types)),
    ...shared.map((input) => inputRow(input, task.mapping === null ? "" : "partial", types)),
  ];
  return rows.length === 0 ? [] : [rows.join("\n")];
}

function inputRow(input: InputFacts, from: string, types: TypeQueries): string {
  const where = from === "" ? "" : ` _(${from})_`;
  return `- ${code(input.name)} ← ${sourceOf(input, types)}${where}`;
}

function sourceOf({ value, expression }: InputFacts, types: TypeQueries): string {
  const upstream = [...new Set(upstreamIds(value))].map(code).join(", ");
  if (upstream === "") return code(shorten(expression.getText()));
  const type = types.resultType(expression);
  return type === undefined ? upstream : `${upstream}: ${code(shorten(type))}`;
}

function upstreamIds(value: Value): readonly string[] {
  switch (value.type) {
    case "xcom":
      return [...(value.task === undefined ? [] : [value.task.task_id]), ...value.of.flatMap(upstreamIds)];
    case "list":
      return value.items.flatMap(upstreamIds);
    case "dict":
      return [...value.entries.values()].flatMap((entry) => upstreamIds(entry.value));
    case "operator":
      return upstreamIds(value.output);
    default:
      return [];
  }
}

function optionLine({ task }: TaskInDag): string {
  const retries = task.options.find((option) => option.name === "retries");
  const text = retries === undefined ? "0" : retries.expression.getText();
  // The name that Airflow has for it, which nobody can choose.
  const rule = task.node.role === "teardown" ? TEARDOWN_RULE : task.node.trigger_rule;
  return `Retries ${code(shorten(text))} · trigger rule ${code(rule)}`;
}

function shorten(text: string): string {
  const oneLine = text.replace(/\s+/g, " ");
  return oneLine.length > 80 ? `${oneLine.slice(0, 79)}…` : oneLine;
}
