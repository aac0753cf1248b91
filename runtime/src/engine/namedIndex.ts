import path from "node:path";
import { isMapped } from "#core/model/graph.js";
import type { RunRecord } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import { type Numbered, digits, indexOfHandle, instancesNamed } from "../store/handles.js";
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

interface Expanded extends Numbered {
  readonly count: number;
}

/**
 * The index behind a name, for a run that has no instances yet: that of the newest run in which an instance had it, unless
 * a newer one named all of them otherwise. Digits are an index where the newest run that has instances of the task has
 * that one, and where nothing was named so.
 * @throws FanoutError `unknown-map-index`, `ambiguous-instance`
 */
export function namedIndex(
  home: string,
  runs: readonly RunRecord[],
  dag_id: string,
  task_id: string,
  name: string,
): NamedIndex | number {
  const index = digits(name);
  const newest = runs.filter((run) => run.dag_id === dag_id).sort((a, b) => b.start.localeCompare(a.start));
  const reader = new RunReader();
  let isNewest = true;
  try {
    for (const { run_id } of newest.slice(0, MOST_RUNS)) {
      const there = reader.read(path.join(runsFolder(home), run_id), (store) => instancesOf(store, task_id));
      if (!there) continue;
      if (isNewest && index !== null && index < there.count) return index;
      isNewest = false;
      const isNamed = instancesNamed(there.instances, name).length > 0;
      if (!isNamed && index !== null && knowsAllNames(there)) return index;
      if (isNamed || knowsAllNames(there)) return { name, map_index: indexOfHandle(there, name), run_id };
    }
  } finally {
    reader.close();
  }
  if (index !== null) return index;
  const message = `No instance of task '${task_id}' has been named '${name}' yet.`;
  const advice = "Give the task a 'map_index_template' and run it once, or name the instance by its index.";
  throw new FanoutError("unknown-map-index", message, { advice });
}

/** Null where the run has no instances of the task. */
function instancesOf(store: RunStore, task_id: string): Expanded | null {
  const { model } = store.run();
  const position = model.tasks.findIndex((node) => node.task_id === task_id);
  const node = model.tasks[position];
  const count = store.tasks()[position]?.count ?? 0;
  if (!node || count === 0) return null;
  return { task_id, mapped: isMapped(node, model), count, instances: store.progress(position) };
}

/** A run of one instance knows only the name of that one. */
function knowsAllNames({ count, instances }: Expanded): boolean {
  return instances.length >= count && instances.every(({ name }) => name !== null);
}
