import { isCutShort } from "#core/model/run.js";
import type { RunRow, RunStore } from "../store/runStore.js";
import type { Effect } from "./effects.js";
import type { OnlyPart } from "./onlyPart.js";
import type { Plan } from "./plan.js";
import { type Restored, readRestored } from "./restored.js";
import { Scheduler } from "./scheduler.js";

/**
 * Whether a run has ended and would end as it did if it went on: nothing of it is left to do. One that something else
 * than its instances ended, such as a person, may end differently; one that took too long has skipped what was left.
 */
export function isSettled(plan: Plan, store: RunStore, only: OnlyPart | null): boolean {
  const run = store.run();
  if (run.state === "running" || isCutShort(run.error)) return false;
  const restored = readRestored(plan, store);
  if (restored.unfinished.size > 0) return false;
  const effects = new Scheduler(plan).restore(restored.tasks);
  return [...(only?.filter(effects) ?? effects)].every((effect) => isDone(effect, plan, run, restored));
}

function isDone(effect: Effect, { policy }: Plan, run: RunRow, { tasks, rows }: Restored): boolean {
  if (effect.type === "end") {
    if (hasTimedOut(run)) return true;
    const hasFailedFast = policy.fail_fast && rows.flat().some(({ state }) => state === "failed");
    return run.state === (hasFailedFast ? "failed" : effect.state);
  }
  const { count = null, ended = [] } = tasks[effect.task] ?? {};
  if (effect.type === "expand") return count === effect.count;
  const { from } = effect;
  return ended.filter(({ map_index }) => map_index >= from && map_index < from + effect.count).length === effect.count;
}

export function hasTimedOut({ error }: Pick<RunRow, "error">): boolean {
  return error?.code === "dagrun-timeout";
}
