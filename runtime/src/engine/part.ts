import type { DagModel, TaskNode } from "#core/model/dag.js";
import { ancestors, isMapped } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import type { PartTarget } from "../store/runStore.js";
import { isBeside } from "./actions/select.js";
import { teardownsOf } from "./actions/setups.js";

/** Which instances of a task, by its position in the model; null: all of them. */
export type Cover = ReadonlyMap<number, ReadonlySet<number> | null>;

/**
 * What belongs to a run of a part of a DAG: the targets and what they need, and the teardowns of setups among that.
 * @throws FanoutError `unknown-task`, or `unknown-map-index` for an index of a task that has none.
 */
export function coverOf(model: DagModel, targets: readonly PartTarget[]): Cover {
  const cover = new Map<number, ReadonlySet<number> | null>();
  // Of tasks in a row the last brings along those before it.
  for (const { task_id, map_index } of targets.toReversed()) {
    const task = model.tasks.findIndex((one) => one.task_id === task_id);
    const node = model.tasks[task];
    if (!node) throw unknownTask(model, task_id);
    if (map_index !== null && !isMapped(node, model)) {
      throw new FanoutError("unknown-map-index", `Task '${task_id}' is not mapped, so it has no index.`);
    }
    if (cover.get(task) === null) continue;
    const before = new Set([task_id, ...ancestors(model, task_id)]);
    for (const [position, one] of model.tasks.entries()) {
      if (!before.has(one.task_id)) continue;
      const isAll = map_index === null || (one !== node && !isBeside(model, one, node));
      addTo(cover, position, isAll ? null : new Set([map_index]));
    }
  }
  addTeardowns(cover, model);
  return cover;
}

/** What stands for all instances of a task does so for some of them, too. */
export function covers(cover: Cover, task: number, map_index: number): boolean {
  const indexes = cover.get(task);
  return indexes === null || (indexes !== undefined && (map_index === UNMAPPED_INDEX || indexes.has(map_index)));
}

function addTeardowns(cover: Map<number, ReadonlySet<number> | null>, model: DagModel): void {
  const setups = model.tasks.flatMap((node, task) =>
    node.role === "setup" && cover.has(task) ? [{ node, task }] : [],
  );
  for (const { node, task } of setups) {
    for (const teardown of teardownsOf(model, node)) {
      const indexes = isBeside(model, node, teardown) ? (cover.get(task) ?? null) : null;
      addTo(cover, model.tasks.indexOf(teardown), indexes);
    }
  }
}

function addTo(
  cover: Map<number, ReadonlySet<number> | null>,
  task: number,
  indexes: ReadonlySet<number> | null,
): void {
  const known = cover.get(task);
  if (indexes === null || known === null) cover.set(task, null);
  else cover.set(task, new Set([...(known ?? []), ...indexes]));
}

function unknownTask({ dag_id, tasks }: { dag_id: string; tasks: readonly TaskNode[] }, task_id: string): FanoutError {
  return new FanoutError("unknown-task", `The DAG '${dag_id}' has no task '${task_id}'.`, {
    advice: `It has ${tasks.map((one) => `'${one.task_id}'`).join(", ")}.`,
  });
}
