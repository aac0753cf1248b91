import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { NOTHING_KNOWN, type RunStore } from "../../store/runStore.js";
import { resetInstance } from "../../store/resetInstance.js";
import type { Selected } from "./select.js";

/**
 * The instances are to run once more. A mapped task of which nothing is left is expanded anew; what stays of others keeps
 * its number until its source has another length.
 */
export function clearInstances(store: RunStore, model: DagModel, selected: readonly Selected[]): void {
  for (const { task, map_index } of selected) {
    const row = store.instance(task, map_index);
    if (row) resetInstance(store, row);
  }
  for (const task of new Set(selected.map((one) => one.task))) {
    const node = model.tasks[task];
    const isAllOpen = store.progress(task).every(({ state }) => state === "none" || state === "removed");
    if (node && isMapped(node, model) && isAllOpen) forgetLength(store, task);
  }
}

/** How long the map was can be seen where its last instance never ran, too: what it has no longer is to be told of. */
function forgetLength(store: RunStore, task: number): void {
  const last = (store.tasks()[task]?.count ?? 0) - 1;
  if (last >= 0 && store.instance(task, last) === null) {
    store.putInstance({ ...NOTHING_KNOWN, task, map_index: last, state: "removed" });
  }
  store.setCount(task, null);
}
