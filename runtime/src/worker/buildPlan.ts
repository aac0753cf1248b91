import { createHash } from "node:crypto";
import type { SourcePoint } from "#core/model/source.js";
import { isDict, referenceOf } from "../authoring/brand.js";
import type {
  DagDeclaration,
  EdgeDeclaration,
  MappingDeclaration,
  Reference,
  TaskDeclaration,
} from "../authoring/declaration.js";
import { type Axis, type Plan, type PlanTask, sourcesOf } from "../engine/plan.js";
import { describeJson } from "./json.js";

/** What the engine needs of a declaration that only this process can look into. */
export function buildPlan(dag: DagDeclaration): Plan {
  const positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
  const edgesBy = { from: groupEdges(dag.edges, "from"), to: groupEdges(dag.edges, "to") };
  const neighbours = (task_id: string, near: "from" | "to", far: "from" | "to"): number[] =>
    (edgesBy[near].get(task_id) ?? []).map((edge) => positionOf(positions, edge[far]));
  const tasks = dag.tasks.map((task): PlanTask => {
    const upstream = neighbours(task.task_id, "to", "from");
    const { task_id, trigger_rule, retries, retryDelayMs, at } = task;
    const axes = axesOf(task.mapping, (id) => positionOf(positions, id));
    const fingerprint = fingerprintOf(task, upstream, axes);
    const downstream = neighbours(task_id, "from", "to");
    return { task_id, trigger_rule, retries, retryDelayMs, upstream, downstream, axes, fingerprint, ...pointOf(at) };
  });
  return { dag_id: dag.dag_id, tasks };
}

function groupEdges(edges: readonly EdgeDeclaration[], end: "from" | "to"): Map<string, EdgeDeclaration[]> {
  const groups = new Map<string, EdgeDeclaration[]>();
  for (const edge of edges) {
    const group = groups.get(edge[end]);
    if (group) group.push(edge);
    else groups.set(edge[end], [edge]);
  }
  return groups;
}

function pointOf(at: SourcePoint | undefined): { at?: SourcePoint } {
  return at ? { at } : {};
}

function positionOf(positions: ReadonlyMap<string, number>, task_id: string): number {
  const position = positions.get(task_id);
  if (position === undefined) throw new RangeError(`no task '${task_id}' in the declaration`);
  return position;
}

function axesOf(mapping: MappingDeclaration | null, position: (task_id: string) => number): Axis[] | null {
  return mapping && Object.values(mapping.inputs).map((source) => axisOf(source, mapping.kind, position));
}

function axisOf(source: unknown, kind: MappingDeclaration["kind"], position: (task_id: string) => number): Axis {
  const reference = referenceOf(source);
  if (reference) return referenceAxis(reference, position);
  if (!Array.isArray(source)) return { type: "fixed", length: isDict(source) ? Object.keys(source).length : 0 };
  if (kind === "expand") return { type: "fixed", length: source.length };
  // As Airflow: a dict that a task gives as one item of the list is as much mapped over as a whole list of them.
  const items = source.flatMap((item) => {
    const given = referenceOf(item);
    return given ? sourcesOf(referenceAxis(given, position)) : [];
  });
  return { type: "fixed", length: source.length, ...(items.length > 0 && { items }) };
}

function referenceAxis(reference: Reference, position: (task_id: string) => number): Axis {
  switch (reference.type) {
    case "task":
      return { type: "result", task: position(reference.task_id) };
    case "map":
      return referenceAxis(reference.of, position);
    case "zip": {
      const of = reference.of.map((part) => referenceAxis(part, position));
      return { type: "zip", of, isFilled: "fillvalue" in reference };
    }
    case "concat":
      return { type: "concat", of: reference.of.map((part) => referenceAxis(part, position)) };
  }
}

/** Values of `partial` are left out: they may hold a time or a random number without harm to the graph. */
function fingerprintOf(task: TaskDeclaration, upstream: readonly number[], axes: readonly Axis[] | null): string {
  const { task_id, group_id, operator, trigger_rule, retries, retryDelayMs, do_xcom_push, inputs, mapping, control } =
    task;
  const facts = [
    task_id,
    group_id,
    operator,
    trigger_rule,
    retries,
    retryDelayMs,
    do_xcom_push,
    control,
    Object.keys(inputs),
  ];
  const text = `${JSON.stringify([facts, upstream, axes])}${mapping ? describeJson(mapping.inputs) : ""}`;
  return createHash("sha1").update(text).digest("base64url");
}
