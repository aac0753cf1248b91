import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { FanoutError } from "../errors.js";
import type { RunRow, RunStore } from "../store/runStore.js";

const ADVICE = "Run the DAG anew, or bring back the tasks that the run began with.";

/**
 * Rows name tasks by their position.
 * @throws FanoutError `graph-changed`
 */
export function checkSameTasks({ model, run_id, file }: RunRow, now: DagModel): void {
  const before = model.tasks.map(({ task_id }) => task_id);
  const after = now.tasks.map(({ task_id }) => task_id);
  if (before.length === after.length && before.every((task_id, place) => task_id === after[place])) return;
  const gone = before.find((task_id) => !after.includes(task_id));
  const added = after.find((task_id) => !before.includes(task_id));
  const what = gone !== undefined ? `'${gone}' is gone` : added !== undefined ? `'${added}' is new` : "their order";
  throw new FanoutError("graph-changed", `The tasks of '${file}' are not those of run '${run_id}' any more: ${what}.`, {
    advice: ADVICE,
    ...(now.span && { at: now.span }),
  });
}

/**
 * Rows of a task that was not mapped are of another kind than those that it has where it is, and the other way round.
 * @throws FanoutError `graph-changed`, also where that is known only once its journals are read.
 */
export function checkSameKinds({ model, run_id }: RunRow, now: DagModel, store: Pick<RunStore, "progress">): void {
  const task = ofOtherKind(model, now).find((one) => store.progress(one).length > 0);
  const node = task === undefined ? undefined : now.tasks[task];
  if (!node) return;
  const what = isMapped(node, now) ? "was not mapped then, and is now" : "was mapped then, and is not any more";
  throw new FanoutError("graph-changed", `Task '${node.task_id}' has run in '${run_id}', but ${what}.`, {
    advice: ADVICE,
    ...(node.span && { at: node.span }),
  });
}

/** Nothing is known of the instances of such tasks, not even how many there are: they have not run. */
export function forgetCounts({ model }: RunRow, now: DagModel, store: Pick<RunStore, "setCount">): void {
  for (const task of ofOtherKind(model, now)) {
    const node = now.tasks[task];
    if (node) store.setCount(task, isMapped(node, now) ? null : 1);
  }
}

function ofOtherKind(before: DagModel, now: DagModel): readonly number[] {
  return now.tasks.flatMap((node, task) => {
    const known = before.tasks[task];
    return known && isMapped(known, before) !== isMapped(node, now) ? [task] : [];
  });
}
