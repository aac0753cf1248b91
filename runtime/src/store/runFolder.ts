import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import type { RunRecord, RunSummary } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import { processStart } from "./isAlive.js";
import { useForScratch } from "./scratch.js";
import { adviceOn, isFull, reasonOf } from "./systemError.js";
import { removeLeftFolders } from "./temporaryFolders.js";

/** Files of a run, in its own folder `<home>/runs/<run_id>/`. */
export const RUN_FILES = {
  database: "run.db",
  /** One `RunEvent` a line, only ever appended to. */
  events: "events.ndjson",
  /** What the history lists, and which process owns the run. */
  state: "run.json",
  /** Log segments: `w0.log`, `w1.log`, … */
  logs: "logs",
  /** Journals of the workers of a run that is under way: see `pool/journal.ts`. */
  journals: "journals",
  /** Among the segments: what the DAG's own callbacks wrote. */
  dagLog: "dag.log",
} as const;

export interface RunFolder {
  readonly run_id: string;
  readonly dir: string;
}

/** `run.json`. */
export interface RunFile {
  readonly summary: RunRecord;
  /** The engine process. */
  readonly pid: number;
  /** As `processStart` tells it. */
  readonly started: string | null;
}

export function runsFolder(home: string): string {
  return path.join(home, "runs");
}

/**
 * The folder of a run that there is.
 * @throws FanoutError `unknown-run`
 */
export function existingRunFolder(home: string, run_id: string): string {
  const dir = path.join(runsFolder(home), run_id);
  // A run id is a name, never a path to somewhere else.
  if (path.basename(dir) === run_id && readRunFile(dir)) return dir;
  throw new FanoutError("unknown-run", `There is no run '${run_id}' in '${home}'.`, {
    advice: "'fanout runs' lists them.",
  });
}

/** Airflow's id of a run, which its folder is named by; colons are left out, which no Windows folder may have. */
export function runIdFor({ run_type, logical_date }: Pick<RunRecord, "run_type" | "logical_date">): string {
  return `${run_type}__${logical_date.replaceAll(":", "-")}`;
}

/** Makes a folder named by the run's id, with a number behind it where there is such a run already. */
export function createRunFolder(home: string, run: Pick<RunRecord, "run_type" | "logical_date">): RunFolder {
  const base = runIdFor(run);
  return whileWriting(home, () => {
    mkdirSync(runsFolder(home), { recursive: true });
    for (let suffix = 0; ; suffix++) {
      const run_id = suffix === 0 ? base : `${base}__${String(suffix)}`;
      const dir = path.join(runsFolder(home), run_id);
      if (!makeFolder(dir)) continue;
      mkdirSync(path.join(dir, RUN_FILES.logs));
      return { run_id, dir };
    }
  });
}

/** The history folder itself, which keeps itself out of version control. Returns where bundles are kept in it. */
export function createHome(home: string): string {
  const cache = path.join(home, "cache");
  return whileWriting(home, () => {
    mkdirSync(cache, { recursive: true });
    const ignore = path.join(home, ".gitignore");
    if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
    for (const folder of [home, cache]) useForScratch(folder);
    removeLeftFolders();
    return cache;
  });
}

export function writeRunFile(dir: string, summary: RunRecord): void {
  const content: RunFile = { summary, pid: process.pid, started: processStart(process.pid) };
  const file = path.join(dir, RUN_FILES.state);
  const partial = `${file}.partial`;
  const text = JSON.stringify(content);
  try {
    writeFileSync(partial, text);
    renameSync(partial, file);
  } catch (cause) {
    rmSync(partial, { force: true });
    if (!isFull(cause)) throw cause;
    overwrite(file, text);
  }
}

/** Where there is no room for a second file, there is in the block that the first one has; blanks at its end say nothing. */
function overwrite(file: string, text: string): void {
  const fd = openSync(file, "r+");
  try {
    writeSync(fd, text.padEnd(fstatSync(fd).size), 0);
  } finally {
    closeSync(fd);
  }
}

/** Null where the folder holds no run, or not yet. */
export function readRunFile(dir: string): RunFile | null {
  try {
    const stored = JSON.parse(readFileSync(path.join(dir, RUN_FILES.state), "utf8")) as StoredRunFile;
    return { summary: toRecord(stored.summary), pid: stored.pid, started: stored.started ?? null };
  } catch {
    return null;
  }
}

/** What is stored of a run: one of an earlier version has not all of it. */
export type StoredSummary = Omit<RunSummary, "stopped" | "resumable"> & Partial<RunRecord>;
type StoredRunFile = Pick<RunFile, "pid"> & Partial<RunFile> & { readonly summary: StoredSummary };

export function toRecord(stored: StoredSummary): RunRecord {
  const { logical_date, state } = stored;
  const interval = { data_interval_start: logical_date, data_interval_end: logical_date };
  // Of a run of before that was kept, nobody knows it without reading its instances: whoever resumes it is told.
  return { run_type: "manual", ...interval, stopped: null, resumable: state === "failed", ...stored };
}

function makeFolder(dir: string): boolean {
  try {
    mkdirSync(dir);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cause;
  }
}

/** @throws FanoutError `store-failed` in place of what the system says. */
export function whileWriting<T>(home: string, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const advice = adviceOn(cause, "Make the folder writable, or name another one in FANOUT_HOME.");
    throw new FanoutError("store-failed", `The history folder '${home}' cannot be written: ${reasonOf(cause)}.`, {
      advice,
    });
  }
}
