import type { DagModel } from "#core/model/dag.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { RunAction } from "#core/model/runAction.js";
import type { PartTarget, RunStore } from "../../store/runStore.js";
import { coverOf, covers } from "../part.js";
import { markedBy } from "./marked.js";
import { type Selected, type Source, inOrder, rowsOf, selectInstances } from "./select.js";
import { withSetups } from "./setups.js";
import { withUnstarted } from "./unstarted.js";

type Store = Source & Pick<RunStore, "run">;

/** What an action changes. */
export interface Meant {
  readonly selected: readonly Selected[];
  /** What the run is for from then on, where it is one of a part of its DAG. */
  readonly part: readonly PartTarget[] | null;
}

export type MeantAction = Pick<RunAction, "name" | "selection" | "state">;

/**
 * All that an action changes: what a person names, and what that cannot run once more without. A run of a part of its
 * DAG gets that part of the rest which is cleared by name, and what that needs and has not run.
 * @throws FanoutError `unknown-task`, `unknown-map-index`, `ambiguous-instance`
 */
export function meantBy(model: DagModel, store: Store, action: MeantAction): Meant {
  const { selection } = action;
  const { part = null } = store.run();
  if (action.name === "mark") return { selected: markedBy(model, store, action, part), part };
  if (part === null || selection.task_id === undefined) {
    return { selected: withSetups(model, store, selectInstances(model, store, selection)), part };
  }
  const whole = withUnstarted(model, store);
  const selected = withSetups(model, store, selectInstances(model, whole, selection));
  const joined = [...part, ...outside(model, store, part, selected)];
  return { selected: inOrder([...selected, ...needed(model, whole, [part, joined])]), part: joined };
}

/** Of what is selected that which does not belong to the part, task by task: one by one where not all of it is. */
function outside(
  model: DagModel,
  store: Source,
  part: readonly PartTarget[],
  selected: readonly Selected[],
): readonly PartTarget[] {
  const cover = coverOf(model, part);
  const counts = store.tasks();
  const isNew = ({ task, map_index }: Selected): boolean => !covers(cover, task, map_index);
  return [...new Set(selected.filter(isNew).map(({ task }) => task))].flatMap((task): PartTarget[] => {
    const own = selected.filter((one) => one.task === task);
    const { task_id = "" } = model.tasks[task] ?? {};
    const isWhole = own.some(({ map_index }) => map_index === UNMAPPED_INDEX) || own.length === counts[task]?.count;
    if (isWhole) return [{ task_id, map_index: null }];
    return own.filter(isNew).map(({ map_index }) => ({ task_id, map_index }));
  });
}

/** What a part needs that it did not before, where it has not run. */
function needed(
  model: DagModel,
  whole: Source,
  [before, now]: readonly [readonly PartTarget[], readonly PartTarget[]],
): readonly Selected[] {
  const [known, cover] = [coverOf(model, before), coverOf(model, now)];
  return [...cover.keys()].flatMap((task) => {
    const node = model.tasks[task];
    const rows = node && known.get(task) !== null ? rowsOf(whole, node, task) : [];
    return rows.filter(({ state, map_index }) => {
      return state === "none" && covers(cover, task, map_index) && !covers(known, task, map_index);
    });
  });
}
