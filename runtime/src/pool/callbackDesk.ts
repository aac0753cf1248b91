import { existsSync, statSync } from "node:fs";
import { appendLog, callbackAge, callbackTimeout, callbackTimeoutMs } from "./callbacks.js";
import type { CallbackJob } from "./messages.js";
import type { ReadyQueue } from "./readyQueue.js";
import { condemn } from "./revoke.js";
import type { PoolWorker } from "./worker.js";

/** What callbacks need of the pool. */
export interface CallbackPorts {
  /** A worker that gets nothing else to do and knows the task; null where the run is over. */
  reserve(task: number): Promise<PoolWorker | null>;
  /** The worker has nothing to do any more. */
  release(): void;
  /** Of a segment, or, where that is null, the log of the DAG. */
  logFile(segment: number | null): string;
}

/** Callbacks that are made apart from running an instance, and the time that any callbacks may take. */
export class CallbackDesk {
  readonly #limitMs = callbackTimeoutMs();
  readonly #underWay = new Set<Promise<number>>();

  constructor(readonly ports: CallbackPorts) {}

  /** As `Executor.callBack`. */
  callBack(job: CallbackJob, segment: number | null): Promise<number> {
    const work = this.#callBack(job, segment);
    this.#underWay.add(work);
    const forget = (): unknown => this.#underWay.delete(work);
    // Whoever asked for it is told what went wrong; here it is over.
    work.then(forget, forget);
    return work;
  }

  /** Resolves when none are under way; they are ended by ending their workers. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  /** Ends what takes too long. True where the worker makes callbacks, whose time is not the instance's. */
  check(worker: PoolWorker, now: number, ready: ReadyQueue): boolean {
    if (!worker.callingBack && !worker.callbackWork) return false;
    if (worker.condemned || callbackAge(worker, now) <= this.#limitMs) return true;
    const error = callbackTimeout(this.#limitMs);
    if (worker.callbackWork) {
      worker.condemned = error;
      worker.process.kill();
    } else {
      condemn(worker, ready, error);
    }
    return true;
  }

  async #callBack(job: CallbackJob, segment: number | null): Promise<number> {
    const target = this.ports.logFile(segment);
    const worker = await this.ports.reserve(job.task);
    if (worker) {
      const log = await new Promise<readonly [number, number]>((end) => {
        worker.callbackWork = { since: performance.now(), end };
        worker.process.send({ type: "callback", ...job });
      });
      appendLog(log, this.ports.logFile(worker.segment), target);
      this.ports.release();
    }
    return existsSync(target) ? statSync(target).size : 0;
  }
}
