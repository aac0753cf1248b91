import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isAlive, processStart } from "../store/isAlive.js";

/**
 * Which processes write the journals of a run. Whoever goes on with a run whose engine was killed ends them first: one
 * that is deep in an instance has not noticed yet, and what it would still write nobody would read.
 */
const FILE = /^w\d+\.pid$/;
const PAUSE_MS = 5;
/** Without its engine a worker leaves by itself as soon as it looks. */
const LEAVE_MS = 2000;

interface NotedWorker {
  readonly pid: number;
  /** As `processStart` tells it. */
  readonly started: string | null;
}

/** Before the worker is told to keep a journal. */
export function noteWorker(journals: string, segment: number, pid: number): void {
  const noted: NotedWorker = { pid, started: processStart(pid) };
  writeFileSync(path.join(journals, `w${String(segment)}.pid`), JSON.stringify(noted));
}

/** Resolves when nothing is written into the journals any more. */
export async function endLeftWorkers(journals: string): Promise<void> {
  await Promise.all(notedIn(journals).map(endOne));
}

async function endOne({ pid, started }: NotedWorker): Promise<void> {
  // Only where the system tells when a process started it is certain that the number is still that of the worker.
  if (started !== null && isAlive(pid, started)) endGroup(pid);
  const end = performance.now() + LEAVE_MS;
  while (isAlive(pid, started) && (started !== null || performance.now() < end)) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has just left.
  }
}

function notedIn(journals: string): NotedWorker[] {
  return namesIn(journals).flatMap((name) => {
    try {
      return FILE.test(name) ? [JSON.parse(readFileSync(path.join(journals, name), "utf8")) as NotedWorker] : [];
    } catch {
      // The engine was killed before it was written, and so before the worker had a journal.
      return [];
    }
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
