import { UNKNOWN_INPUTS } from "../engine/resultMarker.js";
import { REPORT } from "./messages.js";
import type { PoolWorker } from "./worker.js";

/** What an instance tells of itself before its body has ended. */
export interface Told {
  /** The name that it has from its inputs; null where it has none yet. */
  readonly name: string | null;
  /** As those of a `ResultReport`. */
  readonly inputs: string | null;
}

export const NOTHING_TOLD: Told = { name: null, inputs: UNKNOWN_INPUTS };

/** Notes what the instance that runs tells of itself; false where the line is about something else. */
export function noteTold(running: { told: Told }, line: string): boolean {
  switch (line.charAt(0)) {
    case REPORT.named:
      running.told = { ...running.told, name: JSON.parse(line.slice(1)) as string };
      return true;
    case REPORT.received:
      running.told = { ...running.told, inputs: line.slice(1) || null };
      return true;
    default:
      return false;
  }
}

/** Asks once what an instance of a quick task has received that takes longer than others. */
export function askWhatRuns(worker: PoolWorker, now: number, afterMs: number): void {
  const isDue = worker.running !== undefined && now - worker.busySince > afterMs;
  if (!isDue || worker.isAsked || worker.told.inputs !== UNKNOWN_INPUTS) return;
  worker.isAsked = true;
  worker.process.send({ type: "tell" });
}
