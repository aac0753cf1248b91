import type { DagModel } from "#core/model/dag.js";
import type { RunAction } from "#core/model/runAction.js";
import type { RunResumed } from "#core/model/runEvent.js";
import { resetInstance } from "../../store/resetInstance.js";
import type { PartTarget, RunStore } from "../../store/runStore.js";
import { wasStopped } from "../recover.js";
import { clearInstances } from "./clear.js";
import { markInstances } from "./mark.js";
import { type Meant, meantBy } from "./meant.js";
import type { Selected } from "./select.js";

export interface Changed extends Omit<RunResumed, "code_changed"> {
  readonly part: readonly PartTarget[] | null;
}

/**
 * Does what was asked for, and tells what that was. What a person stopped goes on unless it is marked; what failed of
 * itself stays.
 * @throws FanoutError as `meantBy`, before anything is changed.
 */
export function changeRun(store: RunStore, model: DagModel, action?: RunAction): Changed {
  const { selected, part }: Meant = action
    ? meantBy(model, store, action)
    : { selected: [], part: store.run().part ?? null };
  if (action?.name === "mark") markInstances(store, selected, action.state ?? "success");
  resetStopped(store, model);
  if (!action) return { action: "resume", instances: [], part };
  const { name, state } = action;
  if (name === "clear") clearInstances(store, model, selected);
  return { action: name, ...(state && { state }), instances: grouped(selected), part };
}

function resetStopped(store: RunStore, model: DagModel): void {
  for (const [task] of model.tasks.entries()) {
    const failed = store.progress(task).filter(({ state }) => state === "failed");
    for (const { map_index } of failed) {
      const row = store.instance(task, map_index);
      if (row && wasStopped(row)) resetInstance(store, row);
    }
  }
}

function grouped(selected: readonly Selected[]): RunResumed["instances"] {
  const byTask = new Map<string, number[]>();
  for (const { task_id, map_index } of selected) byTask.set(task_id, [...(byTask.get(task_id) ?? []), map_index]);
  return [...byTask].map(([task_id, map_indexes]) => ({ task_id, map_indexes }));
}
