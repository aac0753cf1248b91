import { existsSync } from "node:fs";
import { FanoutError } from "../errors.js";
import { findHome, openHistory, type History } from "../store/history.js";
import { indexOfHandle } from "../store/handles.js";
import { type RunDetails, type TaskSummary, UNMAPPED_INDEX } from "#core/model/run.js";
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

/**
 * The index to look at: that of the instance that is called so, or the only one that an unmapped task has. Undefined: all of
 * a mapped task.
 */
export function indexOf(task: TaskSummary, given: string | undefined): number | undefined {
  if (given !== undefined) return indexOfHandle(task, given);
  return task.mapped ? undefined : UNMAPPED_INDEX;
}

function noRuns(home: string): FanoutError {
  return new FanoutError("unknown-run", `There are no runs in '${home}'.`, {
    advice: "Run a DAG with 'fanout run FILE', or go to the folder whose runs you look for.",
  });
}
