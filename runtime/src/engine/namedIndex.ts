import path from "node:path";
import { isMapped } from "#core/model/graph.js";
import type { RunRecord } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import { indexOfHandle } from "../store/handles.js";
import { RunReader } from "../store/readableCopy.js";
import { runsFolder } from "../store/runFolder.js";
import type { RunStore } from "../store/runStore.js";

/** How many runs are looked into for names: a task that none of them has named may never have run. */
const MOST_RUNS = 50;

/** Which instance a name has been that of. */
export interface NamedIndex {
  readonly name: string;
  readonly map_index: number;
  /** The run that it had the name in. */
  readonly run_id: string;
}

/**
 * The index behind a name, for a run that has no instances yet: that of the newest run in which instances of the task
 * have names.
 * @throws FanoutError `unknown-map-index`, `ambiguous-instance`
 */
export function namedIndex(
  home: string,
  runs: readonly RunRecord[],
  dag_id: string,
  task_id: string,
  name: string,
): NamedIndex {
  const newest = runs.filter((run) => run.dag_id === dag_id).sort((a, b) => b.start.localeCompare(a.start));
  const reader = new RunReader();
  try {
    for (const { run_id } of newest.slice(0, MOST_RUNS)) {
      const map_index = reader.read(path.join(runsFolder(home), run_id), (store) => find(store, task_id, name));
      if (map_index !== null) return { name, map_index, run_id };
    }
  } finally {
    reader.close();
  }
  const message = `No instance of task '${task_id}' has been named '${name}' yet.`;
  const advice = "Give the task a 'map_index_template' and run it once, or name the instance by its index.";
  throw new FanoutError("unknown-map-index", message, { advice });
}

/** Null where the run has no names for the task's instances. */
function find(store: RunStore, task_id: string, name: string): number | null {
  const { model } = store.run();
  const position = model.tasks.findIndex((node) => node.task_id === task_id);
  const node = model.tasks[position];
  if (!node) return null;
  const instances = store.progress(position);
  if (instances.every((one) => one.name === null)) return null;
  const count = store.tasks()[position]?.count ?? null;
  return indexOfHandle({ task_id, mapped: isMapped(node, model), count, instances }, name);
}
