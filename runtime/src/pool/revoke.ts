import type { RunError } from "#core/model/run.js";
import type { ReadyQueue } from "./readyQueue.js";
import type { PoolWorker, SentInstance } from "./worker.js";

/** Takes back what the worker was sent and has not begun, so that it waits for any worker again. */
export function takeBack(worker: PoolWorker, ready: ReadyQueue): void {
  if (worker.isForgetting || worker.outstanding < 2) return;
  const taken = worker.process.claims.takeBack(worker.outstanding - 1);
  if (taken === 0) return;
  worker.isForgetting = true;
  worker.process.send({ type: "forget" });
  putBack(ready, worker.takeBack(taken));
}

export function putBack(ready: ReadyQueue, instances: readonly SentInstance[]): void {
  for (const { task, map_index, try_number, since } of instances) {
    ready.add(task, { from: map_index, count: 1, try_number, since });
  }
}

/**
 * Kills a worker for the sake of the instance that it runs. No other may die with it, so what waits behind is taken back
 * first; where more than the one is left, the worker has begun the next one meanwhile, and that answer is on its way.
 */
export function condemn(worker: PoolWorker, ready: ReadyQueue, error: RunError): void {
  if (worker.condemned) return;
  takeBack(worker, ready);
  if (worker.outstanding === 1) end(worker, error);
}

/** Kills a worker, for a reason that the instance is told which it runs. */
export function end(worker: PoolWorker, error: RunError): void {
  worker.condemned = error;
  worker.isReady = false;
  worker.process.kill();
}
