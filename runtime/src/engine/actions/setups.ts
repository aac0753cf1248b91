import type { DagModel, TaskNode } from "#core/model/dag.js";
import { ancestors, descendants } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import { instanceKey } from "../instances.js";
import { type Selected, type Source, inOrder, isBeside, rowsOf } from "./select.js";

/** A setup, what cleans up after it, and what needs it meanwhile. */
interface Scope {
  readonly setup: TaskNode;
  readonly teardowns: readonly TaskNode[];
  readonly work: ReadonlySet<string>;
}

/**
 * What is to run once more finds its setups torn down, so they do, too, and so do the teardowns of each setup that
 * does. Source: Airflow's `partial_subset` and `get_upstreams_only_setups_and_teardowns`.
 */
export function withSetups(model: DagModel, store: Source, selected: readonly Selected[]): readonly Selected[] {
  const all = new Map(selected.map((one) => [instanceKey(one), one]));
  const take = (node: TaskNode, neededBy: readonly Selected[]): readonly Selected[] => {
    const taken = needed(model, store, node, neededBy);
    for (const one of taken) all.set(instanceKey(one), one);
    return taken;
  };
  for (const { setup, teardowns, work } of scopesOf(model)) {
    const itself = selected.filter(({ task_id }) => task_id === setup.task_id);
    const cleared = [
      ...itself,
      ...take(
        setup,
        selected.filter(({ task_id }) => work.has(task_id)),
      ),
    ];
    for (const teardown of teardowns) take(teardown, cleared);
  }
  return inOrder([...all.values()]);
}

/** The teardowns of a setup: those that come right after it. */
export function teardownsOf({ tasks, edges }: DagModel, setup: TaskNode): readonly TaskNode[] {
  const after = new Set(edges.filter(({ from }) => from === setup.task_id).map(({ to }) => to));
  return tasks.filter(({ task_id, role }) => role === "teardown" && after.has(task_id));
}

/** As for what waits for a setup: one that no teardown follows is one for everything behind it. */
function scopesOf(model: DagModel): readonly Scope[] {
  const setups = model.tasks.filter(({ role }) => role === "setup");
  const kinds = new Map(model.tasks.map(({ task_id, role }) => [task_id, role]));
  return setups.map((setup) => {
    const teardowns = teardownsOf(model, setup);
    const before = new Set(teardowns.flatMap(({ task_id }) => ancestors(model, task_id)));
    const isWork = (id: string): boolean => kinds.get(id) === undefined && (teardowns.length === 0 || before.has(id));
    return { setup, teardowns, work: new Set(descendants(model, setup.task_id).filter(isWork)) };
  });
}

/** In a mapped group the instances of the same indexes, else all. */
function needed(model: DagModel, store: Source, node: TaskNode, by: readonly Selected[]): readonly Selected[] {
  if (by.length === 0) return [];
  const tasks = [...new Set(by.map(({ task }) => task))].flatMap((task) => model.tasks[task] ?? []);
  const indexes = new Set(by.map(({ map_index }) => map_index));
  const isAll = indexes.has(UNMAPPED_INDEX) || !tasks.every((one) => isBeside(model, one, node));
  return rowsOf(store, node, model.tasks.indexOf(node)).filter(
    ({ map_index }) => isAll || map_index === UNMAPPED_INDEX || indexes.has(map_index),
  );
}
