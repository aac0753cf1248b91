import type { RunError } from "#core/model/run.js";
import type { Plan } from "../engine/plan.js";
import type { CallbackDesk } from "./callbackDesk.js";
import type { Caps } from "./caps.js";
import type { PoolClient } from "./poolClient.js";
import type { ReadyQueue } from "./readyQueue.js";
import { condemn, takeBack } from "./revoke.js";
import type { PoolWorker } from "./worker.js";
import { taskTimeout } from "./workerErrors.js";

/** Ends instances that must not go on. Whatever they do, even in a loop: it is outside of their processes. */
export class Watchdog {
  #banned: { readonly isMeant: (task: number) => boolean; readonly error: RunError } | null = null;

  constructor(
    readonly ready: ReadyQueue,
    readonly caps: Caps,
    readonly callbacks: CallbackDesk,
  ) {}

  /** As `Executor.ban`. */
  ban(isMeant: (task: number) => boolean, error: RunError, workers: readonly PoolWorker[]): void {
    this.#banned = { isMeant, error };
    for (const worker of workers) takeBack(worker, this.ready);
  }

  /** Ends what is banned: an instance may have begun in the very moment in which its task was. */
  applyBan(workers: readonly PoolWorker[], client: Pick<PoolClient, "onDropped"> | undefined): void {
    if (!this.#banned) return;
    const { isMeant, error } = this.#banned;
    for (const { task, spans } of this.ready.drop(isMeant)) client?.onDropped(task, spans);
    for (const worker of workers) {
      if (worker.running && isMeant(worker.running.task)) condemn(worker, this.ready, error);
    }
  }

  /** Ends what the worker does where that takes too long, or too much. */
  check(worker: PoolWorker, { tasks }: Plan, now: number): void {
    if (this.callbacks.check(worker, now, this.ready)) return;
    const task = worker.running && tasks[worker.running.task];
    if (!task) return;
    const limit = task.executionTimeoutMs;
    const error =
      limit !== null && now - worker.busySince > limit ? taskTimeout(task, limit) : this.caps.excessOf(worker);
    if (error) condemn(worker, this.ready, error);
  }
}
