export { findHome } from "./home.js";
import type { DagModel } from "#core/model/dag.js";
import type { InstanceDetails, RunDetails, RunSummary } from "#core/model/run.js";
import { FanoutError } from "../errors.js";

export interface RunFilter {
  readonly dag_id?: string;
  /** At most so many, newest first. */
  readonly limit?: number;
}

/** The read side of a history folder; works while a run is live and after it ended. Throws `FanoutError`. */
export interface History {
  /** Newest first. */
  runs(filter?: RunFilter): RunSummary[];
  show(run_id: string): RunDetails;
  instance(run_id: string, task_id: string, map_index: number): InstanceDetails;
  /** Everything that the instance wrote in its newest (or the given) try. */
  log(run_id: string, task_id: string, map_index: number, try_number?: number): string;
  /** One instance's result, or the list of a mapped task's results where `map_index` is left out. */
  xcom(run_id: string, task_id: string, map_index?: number): unknown;
  model(run_id: string): DagModel;
}

export function openHistory(home: string): History {
  throw new FanoutError("not-supported-yet", `The history in '${home}' cannot be read yet.`);
}
