/** A worker should come back for more about so often: long enough to hide the way there, short enough to be fair. */
const BATCH_MS = 8;
const LARGEST = 256;
const WEIGHT = 0.2;

/** How many instances of a task travel together, learnt from how long they took. */
export class BatchSizer {
  readonly #tasks = new Map<number, { finished: number; mean: number }>();

  record(task: number, duration_ms: number): void {
    const known = this.#tasks.get(task);
    if (!known) {
      this.#tasks.set(task, { finished: 1, mean: duration_ms });
      return;
    }
    known.finished++;
    known.mean += (duration_ms - known.mean) * WEIGHT;
  }

  /** Milliseconds that an instance of the task takes; 0 where none has ended. */
  mean(task: number): number {
    return this.#tasks.get(task)?.mean ?? 0;
  }

  /** Never more than have finished already: a task has to prove that it is quick. */
  size(task: number): number {
    const known = this.#tasks.get(task);
    if (!known) return 1;
    const fitting = Math.floor(BATCH_MS / Math.max(known.mean, 0.001));
    return Math.max(1, Math.min(LARGEST, fitting, known.finished));
  }

  /** Whether the next batch is sent before the last one is done. */
  mayPrefetch(task: number): boolean {
    return this.size(task) > 1;
  }
}
