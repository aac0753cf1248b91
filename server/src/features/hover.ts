import { countLabel, mapCount } from "#core/model/graph.js";
import type { FileFacts, InputFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import type { Value } from "../analysis/value.js";
import { code } from "./markdown.js";
import { type TaskInDag, tasksAt } from "./tasks.js";

/** More tasks than these (a loop) are counted, not listed. */
const shownTasks = 3;

/** Markdown about the tasks that the name at `offset` stands for; undefined where it stands for none. */
export function hover(facts: FileFacts, offset: number, types: TypeQueries): string | undefined {
  const found = tasksAt(facts, offset);
  if (found.length === 0) return undefined;
  const parts = found.slice(0, shownTasks).map((each) => describe(each, types));
  const hidden = found.length - parts.length;
  return [...parts, ...(hidden > 0 ? [`… and ${hidden} more tasks.`] : [])].join("\n\n---\n\n");
}

function describe({ task, dag }: TaskInDag, types: TypeQueries): string {
  const count = mapCount(task.node, dag.model);
  const label =
    count === null ? "" : ` ${code(count.type === "known" && count.count === 0 ? "[0]" : countLabel(count))}`;
  const kind = task.kind === "task" ? "task" : task.node.operator;
  const lines = [
    `**${code(task.node.task_id)}**${label} — ${code(kind)} in DAG ${code(dag.model.dag_id)}`,
    ...(task.node.certainty === "maybe" ? ["It depends on a condition whether this task exists."] : []),
    ...(count?.type === "known" && count.count === 0 ? ["Nothing to map over: this task will be skipped."] : []),
    ...inputLines(task, types),
    optionLine({ task, dag }),
  ];
  return lines.join("\n\n");
}

function inputLines(task: TaskInDag["task"], types: TypeQueries): readonly string[] {
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
  return `Retries ${code(shorten(text))} · trigger rule ${code(task.node.trigger_rule)}`;
}

function shorten(text: string): string {
  const oneLine = text.replace(/\s+/g, " ");
  return oneLine.length > 80 ? `${oneLine.slice(0, 79)}…` : oneLine;
}
