import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import type { OpenedDag } from "../loader/openDag.js";
import { paramValues } from "../params/paramSpecs.js";
import { takeOwnership } from "../store/owner.js";
import { RUN_FILES, type RunFolder, createRunFolder, writeRunFile } from "../store/runFolder.js";
import type { PartTarget, RunStore } from "../store/runStore.js";
import { SqliteRunStore } from "../store/sqliteRunStore.js";
import { runsBefore } from "./earlierRuns.js";
import { launch } from "./launch.js";
import { type NamedIndex, namedIndex } from "./namedIndex.js";
import { type RunMoments, writeMoments } from "./runMoments.js";
import type { RunOptions } from "./runOptions.js";
import type { RunSettings } from "./runSettings.js";
import type { RunHandle } from "./startRun.js";

/** Everything that is needed to begin a run of a file that is open. */
export interface Beginning {
  readonly options: RunOptions;
  readonly settings: RunSettings;
  readonly opened: OpenedDag;
  readonly moments: RunMoments;
  /** A database without a run in it, which becomes the run's. */
  readonly database: string;
  /** All runs of the history, without this one. */
  readonly runs: readonly RunRecord[];
}

/** The same with the values of all params, in which those that the run was given stand in place of defaults. */
interface Ready extends Beginning {
  readonly params: Readonly<Record<string, unknown>>;
  readonly part: readonly PartTarget[] | null;
  readonly named: NamedIndex | null;
}

/**
 * Makes the run's folder and record, and starts it.
 * @throws FanoutError `store-failed`, `invalid-params` for a value that its `Param` does not allow, or
 * `unknown-map-index` and `ambiguous-instance` for a name that no instance has had, or several; nothing is left
 * of the run then.
 */
export async function beginRun(beginning: Beginning): Promise<RunHandle> {
  const { moments, opened, options, runs } = beginning;
  const params = paramValues(opened.dag.params, options.params ?? {}, opened.dag.model.span);
  const only = onlyOf(beginning, runs);
  const named = typeof only === "number" ? null : only;
  const map_index = typeof only === "number" ? only : (named?.map_index ?? null);
  const part = options.task === undefined ? null : [{ task_id: options.task, map_index }];
  const earlier = runsBefore(runs, opened.dag.model.dag_id, moments.logical_date);
  const folder = createRunFolder(opened.home, writeMoments(moments));
  try {
    return await beginIn(folder, { ...beginning, params, part, named }, earlier);
  } catch (thrown) {
    rmSync(folder.dir, { recursive: true, force: true });
    if (FanoutError.is(thrown)) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FanoutError("store-failed", `The run's record cannot be written: ${reason}.`);
  }
}

async function beginIn(folder: RunFolder, beginning: Ready, earlier: readonly RunRecord[]): Promise<RunHandle> {
  const { options, part, named, settings, opened, params, database } = beginning;
  const owner = await takeOwnership(folder.dir);
  try {
    const start = Date.now();
    const record = recordOf(folder.run_id, beginning, start);
    const store = openStore(folder, database, settings);
    begin(store, beginning, record, start);
    writeRunFile(folder.dir, record);
    return await launch({
      ...{ options, part, named, settings, opened, folder, owner, store, record, params, earlier, bundle: 0 },
      conf: options.params ?? {},
      go: (run, started) => run.start(started),
    });
  } catch (thrown) {
    owner.release();
    throw thrown;
  }
}

/** A run has no names before its instances run. */
function onlyOf({ options, opened }: Beginning, runs: readonly RunRecord[]): number | NamedIndex | null {
  const { task, map_index = null } = options;
  if (typeof map_index !== "string" || task === undefined) return typeof map_index === "number" ? map_index : null;
  return namedIndex(opened.home, runs, opened.dag.model.dag_id, task, map_index);
}

function recordOf(run_id: string, { opened, moments }: Beginning, start: number): RunRecord {
  const { dag_id } = opened.dag.model;
  return {
    ...{ run_id, dag_id, ...writeMoments(moments) },
    state: "running",
    start: new Date(start).toISOString(),
    end: null,
    stopped: null,
    resumable: false,
  };
}

function begin(
  store: RunStore,
  { options, params, opened, moments, part }: Ready,
  record: RunRecord,
  start: number,
): void {
  const { file, dag, bundleHash: hash } = opened;
  const { run_id, dag_id } = record;
  const facts = { run_id, dag_id, file, ...moments, params, conf: options.params ?? {}, part };
  const { model } = dag;
  store.begin({ ...facts, node: process.version, model, state: "running", start, end: null, error: null });
  store.putBundle({ bundle: 0, hash, at: start });
  store.commit();
}

function openStore({ dir }: RunFolder, prepared: string, { fsync }: RunSettings): RunStore {
  const file = path.join(dir, RUN_FILES.database);
  renameSync(prepared, file);
  return SqliteRunStore.write(file, fsync);
}
