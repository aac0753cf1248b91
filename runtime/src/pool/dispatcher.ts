import type { Limits, Need } from "../engine/limits.js";
import type { BatchSizer } from "./batchSizer.js";
import type { ReadyQueue } from "./readyQueue.js";

/** An instance that has run for so long is none of those that are over before the engine has heard of them. */
const LONG_MS = 15;
/** The first of a task fetches what all of them need. */
const FIRST_MS = 60;

/** What decides when the instances of a task run. */
export interface TaskRules {
  /** Higher goes first. */
  readonly weight: number;
  /** What running one instance takes. Those that only this task shares stand before those that others share too. */
  readonly needs: readonly Need[];
}

/** What a worker has to do. */
export interface WorkLoad {
  /** Instances that it was sent and has not answered. */
  readonly outstanding: number;
  /** Whether some of them are the task's. */
  holds(task: number): boolean;
}

/** That of a worker that has just been started. */
const NO_WORK: WorkLoad = { outstanding: 0, holds: () => false };

/**
 * Decides which waiting instances a worker gets. A worker runs one instance at a time, however many of a task it was
 * sent, so it takes of every limit what one instance needs: with its first of the task, until its last is answered.
 */
export class Dispatcher {
  constructor(
    readonly ready: ReadyQueue,
    readonly sizer: BatchSizer,
    readonly limits: Limits,
    /** By position in the plan. */
    readonly rules: readonly TaskRules[],
  ) {
    ready.setWeights(rules.map(({ weight }) => weight));
  }

  /**
   * The task whose instances a worker may get now. What there is too little of is kept for the first task that needs
   * it: an instance that takes all slots of a pool would else wait for ever behind those that take one.
   */
  next(worker: WorkLoad, limits: Limits = this.limits): number | undefined {
    const reserved = new Set<string>();
    return this.ready.find((task) => {
      const needs = this.needsOf(task);
      if (needs.some(({ key }) => reserved.has(key))) return false;
      const short = worker.holds(task) ? null : limits.shortOf(needs);
      if (short) reserved.add(short.key);
      return short === null;
    });
  }

  /** How many instances of the task the worker should be sent; 0 where it has enough to do. */
  share(task: number, worker: WorkLoad, workers: number): number {
    const size = this.sizer.size(task);
    const hasRoom = worker.outstanding === 0 || (this.sizer.mayPrefetch(task) && worker.outstanding < size);
    if (!hasRoom) return 0;
    // Towards the end every worker should get a share.
    return Math.max(1, Math.min(size, Math.ceil(this.ready.size / (2 * workers))));
  }

  /** How many workers that have nothing to do could get something, `most` at most. */
  room(most: number): number {
    const trial = this.limits.copy();
    for (let count = 0; count < most; count++) {
      const task = this.next(NO_WORK, trial);
      if (task === undefined) return count;
      trial.take(this.needsOf(task));
    }
    return most;
  }

  /** How much work waits that more workers can help with, judged by the instances that have ended, and by those that run long. */
  waitingMs(workers: readonly { readonly running: unknown; readonly busySince: number }[], now: number): number {
    const elapsed = workers.map((worker) => (worker.running ? now - worker.busySince : 0));
    const next = this.next(NO_WORK);
    if (next === undefined) return 0;
    const mean = this.sizer.mean(next);
    const isEnough = workers.length >= this.sizer.mostWorkers(next);
    const longest = Math.max(0, ...elapsed.filter((ms) => ms >= (mean > 0 ? LONG_MS : FIRST_MS)));
    return this.ready.size * Math.max(isEnough ? 0 : mean, longest);
  }

  needsOf(task: number): readonly Need[] {
    return this.rules[task]?.needs ?? [];
  }
}
