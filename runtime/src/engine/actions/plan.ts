import type { InstanceState } from "#core/model/run.js";
import type { PlannedTask } from "#core/model/runAction.js";
import { RunReader } from "../../store/readableCopy.js";
import { existingRunFolder } from "../../store/runFolder.js";
import { type MeantAction, meantBy } from "./meant.js";
import type { Selected } from "./select.js";

/**
 * What an action would change, without changing anything.
 * @throws FanoutError `unknown-run`, `unknown-task`, `unknown-map-index`
 */
export function planAction(home: string, run_id: string, action: MeantAction): readonly Selected[] {
  const reader = new RunReader();
  try {
    return reader.read(existingRunFolder(home, run_id), (store) => meantBy(store.run().model, store, action).selected);
  } finally {
    reader.close();
  }
}

/** Of each task so many instances are named. */
const MOST_NAMED = 10;

/** The same by task, as short as it is for 100,000 instances. */
export function planByTask(home: string, run_id: string, action: MeantAction): readonly PlannedTask[] {
  const tasks = new Map<string, { readonly counts: Counts; readonly first: PlannedTask["first"][number][] }>();
  for (const { task_id, map_index, state } of planAction(home, run_id, action)) {
    const task = tasks.get(task_id) ?? { counts: {}, first: [] };
    tasks.set(task_id, task);
    task.counts[state] = (task.counts[state] ?? 0) + 1;
    if (task.first.length < MOST_NAMED) task.first.push({ map_index, state });
  }
  return [...tasks].map(([task_id, planned]) => ({ task_id, ...planned }));
}

type Counts = Partial<Record<InstanceState, number>>;
