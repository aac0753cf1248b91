import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import { type InstanceProgress, NOTHING_MORE } from "../../store/runStore.js";
import type { Source } from "./select.js";

/** The same, with instances that have come to nothing yet. What is not expanded has one in place of all. */
export function withUnstarted(model: DagModel, store: Source): Source {
  const counts = store.tasks();
  return {
    tasks: () => counts,
    errorCodes: (task, state) => store.errorCodes(task, state),
    progress: (task) => {
      const rows = store.progress(task);
      const known = new Set(rows.map(({ map_index }) => map_index));
      const node = model.tasks[task];
      const count = node && isMapped(node, model) ? (counts[task]?.count ?? null) : null;
      const all = count === null ? [UNMAPPED_INDEX] : Array.from({ length: count }, (_, index) => index);
      const missing = all.filter((map_index) => !known.has(map_index)).map((index) => unstarted(task, index));
      const isKnown = rows.some(({ state }) => state !== "removed");
      return count === null && isKnown ? rows : [...rows, ...missing];
    },
  };
}

function unstarted(task: number, map_index: number): InstanceProgress {
  const nothing = { name: null, try_number: 0, start: null, duration_ms: null, hasResult: false, more: NOTHING_MORE };
  return { task, map_index, state: "none", ...nothing };
}
