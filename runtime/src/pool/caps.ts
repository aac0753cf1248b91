import type { RunError } from "#core/model/run.js";
import type { WorkerCaps } from "./poolClient.js";
import type { PoolWorker } from "./worker.js";
import { logExceeded } from "./workerErrors.js";
import { memoryExceeded, memoryShare } from "./workerMemory.js";

const MEGABYTE = 2 ** 20;
/**
 * What goes past the console is cut only when its instance has ended, since nobody else knows where the next one begins.
 * So many times the cap may lie on the disk until then.
 */
const UNCUT = 32;

/** What an instance may take of the machine, seen from outside of its process, which may be deep in a loop. */
export class Caps {
  readonly logBytes: number;

  constructor(readonly caps: WorkerCaps) {
    this.logBytes = caps.logMb * MEGABYTE;
  }

  /** Why the worker's instance has to be ended; null where it does not. */
  excessOf(worker: PoolWorker): RunError | null {
    const { workerMemoryMb } = this.caps;
    if (memoryShare(worker.process.pid, workerMemoryMb) > 1) return memoryExceeded(workerMemoryMb);
    return worker.process.logSize() - worker.logEnd > this.logBytes * UNCUT ? logExceeded() : null;
  }
}
