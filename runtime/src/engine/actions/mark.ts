import type { Mark } from "#core/model/runAction.js";
import { type InstanceRow, NOTHING_KNOWN, NOTHING_MORE, type RunStore } from "../../store/runStore.js";
import { keepTry } from "../../store/resetInstance.js";
import { wasStopped } from "../recover.js";
import { engineLost } from "../runErrors.js";
import type { Selected } from "./select.js";

/**
 * The instances count as ended so, whatever they have done, or though they have done nothing; what they returned stays.
 * Only they change: what was not run because of them is cleared for itself. Source: Airflow's `set_task_instance_state`.
 */
export function markInstances(store: RunStore, selected: readonly Selected[], state: Mark): void {
  const error = state === "failed" ? ({ code: "marked-failed", message: "Somebody marked it failed." } as const) : null;
  for (const { task, map_index } of selected) {
    const row = store.instance(task, map_index) ?? { ...NOTHING_KNOWN, task, map_index, state: "none" };
    if (isMarked(row, state)) continue;
    // What was under way when its engine was lost does not go on.
    keepTry(store, row.state === "running" ? { ...row, state: "failed", error: engineLost() } : row);
    const base_try = row.more?.base_try ?? 0;
    store.putInstance({ ...row, state, error, more: { ...(row.more ?? NOTHING_MORE), base_try, due: null } });
  }
}

/** What was stopped did not come to anything, though its row says that it has failed. */
function isMarked(row: Pick<InstanceRow, "state" | "error">, state: Mark): boolean {
  return row.state === state && !wasStopped(row);
}
