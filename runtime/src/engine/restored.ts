import { type InstanceState, isFinished } from "#core/model/run.js";
import type { InstanceProgress, RunStore } from "../store/runStore.js";
import { instanceKey } from "./instances.js";
import type { Plan } from "./plan.js";
import type { Ending, RestoredTask } from "./taskProgress.js";

/** An instance that is to go on and has a past. */
export interface Unfinished {
  readonly task: number;
  readonly map_index: number;
  /** Of the try that it was in, or that came last; 0 where there was none. */
  readonly try_number: number;
  readonly state: InstanceState;
  /** As in `InstanceMore`. */
  readonly due: number | null;
  readonly base_try: number;
  readonly start: number | null;
}

/** Where a run stood when it was interrupted. */
export interface Restored {
  /** By position in the plan. */
  readonly tasks: readonly RestoredTask[];
  /** By `instanceKey`: instances that have not ended and of which something is known. */
  readonly unfinished: ReadonlyMap<string, Unfinished>;
  /** Every other row that there is, by position of its task. */
  readonly rows: readonly (readonly InstanceProgress[])[];
  /** Indexes that its map has no longer, by position of the task. */
  readonly removed: readonly (readonly number[])[];
}

/** Reads from the store how far a run has come; values stay where they are. */
export function readRestored(plan: Plan, store: RunStore): Restored {
  const counts = store.tasks();
  const all = plan.tasks.map((_, task) => store.progress(task));
  const rows = all.map((known) => known.filter(({ state }) => state !== "removed"));
  const open = rows.flat().filter(({ state }) => !isFinished(state));
  return {
    rows,
    removed: all.map((known) => known.filter(({ state }) => state === "removed").map(({ map_index }) => map_index)),
    tasks: rows.map((known, task) => ({ count: counts[task]?.count ?? null, ended: known.flatMap(endedOf) })),
    unfinished: new Map(open.map((row) => [instanceKey(row), unfinishedOf(row)])),
  };
}

function endedOf({ map_index, state, hasResult, more }: InstanceProgress): RestoredTask["ended"] {
  if (!isFinished(state)) return [];
  const { length, skips } = more;
  return [{ map_index, state: state as Ending, hasResult, length, skips }];
}

function unfinishedOf({ task, map_index, try_number, state, start, more }: InstanceProgress): Unfinished {
  return { task, map_index, try_number, state, start, due: more.due, base_try: more.base_try };
}
