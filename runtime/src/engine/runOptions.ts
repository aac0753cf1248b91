import { availableParallelism } from "node:os";
import type { RunType } from "#core/model/run.js";
import type { InstanceHandle } from "#core/model/runAction.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { FanoutError } from "../errors.js";
import type { SpareWorkers } from "../pool/spareWorkers.js";
import type { Clock } from "./clock.js";
import type { Limits } from "./limits.js";
import type { Past, PastRuns } from "./past.js";

export interface RunOptions {
  /** Path of the DAG file. */
  readonly file: string;
  /** Needed only where the file has several DAGs. */
  readonly dag_id?: string;
  /** Now where left out. */
  readonly logical_date?: Date;
  /** Who asks for it: `manual` where left out. */
  readonly run_type?: RunType;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Most worker processes at once; the number of cores where left out or 0. */
  readonly parallelism?: number;
  /**
   * Most entries of a result that is mapped over; else `AIRFLOW__CORE__MAX_MAP_LENGTH`, else `maxMapLength` of the
   * project's configuration, else 1024 as in Airflow.
   */
  readonly maxMapLength?: number;
  /** What this run shares with others of the process: pools, and limits over all runs of a DAG. */
  readonly limits?: Limits;
  /** That of the system where left out. */
  readonly clock?: Clock;
  /** Runs only this task, and those before it. */
  readonly task?: string;
  /**
   * Runs only this instance of it; in a mapped group also of the tasks beside it. A name stands for the instance that had
   * it in the newest run.
   */
  readonly map_index?: InstanceHandle;
  /** Whether `parallelism` is that of all runs that share `limits`, not of this one alone. */
  readonly sharesParallelism?: boolean;
  /** Where the workers come from, and where idle ones go; left out: they start and end with the run. */
  readonly spares?: SpareWorkers;
  /** Which of the runs before it the run depends on, where a task of it depends on the past; the last one where left out. */
  readonly findPast?: (earlier: PastRuns) => Past | null;
  /** Called while the worker process that loads the file starts; the run does not begin before it is done. */
  readonly whileLoading?: () => Promise<void>;
  /** Called in order for everything that happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops loading the file, which may take long; a run that has begun is stopped by `cancel()`. */
  readonly signal?: AbortSignal;
}

/** @throws FanoutError for what no run can be asked for, before its file is opened. */
export function checkOptions(options: RunOptions): void {
  const { task, map_index, parallelism, logical_date, params } = options;
  if (map_index !== undefined && task === undefined) {
    throw new FanoutError("unknown-map-index", "Without a task there are no instances.", { advice: "Name the task." });
  }
  if (parallelism !== undefined && !(Number.isInteger(parallelism) && parallelism >= 0)) {
    throw new FanoutError("invalid-option", "The parallelism must be a whole number, 0 or more.");
  }
  if (logical_date !== undefined && Number.isNaN(logical_date.getTime())) {
    throw new FanoutError("invalid-option", "The logical date is not a date.");
  }
  if (params !== undefined && (typeof params !== "object" || params === null || Array.isArray(params))) {
    throw new FanoutError("invalid-params", "The params must be a JSON object.");
  }
}

export function parallelismOf({ parallelism }: Pick<RunOptions, "parallelism">): number {
  return parallelism === undefined || parallelism === 0 ? availableParallelism() : parallelism;
}
