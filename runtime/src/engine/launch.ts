import path from "node:path";
import { type RunRecord, isCutShort } from "#core/model/run.js";
import type { RunStarted } from "#core/model/runEvent.js";
import type { OpenedDag } from "../loader/openDag.js";
import { createJournals, removeJournals } from "../pool/journal.js";
import type { RunFacts } from "../pool/messages.js";
import type { Owner } from "../store/owner.js";
import { RUN_FILES, type RunFolder, writeRunFile } from "../store/runFolder.js";
import { addToIndex } from "../store/runIndex.js";
import type { PartTarget, RunStore } from "../store/runStore.js";
import { systemClock } from "./clock.js";
import { dispatchRules } from "./dispatchRules.js";
import { lastSuccess } from "./earlierRuns.js";
import { EventStream } from "./eventStream.js";
import { Limits } from "./limits.js";
import type { NamedIndex } from "./namedIndex.js";
import { OnlyPart } from "./onlyPart.js";
import { type Past, PastRuns } from "./past.js";
import { Run } from "./run.js";
import { type RunOptions, parallelismOf } from "./runOptions.js";
import type { RunSettings } from "./runSettings.js";
import type { RunHandle, RunResult } from "./startRun.js";

/** A run whose record is written and that this process owns. */
export interface Launch {
  readonly options: RunOptions;
  /** What of the DAG runs; null: all of it. */
  readonly part: readonly PartTarget[] | null;
  /** Where the one instance that runs was asked for by its name. */
  readonly named: NamedIndex | null;
  readonly settings: RunSettings;
  readonly opened: OpenedDag;
  readonly folder: RunFolder;
  readonly owner: Owner;
  readonly store: RunStore;
  readonly record: RunRecord;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of `params` those that the run was given. */
  readonly conf: Readonly<Record<string, unknown>>;
  /** The runs of the DAG before this one. */
  readonly earlier: readonly RunRecord[];
  /** Number of the code that it runs with. */
  readonly bundle: number;
  /** Sets it going: from the beginning, or from where it stood. */
  readonly go: (run: Run, started: RunStarted) => void;
}

/** Executes the run; the caller has the handle before anything happens. */
export async function launch(launched: Launch): Promise<RunHandle> {
  const { options, part, named, settings, opened, folder, owner, store, record, bundle } = launched;
  const { home, pool, dag, file } = opened;
  const { run_id, dir } = folder;
  const { model, plan } = dag;
  const { promise: done, resolve } = withResolvers<RunResult>();
  const run = new Run({
    only: part && new OnlyPart(model, plan, part),
    ...{ plan, model, pool, store, bundle, clock: options.clock ?? systemClock, past: pastOf(launched) },
    openEvents: (countsOf) =>
      new EventStream(run_id, path.join(dir, RUN_FILES.events), countsOf, (event) => options.onEvent?.(event)),
    onEnd: (result) => {
      finish(launched, run, result);
      // Its record is written while its processes leave.
      const leave = (): void => {
        letGo(launched, result);
        resolve(result);
      };
      pool.close().then(leave, leave);
    },
  });
  const journals = path.join(dir, RUN_FILES.journals);
  createJournals(journals);
  pool.begin(run, {
    ...{ plan, journals, facts: factsOf(launched), folder: path.join(dir, RUN_FILES.logs) },
    rules: dispatchRules(plan, settings.pools, { file, key: dir, sharedParallelism: sharedParallelismOf(options) }),
    limits: options.limits ?? new Limits(),
  });
  addToIndex(home, record);
  const { dag_id, logical_date } = record;
  const started = { dag_id, file, logical_date, model, node: process.version };
  setImmediate(() => launched.go(run, { type: "run_started", ...started }));
  owner.serve(({ type }) => {
    if (type === "cancel") run.cancel();
  });
  return { run_id, home, dir, model, done, ...(named && { named }), cancel: () => run.cancel() };
}

function factsOf({ settings, opened, record, params, conf, earlier }: Launch): RunFacts {
  const { run_id, run_type, logical_date, data_interval_start, data_interval_end, start } = record;
  const prev_success = lastSuccess(earlier);
  return {
    ...{ run_id, run_type, logical_date, data_interval_start, data_interval_end, start_date: start },
    ...{ params, conf, file: opened.file, maxMapLength: settings.maxMapLength },
    ...(prev_success && { prev_success }),
  };
}

function sharedParallelismOf(options: RunOptions): number | null {
  return options.sharesParallelism === true ? parallelismOf(options) : null;
}

/** The run that this one looks back at; null where no task does, or there is none. */
function pastOf({ options, opened, earlier }: Launch): Past | null {
  const { tasks, policy } = opened.dag.plan;
  if (!tasks.some(({ depends_on_past }) => depends_on_past)) return null;
  // As Airflow: where intervals are made up for, what somebody ran by hand is no part of the row.
  const runs = policy.catchup ? earlier.filter(({ run_type }) => run_type !== "manual") : earlier;
  const past = new PastRuns(opened.home, runs);
  return options.findPast ? options.findPast(past) : past.read();
}

function finish({ opened, folder, store, record }: Launch, run: Run, result: RunResult): void {
  // What could not be written is lost, as where its process ends before the run does.
  const stopped = result.cancelled ? "cancelled" : result.error?.code === "store-failed" ? "lost" : null;
  const resumable = isCutShort(result.error ?? null);
  const ended: RunRecord = { ...record, state: result.state, end: new Date().toISOString(), stopped, resumable };
  doEach([
    () => store.close(),
    () => run.events.close(),
    () => {
      writeRunFile(folder.dir, ended);
      addToIndex(opened.home, ended);
    },
  ]);
}

function letGo({ folder, owner }: Launch, { error }: RunResult): void {
  doEach([
    () => {
      // What they hold could not be committed: whoever goes on with the run finds it there.
      if (error?.code !== "store-failed") removeJournals(path.join(folder.dir, RUN_FILES.journals));
    },
    () => owner.release(),
  ]);
}

/** What one of them cannot do keeps the others from nothing. */
function doEach(steps: readonly (() => void)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch {
      // A full disk ended the run already, and that is what its result says; what is left over is in nobody's way.
    }
  }
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
