import { readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import type { History } from "./history.js";
import { type Owner, askOwner, takeOwnership } from "./owner.js";
import { runsFolder } from "./runFolder.js";
import { dropIndex } from "./runIndex.js";
import { reasonOf } from "./systemError.js";

/** What `pruneRuns` would do. */
export interface PrunePlan {
  /** Newest first. */
  readonly removed: readonly RunRecord[];
  /** Older ones that a process executes just now. */
  readonly live: readonly RunRecord[];
  readonly kept: number;
}

/** Runs on their way out: no history lists them, so that nothing is ever seen half removed. */
const LEAVING = "removed-";

/** Of every DAG the runs behind its newest `keep`; those that are under way stay whatever their age. */
export async function planPrune(home: string, history: History, keep: number, dag_id?: string): Promise<PrunePlan> {
  const runs = history.runs(dag_id === undefined ? {} : { dag_id });
  const seen = new Map<string, number>();
  const older = runs.filter((run) => {
    const newer = seen.get(run.dag_id) ?? 0;
    seen.set(run.dag_id, newer + 1);
    return newer >= keep;
  });
  const removed: RunRecord[] = [];
  const live: RunRecord[] = [];
  for (const run of older) ((await isLive(home, run.run_id)) ? live : removed).push(run);
  return { removed, live, kept: runs.length - older.length };
}

/** One that belongs to another machine may be under way there. */
async function isLive(home: string, run_id: string): Promise<boolean> {
  try {
    return await askOwner(path.join(runsFolder(home), run_id), { type: "ping" });
  } catch (thrown) {
    if (isLocked(thrown)) return true;
    throw thrown;
  }
}

/**
 * Removes the runs with all that is kept of them. Returns those that are gone: one that somebody goes on with meanwhile
 * stays.
 */
export async function pruneRuns(home: string, runs: readonly RunRecord[]): Promise<readonly RunRecord[]> {
  // Of those that an earlier call did not live to remove.
  for (const name of readdirSync(home)) {
    if (name.startsWith(LEAVING)) rmSync(path.join(home, name), { recursive: true, force: true });
  }
  const gone: RunRecord[] = [];
  for (const run of runs) if (await removeRun(home, run.run_id)) gone.push(run);
  return gone;
}

async function removeRun(home: string, run_id: string): Promise<boolean> {
  const dir = path.join(runsFolder(home), run_id);
  const leaving = path.join(home, `${LEAVING}${run_id}`);
  try {
    // Nobody can go on with it from here on.
    const owner = await takeInAnyCase(home, dir);
    try {
      renameSync(dir, leaving);
    } finally {
      owner.release();
    }
  } catch (thrown) {
    if (isLocked(thrown)) return false;
    throw FanoutError.is(thrown) ? thrown : cannotRemove(run_id, thrown);
  }
  rmSync(leaving, { recursive: true, force: true });
  return true;
}

/** Whoever makes room on a full disk must find room for the file that says whose the run is. */
async function takeInAnyCase(home: string, dir: string): Promise<Owner> {
  try {
    return await takeOwnership(dir);
  } catch (thrown) {
    if (!FanoutError.is(thrown) || thrown.code !== "store-failed") throw thrown;
    dropIndex(home);
    return takeOwnership(dir);
  }
}

function isLocked(thrown: unknown): boolean {
  return FanoutError.is(thrown) && thrown.code === "run-locked";
}

function cannotRemove(run_id: string, thrown: unknown): FanoutError {
  return new FanoutError("store-failed", `Run '${run_id}' cannot be removed: ${reasonOf(thrown)}.`);
}
