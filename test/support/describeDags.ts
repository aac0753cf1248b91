import type { DagModel, MapSource, TaskNode } from "#core/model/dag.js";
import type { FileFacts } from "../../server/src/analysis/facts.js";

/** A line for each DAG and each of its tasks: `adder`, `add[x=3]`, `total <- add`, `perhaps?`, `unresolved: loop`. */
export function describeDags(facts: FileFacts): string[] {
  return facts.dags.flatMap(({ model }) => [model.dag_id, ...describeTasks(model)]);
}

function describeTasks(model: DagModel): string[] {
  const unresolved = [...new Set(model.unresolved.map(({ what }) => what))].sort();
  const lines = model.tasks.map((task) => describeTask(model, task));
  return unresolved.length === 0 ? lines : [...lines, `unresolved: ${unresolved.join(", ")}`];
}

function describeTask(model: DagModel, task: TaskNode): string {
  const upstream = model.edges.filter(({ to }) => to === task.task_id).map(({ from }) => from);
  const certainty = { exact: "", maybe: "?", pattern: "*" }[task.certainty];
  const mapping =
    task.mapping === null
      ? ""
      : `[${task.mapping.inputs.map((input) => `${input.name}=${describeSource(input.source)}`).join(", ")}]`;
  return `${task.task_id}${mapping}${certainty}${upstream.length === 0 ? "" : ` <- ${upstream.join(", ")}`}`;
}

function describeSource(source: MapSource): string {
  if (source.type === "unresolved") return "unknown";
  if (source.type === "literal") return String(source.length);
  return source.length === undefined ? source.upstream.join("+") : `${source.upstream.join("+")}:${source.length}`;
}
