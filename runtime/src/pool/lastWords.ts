import type { RunError } from "#core/model/run.js";
import { endLog, logTail } from "./logCap.js";
import type { PoolWorker } from "./worker.js";
import { died } from "./workerErrors.js";
import type { WorkerExit } from "./workerProcess.js";

/** Bytes of a dead worker's log that may tell why it died. */
const TAIL_BYTES = 65_536;

/** Where a dead worker printed, how much of it is kept, and whether its engine ended it with all the others. */
export interface DeadLog {
  readonly file: string;
  readonly capBytes: number;
  readonly isOver: boolean;
}

/** Why a worker is gone; whoever reads the log of what it ran reads it there, too. */
export function lastWords(worker: PoolWorker, exit: WorkerExit, { file, capBytes, isOver }: DeadLog): RunError {
  const { logEnd, condemned, running } = worker;
  const error = condemned ?? died(exit, running ? tryTo(() => logTail(file, logEnd, TAIL_BYTES)) : "");
  const isTold = worker.abandoned !== null || (worker.callingBack?.result ?? null) !== null;
  const isNews = condemned !== null || (running !== undefined && !isTold && !isOver);
  if (isNews) tryTo(() => endLog(file, logEnd, { capBytes, reason: error.message }));
  return error;
}

/** A log that somebody took away, or a disk without room for the reason: the instance's record tells it all the same. */
function tryTo(work: () => string | void): string {
  try {
    return work() ?? "";
  } catch {
    return "";
  }
}
