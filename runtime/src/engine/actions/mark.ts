import type { Mark } from "#core/model/runAction.js";
import type { RunStore } from "../../store/runStore.js";
import { type InstanceRow, NOTHING_MORE } from "../../store/runStore.js";
import { keepTry } from "../../store/resetInstance.js";
import { wasStopped } from "../recover.js";
import type { Selected } from "./select.js";

/**
 * The instances count as ended so, whatever they have done; what they returned stays. Only they change: what was not run
 * because of them is cleared by itself. Source: Airflow's `set_task_instance_state`.
 */
export function markInstances(store: RunStore, selected: readonly Selected[], state: Mark): void {
  for (const { task, map_index } of selected) {
    const row = store.instance(task, map_index);
    if (!row || isMarked(row, state)) continue;
    keepTry(store, row);
    const error =
      state === "failed" ? ({ code: "marked-failed", message: "Somebody marked it failed." } as const) : null;
    const base_try = row.more?.base_try ?? 0;
    store.putInstance({ ...row, state, error, more: { ...(row.more ?? NOTHING_MORE), base_try, due: null } });
  }
}

/** What was stopped did not come to anything, though its row says that it has failed. */
export function isMarked(row: Pick<InstanceRow, "state" | "error">, state: Mark): boolean {
  return row.state === state && !wasStopped(row);
}
