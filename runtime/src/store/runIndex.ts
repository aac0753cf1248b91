import { appendFileSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import { RUN_FILES, type StoredSummary, readRunFile, runsFolder, toRecord } from "./runFolder.js";
import { scratchName } from "./scratch.js";

/**
 * `<home>/index.ndjson`: summaries of all runs, the last line of each holds. Only a shortcut, so that thousands of files
 * need not be read: the folders are the truth, and a line counts only as long as its run's file is the one it was made of.
 */
const INDEX = "index.ndjson";
/** More lines than this for each run, and the file is written anew. */
const LINES_PER_RUN = 4;
const LINES_AT_LEAST = 100;

interface Entry {
  readonly summary: RunRecord;
  /** When the run's file was last written, as the system has it; null in lines of before that was noted. */
  readonly written: number | null;
}

/** The run's file has just been written. */
export function addToIndex(home: string, summary: RunRecord): void {
  const written = writtenAt(home, summary.run_id);
  if (written !== null) appendFileSync(path.join(home, INDEX), lineOf({ summary, written }));
}

/** Makes a little room on a full disk: the next one that reads makes the index anew. */
export function dropIndex(home: string): void {
  rmSync(path.join(home, INDEX), { force: true });
}

/** Summaries of all runs, in no order. Reads the folder of a run that the index does not know, or not as it is now. */
export function readIndex(home: string): RunRecord[] {
  const { entries, lines } = readEntries(home);
  const added: Entry[] = [];
  const all: Entry[] = [];
  for (const run_id of listRuns(home)) {
    const known = entries.get(run_id);
    const written = writtenAt(home, run_id);
    if (written === null) continue;
    const entry = known?.written === written ? known : readEntry(home, run_id, written);
    if (!entry) continue;
    all.push(entry);
    if (entry !== known) added.push(entry);
  }
  const isLong = lines > LINES_AT_LEAST && lines > LINES_PER_RUN * all.length;
  bringUpToDate(home, isLong ? { all } : { added });
  return all.map(({ summary }) => summary);
}

function readEntries(home: string): { readonly entries: Map<string, Entry>; readonly lines: number } {
  const entries = new Map<string, Entry>();
  const lines = readText(path.join(home, INDEX)).split("\n");
  for (const line of lines) {
    const entry = parse(line);
    if (entry) entries.set(entry.summary.run_id, entry);
  }
  return { entries, lines: lines.length };
}

function readEntry(home: string, run_id: string, written: number): Entry | null {
  const file = readRunFile(path.join(runsFolder(home), run_id));
  return file && { summary: file.summary, written };
}

function writtenAt(home: string, run_id: string): number | null {
  const file = path.join(runsFolder(home), run_id, RUN_FILES.state);
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function listRuns(home: string): string[] {
  try {
    const entries = readdirSync(runsFolder(home), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Others write it meanwhile: a line of theirs that is lost is found missing by the next one that reads. */
function bringUpToDate(
  home: string,
  change: { readonly all: readonly Entry[] } | { readonly added: readonly Entry[] },
) {
  const file = path.join(home, INDEX);
  try {
    if ("added" in change) {
      // A line that was being written when its process was killed must not swallow the next one.
      if (change.added.length > 0) appendFileSync(file, `\n${change.added.map(lineOf).join("")}`);
      return;
    }
    const partial = path.join(home, scratchName());
    writeFileSync(partial, change.all.map(lineOf).join(""));
    renameSync(partial, file);
  } catch {
    // A folder that only may be read is still a history.
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function lineOf({ summary, written }: Entry): string {
  return `${JSON.stringify({ ...summary, written })}\n`;
}

function parse(line: string): Entry | null {
  if (line === "") return null;
  try {
    const { written = null, ...summary } = JSON.parse(line) as StoredSummary & { readonly written?: number };
    return { summary: toRecord(summary), written };
  } catch {
    return null;
  }
}
