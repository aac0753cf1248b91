import { readdirSync } from "node:fs";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import type { RunAction } from "#core/model/runAction.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { FanoutError } from "../errors.js";
import { type OpenedDag, openDag } from "../loader/openDag.js";
import { readJournals, removeJournals } from "../pool/journal.js";
import { endLeftWorkers } from "../pool/leftWorkers.js";
import { segmentNumber } from "../pool/segmentName.js";
import { paramValues } from "../params/paramSpecs.js";
import { type Owner, takeOwnership } from "../store/owner.js";
import { RUN_FILES, type RunFolder, existingRunFolder, readRunFile, writeRunFile } from "../store/runFolder.js";
import { readIndex } from "../store/runIndex.js";
import type { RunRow, RunStore } from "../store/runStore.js";
import { SqliteRunStore } from "../store/sqliteRunStore.js";
import { changeRun } from "./actions/change.js";
import { meantBy } from "./actions/meant.js";
import { runsBefore } from "./earlierRuns.js";
import { recover } from "./recover.js";
import { launch } from "./launch.js";
import type { Limits } from "./limits.js";
import { OnlyPart } from "./onlyPart.js";
import { checkPools } from "./pools.js";
import { parallelismOf } from "./runOptions.js";
import { writeMoments } from "./runMoments.js";
import { storeError } from "./runErrors.js";
import { type RunSettings, readRunSettings } from "./runSettings.js";
import { checkSameKinds, checkSameTasks, forgetCounts } from "./sameTasks.js";
import { hasTimedOut, isSettled } from "./settled.js";
import type { RunHandle } from "./startRun.js";

export interface ResumeOptions {
  readonly home: string;
  readonly run_id: string;
  /** As those of `RunOptions`. */
  readonly parallelism?: number;
  readonly limits?: Limits;
  readonly onEvent?: (event: RunEvent) => void;
  readonly signal?: AbortSignal;
  /** What is to be done with the run before it goes on; left out: nothing. */
  readonly action?: RunAction;
}

export interface ResumedRun extends RunHandle {
  /** Whether the code of the DAG is another than that of its last start. */
  readonly isCodeChanged: boolean;
}

/**
 * Goes on with a run that is not under way, with the code that its DAG file has now: what has ended stays, what was
 * running when its process was lost runs again.
 * @throws FanoutError `unknown-run`, `run-locked` while another process executes it, `graph-changed` where the file's
 * tasks are others than the run's or of another kind, `nothing-to-do` where it has ended and the action changes nothing, and what loading
 * the file may throw. The run is then as it was.
 */
export async function resumeRun(options: ResumeOptions): Promise<ResumedRun> {
  const { home, run_id } = options;
  const dir = existingRunFolder(home, run_id);
  const owner = await takeOwnership(dir);
  let store: SqliteRunStore | null = null;
  let opened: OpenedDag | null = null;
  try {
    store = SqliteRunStore.reopen(path.join(dir, RUN_FILES.database));
    const row = store.run();
    const settings = await readRunSettings(row);
    store.setFsync(settings.fsync);
    opened = await openDag({
      ...{ file: row.file, dag_id: row.dag_id, parallelism: parallelismOf(options), firstSegment: nextSegment(dir) },
      caps: settings.caps,
      ...(options.signal && { signal: options.signal }),
    });
    checkPools(opened.dag.plan, settings.pools);
    checkSameTasks(row, opened.dag.model);
    checkSameKinds(row, opened.dag.model, store);
    return await goOn(options, { owner, store, opened, settings, row, folder: { run_id, dir } });
  } catch (thrown) {
    await opened?.pool.close();
    try {
      store?.close();
    } catch {
      // Nor can it be closed: why is what is told already.
    }
    owner.release();
    throw FanoutError.is(thrown) ? thrown : FanoutError.from(storeError(thrown));
  }
}

interface Owned {
  readonly owner: Owner;
  readonly store: RunStore;
  readonly opened: OpenedDag;
  readonly settings: RunSettings;
  readonly row: RunRow;
  readonly folder: RunFolder;
}

async function goOn(options: ResumeOptions, owned: Owned): Promise<ResumedRun> {
  const { store, opened, row, folder } = owned;
  const { model, params: specs } = opened.dag;
  const params = paramValues(specs, row.conf, model.span);
  refuseSettled(options.action, owned);
  const journals = path.join(folder.dir, RUN_FILES.journals);
  await endLeftWorkers(journals);
  recover(opened.dag.plan, store, readJournals(journals), Date.now());
  store.commit();
  checkSameKinds(row, model, store);
  // What is changed now must not come back from there.
  removeJournals(journals);
  forgetCounts(row, model, store);
  const { bundle, isNew } = noteBundle(store, opened);
  const { part, ...changed } = changeRun(store, model, options.action);
  store.goOn(model, process.version, part);
  store.commit();
  const record: RunRecord = { ...recordOf(row), state: "running", end: null, stopped: null, resumable: false };
  writeRunFile(folder.dir, record);
  const handle = await launch({
    ...owned,
    ...{ options: { ...options, file: row.file }, part, named: null, record, params, conf: row.conf, bundle },
    earlier: runsBefore(readIndex(options.home), row.dag_id, row.logical_date),
    go: (run, started) => run.resume({ ...started, resumed: { ...changed, code_changed: isNew } }),
  });
  return { ...handle, isCodeChanged: isNew };
}

function recordOf(row: RunRow): Omit<RunRecord, "state" | "end" | "stopped" | "resumable"> {
  const { run_id, dag_id, start } = row;
  return { run_id, dag_id, ...writeMoments(row), start: new Date(start).toISOString() };
}

/** Nobody is told once more of the end of a run that stays as it is, and it does not become longer. */
function refuseSettled(action: RunAction | undefined, { store, opened, row, folder }: Owned): void {
  const { plan, model } = opened.dag;
  const { run_id, part = null } = row;
  // Its process may have been lost, or its disk full, when all was done but to say so.
  const { end, stopped } = readRunFile(folder.dir)?.summary ?? { end: null };
  if (end === null || stopped === "lost") return;
  const only = part && new OnlyPart(model, plan, part);
  const selected = action ? meantBy(model, store, action).selected : [];
  if (selected.length > 0 || !isSettled(plan, store, only)) return;
  const flag = hasTimedOut(row) ? " --only-failed" : "";
  throw new FanoutError("nothing-to-do", `Nothing of run '${run_id}' is left to do.`, {
    advice: `To run something of it once more, clear it: 'fanout clear ${run_id}${flag}'.`,
  });
}

function noteBundle(store: RunStore, { bundleHash: hash }: OpenedDag): { bundle: number; isNew: boolean } {
  const known = store.bundles();
  const last = known.at(-1);
  if (last?.hash === hash) return { bundle: last.bundle, isNew: false };
  const bundle = known.length;
  store.putBundle({ bundle, hash, at: Date.now() });
  return { bundle, isNew: last !== undefined };
}

function nextSegment(dir: string): number {
  const numbers = readdirSync(path.join(dir, RUN_FILES.logs)).map(segmentNumber);
  return Math.max(-1, ...numbers) + 1;
}
