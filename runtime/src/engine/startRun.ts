import type { DagModel } from "#core/model/dag.js";
import type { RunError, RunState } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { FanoutError } from "../errors.js";

export interface RunOptions {
  /** Path of the DAG file. */
  readonly file: string;
  /** Needed only where the file has several DAGs. */
  readonly dag_id?: string;
  /** Now where left out. */
  readonly logical_date?: Date;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Most worker processes at once; the number of cores where left out or 0. */
  readonly parallelism?: number;
  /** Runs only this task; its inputs must not come from other tasks. */
  readonly task?: string;
  readonly map_index?: number;
  /** Called in order for everything that happens. */
  readonly onEvent?: (event: RunEvent) => void;
}

export interface RunResult {
  readonly state: RunState;
  /** True where `cancel()` stopped it; the state is then `failed`. */
  readonly cancelled: boolean;
  readonly error?: RunError;
}

export interface RunHandle {
  readonly run_id: string;
  /** The history folder (`.fanout`) that the run belongs to. */
  readonly home: string;
  /** The run's own folder. */
  readonly dir: string;
  readonly model: DagModel;
  /** Resolves when the run has ended, its record is complete and no process of it is left. */
  readonly done: Promise<RunResult>;
  /** Stops the run: running instances are ended and marked failed with the code `cancelled`. */
  cancel(): void;
}

/**
 * Loads the DAG file and starts one run of it.
 * @throws FanoutError with code, place and advice, before anything of the run is written.
 */
export function startRun(options: RunOptions): Promise<RunHandle> {
  return Promise.reject(new FanoutError("not-supported-yet", `'${options.file}' cannot be run yet.`));
}
