import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { Mark, Selection } from "#core/model/runAction.js";
import { FanoutError } from "../../errors.js";
import type { PartTarget } from "../../store/runStore.js";
import { isStop } from "../recover.js";
import { coverOf, covers } from "../part.js";
import { type Selected, type Source, isThere, selectInstances } from "./select.js";
import { withUnstarted } from "./unstarted.js";

/**
 * What a mark changes: what has run otherwise, was stopped, or belongs to the run and has not run yet. Source: Airflow's
 * `set_state`, which takes all instances that there are.
 * @throws FanoutError as `selectInstances`, and `unknown-map-index` where nobody knows yet which instances there are.
 */
export function markedBy(
  model: DagModel,
  store: Source,
  { selection, state }: { readonly selection: Selection; readonly state?: Mark },
  part: readonly PartTarget[] | null,
): readonly Selected[] {
  const cover = part && coverOf(model, part);
  const all = selectInstances(model, withUnstarted(model, store), selection, isThere);
  const isOpen = ({ task, map_index }: Selected): boolean => cover === null || covers(cover, task, map_index);
  const meant = all.filter((one) => one.state !== "none" || isOpen(one));
  const [uncounted, counted] = divide(meant, (one) => one.state === "none" && !isCounted(model, store, one));
  const unknown = uncounted.find(({ task_id }) => task_id === selection.task_id);
  if (unknown) throw notExpanded(unknown.task_id);
  return state === undefined ? counted : counted.filter(isChangedBy(state, store));
}

/** Also of what is cleared, a map of another length than before may come. */
function isCounted(model: DagModel, store: Source, { task, map_index }: Selected): boolean {
  const node = model.tasks[task];
  if (!node || !isMapped(node, model)) return map_index === UNMAPPED_INDEX;
  return (store.tasks()[task]?.count ?? null) !== null;
}

/** What was stopped has not come to anything, though it is failed. */
function isChangedBy(mark: Mark, store: Source): (one: Selected) => boolean {
  const codesOf = new Map<number, ReturnType<Source["errorCodes"]>>();
  return ({ task, map_index, state }) => {
    if (state !== mark || mark === "success") return state !== mark;
    const codes = codesOf.get(task) ?? store.errorCodes(task, mark);
    codesOf.set(task, codes);
    const code = codes.get(map_index);
    return code !== undefined && isStop(code);
  };
}

function divide<T>(all: readonly T[], is: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

function notExpanded(task_id: string): FanoutError {
  return new FanoutError(
    "unknown-map-index",
    `Task '${task_id}' has no instances yet: what it maps over has not run.`,
    {
      advice: "Let the run go on with 'fanout resume', or mark it once it is expanded.",
    },
  );
}
