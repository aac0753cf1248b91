import type { RunErrorCode } from "#core/errorCodes.js";
import type { DagModel, TaskNode } from "#core/model/dag.js";
import { descendants, isMapped, mappedGroupOf } from "#core/model/graph.js";
import { type InstanceState, UNMAPPED_INDEX } from "#core/model/run.js";
import type { InstanceHandle, Selection } from "#core/model/runAction.js";
import { FanoutError } from "../../errors.js";
import { indexOfHandle } from "../../store/handles.js";
import type { RunStore } from "../../store/runStore.js";
import { instanceKey } from "../instances.js";

/** One instance that an action changes. */
export interface Selected {
  /** Position in the model. */
  readonly task: number;
  readonly task_id: string;
  readonly map_index: number;
  readonly name: string | null;
  readonly state: InstanceState;
  readonly try_number: number;
}

/** What is asked of a run's store. */
export type Source = Pick<RunStore, "progress" | "tasks" | "errorCodes">;

const FAILED: readonly InstanceState[] = ["failed", "upstream_failed"];
const ENDING: ReadonlySet<RunErrorCode> = new Set<RunErrorCode>(["fail-fast", "dagrun-timeout"]);

/**
 * The instances that a selection means, in order; where nothing else is said, of those that have come to anything.
 * @throws FanoutError `unknown-task`, `unknown-map-index`, `ambiguous-instance`
 */
export function selectInstances(
  model: DagModel,
  store: Source,
  selection: Selection,
  is: typeof hasRun = hasRun,
): readonly Selected[] {
  const { task_id, map_index: handle, downstream = false, only_failed = false } = selection;
  if (task_id === undefined && handle !== undefined) {
    throw new FanoutError("unknown-map-index", "Without a task there are no instances.", { advice: "Name the task." });
  }
  const chosen = task_id === undefined ? null : find(model, task_id);
  const index = chosen && handle !== undefined ? indexIn(model, store, chosen, handle) : null;
  const behind = new Set(chosen && downstream ? descendants(model, chosen.task_id) : []);
  return model.tasks.flatMap((node, task) => {
    const isChosen = chosen === null || node === chosen;
    if (!isChosen && !behind.has(node.task_id)) return [];
    const only = isChosen || isBeside(model, chosen, node) ? index : null;
    const named = rowsOf(store, node, task, is).filter((row) => isNamed(row, only));
    return only_failed ? named.filter(failedOf(store, task)) : named;
  });
}

/** The instances of a task, by how they stand. */
export function rowsOf(store: Source, { task_id }: TaskNode, task: number, is = hasRun): readonly Selected[] {
  const rows = store.progress(task).filter(is);
  return rows.map(({ map_index, name, state, try_number }) => ({ task, task_id, map_index, name, state, try_number }));
}

/** Whether it has come to anything: it is not cleared already, nor taken out of its map. */
function hasRun({ state, try_number }: Pick<Selected, "state" | "try_number">): boolean {
  return state !== "removed" && (state !== "none" || try_number === 0);
}

/** Whether its map has it. */
export function isThere({ state }: Pick<Selected, "state" | "try_number">): boolean {
  return state !== "removed";
}

/** As the run has them, each once. */
export function inOrder(selected: readonly Selected[]): readonly Selected[] {
  const all = new Map(selected.map((one) => [instanceKey(one), one]));
  return [...all.values()].sort((a, b) => a.task - b.task || a.map_index - b.map_index);
}

/** Both in the same mapped group, where an instance follows the one of its own index. */
export function isBeside(model: DagModel, one: TaskNode, other: TaskNode): boolean {
  const group = mappedGroupOf(model, one);
  return group !== null && mappedGroupOf(model, other) === group;
}

function isNamed({ map_index }: Selected, only: number | null): boolean {
  return only === null || map_index === only || map_index === UNMAPPED_INDEX;
}

/** Also of what was skipped where the first failure, or the time that the run took, ended it: it would have run else. */
function failedOf(store: Source, task: number): (one: Selected) => boolean {
  const codes = store.errorCodes(task, "skipped");
  return ({ map_index, state }) => {
    if (state !== "skipped") return FAILED.includes(state);
    const code = codes.get(map_index);
    return code !== undefined && ENDING.has(code);
  };
}

function find(model: DagModel, task_id: string): TaskNode {
  const node = model.tasks.find((one) => one.task_id === task_id);
  if (node) return node;
  throw new FanoutError("unknown-task", `The run has no task '${task_id}'.`, {
    advice: `It has ${model.tasks.map((one) => `'${one.task_id}'`).join(", ")}.`,
  });
}

/** What a map has no longer cannot be run once more, nor marked. */
function indexIn(model: DagModel, store: Source, node: TaskNode, handle: InstanceHandle): number {
  const position = model.tasks.indexOf(node);
  const { count = null } = store.tasks()[position] ?? {};
  const instances = store.progress(position).filter(({ state }) => state !== "removed");
  return indexOfHandle({ task_id: node.task_id, mapped: isMapped(node, model), count, instances }, handle);
}
