import { existsSync } from "node:fs";
import { FanoutError } from "../errors.js";
import { findHome, openHistory, type History } from "../store/history.js";
import type { RunDetails, TaskSummary } from "#core/model/run.js";
import type { Cli } from "./cli.js";

/** The history that belongs to the folder the person stands in. */
export function historyHere(cli: Cli): { readonly home: string; readonly history: History } {
  const home = findHome(cli.cwd);
  if (!existsSync(home)) throw noRuns(home);
  return { home, history: openHistory(home) };
}

/** `latest` stands for the newest run. */
export function runIdOf(history: History, home: string, run: string): string {
  if (run !== "latest") return run;
  const [newest] = history.runs({ limit: 1 });
  if (newest === undefined) throw noRuns(home);
  return newest.run_id;
}

export function taskOf(details: RunDetails, task_id: string): TaskSummary {
  const task = details.tasks.find((each) => each.task_id === task_id);
  if (task !== undefined) return task;
  const known = details.tasks.map((each) => `'${each.task_id}'`).join(", ");
  throw new FanoutError("unknown-task", `Run '${details.run_id}' has no task '${task_id}'.`, {
    advice: known === "" ? undefined : `Its tasks are ${known}.`,
  });
}

/** The index to look at: the given one, or the only one that an unmapped task has. Undefined: all of a mapped task. */
export function indexOf(task: TaskSummary, given: number | undefined): number | undefined {
  if (!task.mapped) {
    if (given === undefined) return -1;
    throw new FanoutError("unknown-map-index", `Task '${task.task_id}' is not mapped, so it has no index ${given}.`, {
      advice: "Leave --map-index out.",
    });
  }
  if (given === undefined || (task.count !== null && given < task.count)) return given;
  throw new FanoutError("unknown-map-index", `Task '${task.task_id}' has no instance ${given}.`, {
    advice: task.count ? `Its instances are 0 to ${task.count - 1}.` : "It has no instances in this run.",
  });
}

function noRuns(home: string): FanoutError {
  return new FanoutError("unknown-run", `There are no runs in '${home}'.`, {
    advice: "Run a DAG with 'fanout run FILE', or go to the folder whose runs you look for.",
  });
}
