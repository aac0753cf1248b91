import { renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { DagModel } from "#core/model/dag.js";
import type { RunError, RunState, RunSummary } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { FanoutError } from "../errors.js";
import { type OpenedDag, openDag } from "../loader/openDag.js";
import { RUN_FILES, type RunFolder, createRunFolder, writeRunFile } from "../store/runFolder.js";
import { addToIndex } from "../store/runIndex.js";
import type { RunStore } from "../store/runStore.js";
import { SqliteRunStore } from "../store/sqliteRunStore.js";
import { EventStream } from "./eventStream.js";
import type { LoadedDag } from "./plan.js";
import { Run } from "./run.js";

/** Airflow's own default of `[core] max_map_length`. */
const DEFAULT_MAX_MAP_LENGTH = 1024;

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
  /** Most entries of a result that is mapped over; else `AIRFLOW__CORE__MAX_MAP_LENGTH`, else 1024 as in Airflow. */
  readonly maxMapLength?: number;
  /** Runs only this task; its inputs must not come from other tasks. */
  readonly task?: string;
  readonly map_index?: number;
  /** Called while the worker process that loads the file starts; the run does not begin before it is done. */
  readonly whileLoading?: () => Promise<void>;
  /** Called in order for everything that happens. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops loading the file, which may take long; a run that has begun is stopped by `cancel()`. */
  readonly signal?: AbortSignal;
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
export async function startRun(options: RunOptions): Promise<RunHandle> {
  checkOptions(options);
  let database = "";
  let opened: OpenedDag | null = null;
  try {
    opened = await openDag({
      ...options,
      parallelism: parallelismOf(options),
      whileLoading: async (scratch) => {
        database = `${scratch}run.db`;
        SqliteRunStore.prepare(database);
        await options.whileLoading?.();
      },
    });
    refuseNotSupported(opened.dag);
    return await begin(options, opened, database);
  } catch (thrown) {
    await opened?.pool.close();
    if (database) rmSync(database, { force: true });
    throw thrown;
  }
}

async function begin(options: RunOptions, opened: OpenedDag, database: string): Promise<RunHandle> {
  const logicalDate = options.logical_date ?? new Date();
  const folder = createRunFolder(opened.home, logicalDate);
  try {
    return await beginIn(folder, logicalDate, options, opened, database);
  } catch (thrown) {
    rmSync(folder.dir, { recursive: true, force: true });
    if (FanoutError.is(thrown)) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FanoutError("store-failed", `The run's record cannot be written: ${reason}.`);
  }
}

async function beginIn(
  folder: RunFolder,
  logicalDate: Date,
  options: RunOptions,
  { home, pool, dag, file }: OpenedDag,
  database: string,
): Promise<RunHandle> {
  const { run_id, dir } = folder;
  const { model, plan } = dag;
  const { dag_id } = model;
  const start = new Date();
  const params = options.params ?? {};
  const logical_date = logicalDate.toISOString();
  const summary: RunSummary = { run_id, dag_id, state: "running", logical_date, start: start.toISOString(), end: null };
  const store = openStore(folder, database);
  const at = logicalDate.getTime();
  const moments = { logical_date: at, data_interval_start: at, data_interval_end: at, run_type: "manual" as const };
  const facts = { run_id, dag_id, file, ...moments, params, node: process.version, model };
  store.begin({ ...facts, state: "running", start: start.getTime(), end: null, error: null });
  store.commit();
  writeRunFile(dir, summary);
  const { promise: done, resolve } = withResolvers<RunResult>();
  const run = new Run({
    ...{ plan, model, pool, store },
    openEvents: (countsOf) =>
      new EventStream(run_id, path.join(dir, RUN_FILES.events), countsOf, (event) => options.onEvent?.(event)),
    onEnd: (result) => {
      finish(home, dir, summary, store, run, result);
      // Its record is written while its processes leave.
      void pool.close().then(() => resolve(result));
    },
  });
  await pool.begin(
    run,
    { run_id, logical_date, params, maxMapLength: maxMapLengthOf(options) },
    plan,
    path.join(dir, RUN_FILES.logs),
  );
  addToIndex(home, summary);
  // The caller has the handle before anything happens.
  setImmediate(() => run.start({ type: "run_started", dag_id, file, logical_date, model, node: process.version }));
  return { run_id, home, dir, model, done, cancel: () => run.cancel() };
}

function finish(home: string, dir: string, summary: RunSummary, store: RunStore, run: Run, result: RunResult): void {
  const ended = { ...summary, state: result.state, end: new Date().toISOString() };
  for (const step of [
    () => store.close(),
    () => run.events.close(),
    () => writeRunFile(dir, ended),
    () => addToIndex(home, ended),
  ]) {
    try {
      step();
    } catch {
      // A full disk ended the run already, and that is what its result says.
    }
  }
}

function openStore({ dir }: RunFolder, prepared: string): RunStore {
  const file = path.join(dir, RUN_FILES.database);
  renameSync(prepared, file);
  return SqliteRunStore.write(file);
}

function checkOptions(options: RunOptions): void {
  const { task, map_index, parallelism, logical_date, params } = options;
  maxMapLengthOf(options);
  if (task !== undefined || map_index !== undefined) {
    throw new FanoutError("not-supported-yet", "Running a single task or instance is not built yet.", {
      advice: "Run the whole DAG.",
    });
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

function refuseNotSupported({ notSupported }: LoadedDag): void {
  const [first] = notSupported;
  if (!first) return;
  throw new FanoutError("not-supported-yet", `This DAG uses ${first.feature}, which is not built yet.`, {
    at: first.at,
  });
}

function parallelismOf({ parallelism }: RunOptions): number {
  return parallelism === undefined || parallelism === 0 ? availableParallelism() : parallelism;
}

function maxMapLengthOf({ maxMapLength }: RunOptions): number {
  const given = process.env["AIRFLOW__CORE__MAX_MAP_LENGTH"]?.trim();
  const limit = maxMapLength ?? (given ? Number(given) : DEFAULT_MAX_MAP_LENGTH);
  if (Number.isInteger(limit) && limit > 0) return limit;
  const name = maxMapLength === undefined ? "AIRFLOW__CORE__MAX_MAP_LENGTH" : "maxMapLength";
  throw new FanoutError("invalid-option", `'${name}' must be a whole number, 1 or more.`);
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
