import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import type { OpenedDag } from "../loader/openDag.js";
import { paramValues } from "../params/paramSpecs.js";
import type { RunFacts } from "../pool/messages.js";
import { RUN_FILES, type RunFolder, createRunFolder, writeRunFile } from "../store/runFolder.js";
import { addToIndex, readIndex } from "../store/runIndex.js";
import type { RunStore } from "../store/runStore.js";
import { SqliteRunStore } from "../store/sqliteRunStore.js";
import { systemClock } from "./clock.js";
import { dispatchRules } from "./dispatchRules.js";
import { lastSuccess, runsBefore } from "./earlierRuns.js";
import { EventStream } from "./eventStream.js";
import { Limits } from "./limits.js";
import { type Past, PastRuns } from "./past.js";
import { Run } from "./run.js";
import { type RunMoments, writeMoments } from "./runMoments.js";
import { type RunOptions, parallelismOf } from "./runOptions.js";
import type { RunSettings } from "./runSettings.js";
import type { RunHandle, RunResult } from "./startRun.js";

/** Everything that is needed to begin a run of a file that is open. */
export interface Beginning {
  readonly options: RunOptions;
  readonly settings: RunSettings;
  readonly opened: OpenedDag;
  readonly moments: RunMoments;
  /** A database without a run in it, which becomes the run's. */
  readonly database: string;
}

/** The same with the values of all params, in which those that the run was given stand in place of defaults. */
interface Ready extends Beginning {
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Makes the run's folder and record, and starts it.
 * @throws FanoutError `store-failed`, or `invalid-params` for a value that its `Param` does not allow; nothing is left
 * of the run then.
 */
export async function beginRun(beginning: Beginning): Promise<RunHandle> {
  const { moments, opened, options } = beginning;
  const params = paramValues(opened.dag.params, options.params ?? {}, opened.dag.model.span);
  // Before the index could miss this one.
  const earlier = runsBefore(readIndex(opened.home), opened.dag.model.dag_id, moments.logical_date);
  const folder = createRunFolder(opened.home, writeMoments(moments));
  try {
    return await beginIn(folder, { ...beginning, params }, earlier);
  } catch (thrown) {
    rmSync(folder.dir, { recursive: true, force: true });
    if (FanoutError.is(thrown)) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FanoutError("store-failed", `The run's record cannot be written: ${reason}.`);
  }
}

async function beginIn(folder: RunFolder, beginning: Ready, earlier: readonly RunRecord[]): Promise<RunHandle> {
  const { options, settings, opened, database } = beginning;
  const { home, pool, dag, file } = opened;
  const { run_id, dir } = folder;
  const { model, plan } = dag;
  const start = Date.now();
  const record = recordOf(run_id, beginning, start);
  const store = openStore(folder, database);
  begin(store, beginning, record, start);
  writeRunFile(dir, record);
  const { promise: done, resolve } = withResolvers<RunResult>();
  const run = new Run({
    ...{ plan, model, pool, store, clock: options.clock ?? systemClock, past: pastOf(beginning, earlier) },
    openEvents: (countsOf) =>
      new EventStream(run_id, path.join(dir, RUN_FILES.events), countsOf, (event) => options.onEvent?.(event)),
    onEnd: (result) => {
      finish(home, dir, record, store, run, result);
      // Its record is written while its processes leave.
      void pool.close().then(() => resolve(result));
    },
  });
  await pool.begin(run, {
    ...{ plan, facts: factsOf(beginning, record, earlier), folder: path.join(dir, RUN_FILES.logs) },
    rules: dispatchRules(plan, settings.pools, { file, key: dir, sharedParallelism: sharedParallelismOf(options) }),
    limits: options.limits ?? new Limits(),
  });
  addToIndex(home, record);
  const { dag_id, logical_date } = record;
  // The caller has the handle before anything happens.
  setImmediate(() => run.start({ type: "run_started", dag_id, file, logical_date, model, node: process.version }));
  return { run_id, home, dir, model, done, cancel: () => run.cancel() };
}

function recordOf(run_id: string, { opened, moments }: Beginning, start: number): RunRecord {
  const { dag_id } = opened.dag.model;
  return {
    ...{ run_id, dag_id, ...writeMoments(moments) },
    state: "running",
    start: new Date(start).toISOString(),
    end: null,
  };
}

function begin(store: RunStore, { params, opened, moments }: Ready, record: RunRecord, start: number): void {
  const { file, dag } = opened;
  const { run_id, dag_id } = record;
  const facts = { run_id, dag_id, file, ...moments, params };
  const { model } = dag;
  store.begin({ ...facts, node: process.version, model, state: "running", start, end: null, error: null });
  store.commit();
}

function factsOf(
  { options, settings, params, opened }: Ready,
  record: RunRecord,
  earlier: readonly RunRecord[],
): RunFacts {
  const { run_id, run_type, logical_date, data_interval_start, data_interval_end, start } = record;
  const prev_success = lastSuccess(earlier);
  return {
    ...{ run_id, run_type, logical_date, data_interval_start, data_interval_end, start_date: start },
    params,
    conf: options.params ?? {},
    file: opened.file,
    maxMapLength: settings.maxMapLength,
    ...(prev_success && { prev_success }),
  };
}

function sharedParallelismOf(options: RunOptions): number | null {
  return options.sharesParallelism === true ? parallelismOf(options) : null;
}

/** The run that this one looks back at; null where no task does, or there is none. */
function pastOf({ options, opened }: Beginning, earlier: readonly RunRecord[]): Past | null {
  const { tasks, policy } = opened.dag.plan;
  if (!tasks.some(({ depends_on_past }) => depends_on_past)) return null;
  // As Airflow: where intervals are made up for, what somebody ran by hand is no part of the row.
  const runs = policy.catchup ? earlier.filter(({ run_type }) => run_type !== "manual") : earlier;
  const past = new PastRuns(opened.home, runs);
  return options.findPast ? options.findPast(past) : past.read();
}

function finish(home: string, dir: string, record: RunRecord, store: RunStore, run: Run, result: RunResult): void {
  const ended = { ...record, state: result.state, end: new Date().toISOString() };
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

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
