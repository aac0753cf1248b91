import type { Clock } from "../engine/clock.js";
import type { Dispatcher } from "./dispatcher.js";
import type { PoolClient } from "./poolClient.js";
import { type ReadyQueue, type WaitingSpan, toSpan } from "./readyQueue.js";
import { takeBack } from "./revoke.js";
import type { PoolWorker } from "./worker.js";

/** What starting a process costs: less waiting work than this is done sooner by those that there are. */
export const START_MS = 80;

/** Shares out what waits among the workers that there are. */
export class Feeder {
  constructor(
    readonly ready: ReadyQueue,
    readonly dispatcher: Dispatcher,
    /** Says what a worker has to know of a task. */
    readonly client: Pick<PoolClient, "factsOf">,
    readonly clock: Clock,
  ) {}

  /** Sends what is ready to workers that have room; true where there was anything to send. */
  feed(workers: readonly PoolWorker[]): boolean {
    const byLoad = workers.filter((worker) => worker.takesWork);
    byLoad.sort((a, b) => a.outstanding - b.outstanding);
    let hasSent = false;
    for (const worker of byLoad) hasSent = this.#fill(worker, workers.length) || hasSent;
    return hasSent;
  }

  /** The worker holds no instance of the task any more. */
  released(task: number): void {
    this.dispatcher.limits.release(this.dispatcher.needsOf(task));
  }

  /** Takes back what waits behind a slow instance where others can do it. */
  relieve(workers: readonly PoolWorker[], now: number, { slowMs, most }: { slowMs: number; most: number }): void {
    if (workers.length >= most && !workers.some((worker) => worker.isIdle)) return;
    const heldUp = workers.filter((worker) => worker.outstanding > 1 && now - worker.busySince > slowMs);
    for (const worker of heldUp) takeBack(worker, this.ready);
  }

  /** How many workers more, of `most` in all, would get done sooner what waits. */
  growth(workers: readonly PoolWorker[], now: number, most: number): number {
    if (workers.length >= most || workers.some((worker) => worker.isIdle || !worker.isReady)) return 0;
    const wanted = Math.floor(this.dispatcher.waitingMs(workers, now) / START_MS);
    const useful = Math.min(wanted, this.ready.size, most - workers.length);
    return useful > 0 ? this.dispatcher.room(useful) : 0;
  }

  #fill(worker: PoolWorker, workers: number): boolean {
    for (let hasSent = false; ; hasSent = true) {
      const task = this.dispatcher.next(worker);
      const share = task === undefined ? 0 : this.dispatcher.share(task, worker, workers);
      if (task === undefined || share === 0) return hasSent;
      if (!worker.holds(task)) this.dispatcher.limits.take(this.dispatcher.needsOf(task));
      this.#send(worker, task, this.ready.take(task, share));
    }
  }

  #send(worker: PoolWorker, task: number, spans: readonly WaitingSpan[]): void {
    worker.learn(task, this.client);
    worker.push(task, spans);
    worker.process.claims.add(spans.reduce((sum, { count }) => sum + count, 0));
    worker.process.send({ type: "batch", task, spans: spans.map((span) => toSpan(span, this.clock)) });
  }
}
