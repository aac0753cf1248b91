import type { History } from "../store/history.js";
import { lastLine, splitLog } from "./views/logText.js";
import type { ReportedInstance } from "./views/reportedInstance.js";
import type { TrackedRun, TrackedTask } from "./views/runTracker.js";

export interface CollectOptions {
  /** Instances of one mapped task that are looked up; all where left out. */
  readonly most?: number;
  /** `all` lines of every log, or only the `last` one. */
  readonly log: "all" | "last";
  /** Whose log is meant; the newest try where left out. */
  readonly try_number?: number;
}

/** What the report of a run shows of its instances, read from the history it left. */
export function collectInstances(
  history: History,
  run: TrackedRun,
  options: CollectOptions,
): ReadonlyMap<string, readonly ReportedInstance[]> {
  return new Map(
    run.tasks.map((task) => [
      task.task_id,
      chosenIndexes(task, options.most).map((index) =>
        collectInstance(history, run.run_id, task.task_id, index, options),
      ),
    ]),
  );
}

export function collectInstance(
  history: History,
  run_id: string,
  task_id: string,
  map_index: number,
  options: CollectOptions,
): ReportedInstance {
  const log = history.log(run_id, task_id, map_index, options.try_number);
  const details = history.instance(run_id, task_id, map_index);
  const last = lastLine(log, details.error);
  return {
    details,
    log: options.log === "all" ? splitLog(log) : last === undefined ? [] : [last],
  };
}

/** Failing instances come first when there is not room for all, but are shown in their order. */
function chosenIndexes(task: TrackedTask, most = Infinity): readonly number[] {
  if (!task.mapped) return [-1];
  const count = task.count ?? 0;
  const failed = task.failures.map((failure) => failure.map_index).slice(0, most);
  const chosen = new Set(failed);
  for (let index = 0; index < count && chosen.size < most; index++) chosen.add(index);
  return [...chosen].sort((one, other) => one - other);
}
