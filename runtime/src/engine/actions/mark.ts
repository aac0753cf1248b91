import type { Mark } from "#core/model/runAction.js";
import type { RunStore } from "../../store/runStore.js";
import { NOTHING_MORE, tryOfRow } from "../../store/runStore.js";
import type { Selected } from "./select.js";

/**
 * The instances count as ended so, whatever they have done; what they returned stays. Only they change: what was not run
 * because of them is cleared by itself. Source: Airflow's `set_task_instance_state`.
 */
export function markInstances(store: RunStore, selected: readonly Selected[], state: Mark): void {
  for (const { task, map_index } of selected) {
    const row = store.instance(task, map_index);
    if (!row || row.state === state) continue;
    if (row.try_number > 0) store.putTry(tryOfRow(row));
    const error =
      state === "failed" ? ({ code: "marked-failed", message: "Somebody marked it failed." } as const) : null;
    const base_try = row.more?.base_try ?? 0;
    store.putInstance({ ...row, state, error, more: { ...(row.more ?? NOTHING_MORE), base_try, due: null } });
  }
}
