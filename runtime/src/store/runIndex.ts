import { appendFileSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import { type StoredSummary, readRunFile, runsFolder, toRecord } from "./runFolder.js";

/** `<home>/index.ndjson`: summaries of all runs, the last line of each holds. Only a shortcut: folders are the truth. */
const INDEX = "index.ndjson";

export function addToIndex(home: string, summary: RunRecord): void {
  appendFileSync(path.join(home, INDEX), `${JSON.stringify(summary)}\n`);
}

/** Summaries of all runs, in no order. Reads the folder of a run that the index does not know, or knows as live. */
export function readIndex(home: string): RunRecord[] {
  const known = readLines(home);
  const folders = listRuns(home);
  const isComplete = folders.every((run_id) => known.has(run_id));
  const summaries = folders.flatMap((run_id) => {
    const summary = known.get(run_id);
    return summary && summary.end !== null ? [summary] : readSummary(home, run_id);
  });
  if (!isComplete || known.size > folders.length) rewrite(home, summaries);
  return summaries;
}

function readLines(home: string): Map<string, RunRecord> {
  const summaries = new Map<string, RunRecord>();
  for (const line of readText(path.join(home, INDEX)).split("\n")) {
    const summary = parse(line);
    if (summary) summaries.set(summary.run_id, summary);
  }
  return summaries;
}

function readSummary(home: string, run_id: string): RunRecord[] {
  const file = readRunFile(path.join(runsFolder(home), run_id));
  return file ? [file.summary] : [];
}

function listRuns(home: string): string[] {
  try {
    const entries = readdirSync(runsFolder(home), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

function rewrite(home: string, summaries: readonly RunRecord[]): void {
  const partial = path.join(home, `${INDEX}.${String(process.pid)}.partial`);
  try {
    writeFileSync(partial, summaries.map((summary) => `${JSON.stringify(summary)}\n`).join(""));
    renameSync(partial, path.join(home, INDEX));
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

function parse(line: string): RunRecord | null {
  if (line === "") return null;
  try {
    return toRecord(JSON.parse(line) as StoredSummary);
  } catch {
    return null;
  }
}
