import type { DagModel } from "#core/model/dag.js";
import type { SourcePoint } from "#core/model/source.js";
import type { ParamSpecs } from "../params/paramSpecs.js";
import type { DagPolicy, TaskPolicy } from "../authoring/taskPolicy.js";

/** What the engine must know of a DAG to schedule it: plain JSON, tasks named by their position. */
export interface Plan {
  readonly dag_id: string;
  readonly policy: DagPolicy;
  readonly tasks: readonly PlanTask[];
  /** Those that are mapped over; no mapped group lies in another one. */
  readonly groups: readonly PlanGroup[];
  /** Who is told of the end of a run; left out: nobody. */
  readonly callbacks?: readonly ("on_success" | "on_failure")[];
}

/** A mapped task group: each of its tasks has an instance for every combination of the axes' values. */
export interface PlanGroup {
  readonly group_id: string;
  /** As those of a task. */
  readonly axes: readonly Axis[];
}

export interface PlanTask extends TaskPolicy {
  readonly task_id: string;
  /** Position in the plan of the mapped group around the task; null where there is none. */
  readonly group: number | null;
  readonly upstream: readonly number[];
  readonly downstream: readonly number[];
  /** Null where the task is not mapped; else one entry an input, the last varies fastest. */
  readonly axes: readonly Axis[] | null;
  /** Equal in every process that executes the DAG file, or the graph is not deterministic. */
  readonly fingerprint: string;
  /** Who is told of a failure also where the instance's process cannot do it; left out: nobody. */
  readonly callbacks?: readonly ("on_failure" | "on_retry")[];
  readonly at?: SourcePoint;
}

export function taskAt({ tasks }: Plan, position: number): PlanTask {
  const task = tasks[position];
  if (!task) throw new RangeError(`no task ${String(position)} in the plan`);
  return task;
}

/** True where a task is mapped itself or stands in a mapped group. */
export function hasInstances({ axes, group }: PlanTask): boolean {
  return axes !== null || group !== null;
}

/** True of a sensor that ends between two looks and goes on with the same try. */
export function looksAgain(task: PlanTask | undefined): boolean {
  return task?.sensor?.mode === "reschedule";
}

/** How many values one mapped input contributes: known from the code, or when `task` has run. */
export type Axis =
  /** `items`: tasks each of which gives one of its values; only of the list that `expand_kwargs` takes. */
  | { readonly type: "fixed"; readonly length: number; readonly items?: readonly number[] }
  | { readonly type: "result"; readonly task: number }
  /** As long as its shortest part, or, where a `fillvalue` stands for what is missing, its longest. */
  | { readonly type: "zip"; readonly of: readonly Axis[]; readonly isFilled: boolean }
  | { readonly type: "concat"; readonly of: readonly Axis[] };

/** The tasks whose results an axis is made of: it has no values before all of them have theirs. */
export function sourcesOf(axis: Axis): readonly number[] {
  switch (axis.type) {
    case "fixed":
      return axis.items ?? [];
    case "result":
      return [axis.task];
    case "zip":
    case "concat":
      return axis.of.flatMap(sourcesOf);
  }
}

/** Number of values of an axis; null where a task that it needs has none. */
export function axisLength(axis: Axis, resultLength: (task: number) => number | null): number | null {
  switch (axis.type) {
    case "fixed":
      return axis.length;
    case "result":
      return resultLength(axis.task);
    case "zip": {
      const lengths = allKnown(axis.of.map((part) => axisLength(part, resultLength)));
      return lengths && (axis.isFilled ? Math.max(...lengths) : Math.min(...lengths));
    }
    case "concat":
      return allKnown(axis.of.map((part) => axisLength(part, resultLength)))?.reduce((a, b) => a + b, 0) ?? null;
  }
}

function allKnown(lengths: readonly (number | null)[]): readonly number[] | null {
  return lengths.every((length) => length !== null) ? lengths : null;
}

/** What a worker tells of the DAG that it loaded. */
export interface LoadedDag {
  readonly model: DagModel;
  readonly plan: Plan;
  /** What the DAG declares; the run may give other values. */
  readonly params: ParamSpecs;
}

/** The first task that two executions of the same file do not agree on; null where they agree. */
export function findDisagreement(a: Plan, b: Plan): { task_id: string; at?: SourcePoint } | null {
  const length = Math.max(a.tasks.length, b.tasks.length);
  for (let position = 0; position < length; position++) {
    const one = a.tasks[position];
    const other = b.tasks[position];
    if (one?.fingerprint === other?.fingerprint) continue;
    const named = one ?? other;
    if (named) return { task_id: named.task_id, ...(named.at && { at: named.at }) };
  }
  return null;
}
