import { appendFileSync, statSync } from "node:fs";
import type { LogRange } from "../store/runStore.js";
import { appendLog } from "./callbacks.js";
import { type LateThrow, REPORT } from "./messages.js";
import type { PoolClient } from "./poolClient.js";
import type { PoolWorker } from "./worker.js";

/** Notes that an instance has thrown that had ended; false where the line is about something else. */
export function noteLate(worker: PoolWorker, line: string): boolean {
  if (!line.startsWith(REPORT.thrownLate)) return false;
  const thrown = JSON.parse(line.slice(1)) as LateThrow | null;
  if (thrown) worker.lateThrows.push(thrown);
  worker.isLeaving = true;
  return true;
}

/**
 * Adds what instances threw after they had ended to their logs. The process from which they were thrown prints nothing
 * more; a log may be that of another one, which does.
 */
export function tellLate(
  { lateThrows, segment: own }: PoolWorker,
  client: PoolClient | undefined,
  logFile: (segment: number) => string,
): void {
  const file = logFile(own);
  for (const thrown of lateThrows.splice(0)) {
    client?.onThrownLate(thrown, ({ segment, from, to }: LogRange) => {
      const start = statSync(file).size;
      // What others printed meanwhile stands behind it: the whole of it begins anew.
      appendLog([from, to ?? from], logFile(segment), file);
      appendFileSync(file, `Thrown after the instance had ended:\n${thrown.text}\n`);
      return { segment: own, from: start, to: statSync(file).size };
    });
  }
}
