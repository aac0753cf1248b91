import { crc32 } from "node:zlib";
import type { SourcePoint } from "#core/model/source.js";
import { isDict, referenceOf } from "../authoring/brand.js";
import type {
  DagDeclaration,
  GroupDeclaration,
  MappingDeclaration,
  Reference,
  TaskDeclaration,
} from "../authoring/declaration.js";
import type { TaskPolicy } from "../authoring/taskPolicy.js";
import { type Axis, type Plan, type PlanGroup, type PlanTask, sourcesOf } from "../engine/plan.js";
import { describeJson } from "./json.js";
import { type Neighbours, neighboursOf } from "./neighbours.js";
import { TaskNames } from "./taskNames.js";

/** What the engine needs of a declaration that only this process can look into. */
export function buildPlan(dag: DagDeclaration): Plan {
  const positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
  const neighbours = (task_id: string, side: keyof Neighbours): number[] =>
    (neighboursOf(dag)[side].get(task_id) ?? []).map((id) => positionOf(positions, id));
  const names = new TaskNames(dag);
  const mapped = dag.groups.filter(({ mapping }) => mapping !== null);
  const groups = mapped.map(({ group_id, mapping }): PlanGroup => {
    return { group_id, axes: axesOf(mapping, (id) => positionOf(positions, id)) ?? [] };
  });
  const tasks = dag.tasks.map((task, position): PlanTask => {
    const upstream = neighbours(task.task_id, "upstream");
    const { task_id, at } = task;
    const axes = axesOf(task.mapping, (id) => positionOf(positions, id));
    const around = names.mappedGroupOf(position);
    const group = around === null ? null : mapped.indexOf(around);
    const fingerprint = fingerprintOf(task, { upstream, axes, group: groups[group ?? -1] ?? null, around });
    const downstream = neighbours(task_id, "downstream");
    const callbacks = (["on_failure", "on_retry"] as const).filter((name) => task.callbacks[name].length > 0);
    return { ...policyOf(task), task_id, group, upstream, downstream, axes, fingerprint, callbacks, ...pointOf(at) };
  });
  const callbacks = (["on_success", "on_failure"] as const).filter((name) => dag.callbacks[name].length > 0);
  return { dag_id: dag.dag_id, policy: dag.policy, tasks, groups, callbacks };
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
    case "mapped_argument":
      throw new RangeError(`an argument of group '${reference.group_id}' cannot be mapped over`);
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

/** Of a declaration only what is plain JSON. */
function policyOf(task: TaskDeclaration): TaskPolicy {
  const { trigger_rule, do_xcom_push, multiple_outputs, retries, retryDelayMs, retryBackoff, maxRetryDelayMs } = task;
  const { executionTimeoutMs, pool, pool_slots, priority_weight, weight_rule } = task;
  const { max_active_tis_per_dag, max_active_tis_per_dagrun, depends_on_past, ignore_first_depends_on_past } = task;
  const { wait_for_downstream, wait_for_past_depends_before_skipping, startDateMs, endDateMs } = task;
  const { role, on_failure_fail_dagrun, sensor } = task;
  return {
    ...{ trigger_rule, do_xcom_push, multiple_outputs, retries, retryDelayMs, retryBackoff, maxRetryDelayMs },
    ...{ executionTimeoutMs, pool, pool_slots, priority_weight, weight_rule },
    ...{ max_active_tis_per_dag, max_active_tis_per_dagrun, depends_on_past, ignore_first_depends_on_past },
    ...{ wait_for_downstream, wait_for_past_depends_before_skipping, startDateMs, endDateMs },
    ...{ role, on_failure_fail_dagrun, sensor },
  };
}

/** Where a task stands in the graph. */
interface Place {
  readonly upstream: readonly number[];
  readonly axes: readonly Axis[] | null;
  /** The mapped group around it, in the plan and as it was declared. */
  readonly group: PlanGroup | null;
  readonly around: GroupDeclaration | null;
}

/** Values of `partial` are left out: they may hold a time or a random number without harm to the graph. */
function fingerprintOf(task: TaskDeclaration, place: Place): string {
  const { task_id, group_id, operator, inputs, mapping, control, map_index_template } = task;
  const facts = [task_id, group_id, operator, policyOf(task), control, map_index_template, Object.keys(inputs)];
  const { upstream, axes, group, around } = place;
  const described = [mapping, around?.mapping].map((one) => (one ? describeJson(one.inputs) : ""));
  const text = `${JSON.stringify([facts, upstream, axes, group])}${described.join("")}`;
  // Node's hashes take longer to load than most graphs do.
  return `${text.length}-${crc32(text)}`;
}
