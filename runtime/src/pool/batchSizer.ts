/** A worker should come back for more about so often: long enough to hide the way there, short enough to be fair. */
const BATCH_MS = 8;
const LARGEST = 1024;
const WEIGHT = 0.2;
/** The first of a task fetch what all of them need, and their code is not compiled yet. */
const COLD = 8;
/** Taking so many times as long as those before says that the process was held up, and little of those that follow. */
const SPIKE = 4;
/** Milliseconds that nothing is a spike below. */
const NO_SPIKE_MS = 0.01;
/** Results whose time is taken together: of a few it says nothing. */
const SAMPLE = 256;

/** How many instances of a task travel together, and to how many workers, learnt from how long they took. */
export class BatchSizer {
  readonly #tasks = new Map<number, { finished: number; mean: number }>();
  #results = 0;
  #sample = { results: 0, ms: 0 };
  /** Milliseconds in which the engine takes in what became of one instance: at first more than later. */
  #intake = 0.05;

  record(task: number, duration_ms: number): void {
    this.#results++;
    const known = this.#tasks.get(task);
    if (!known) {
      this.#tasks.set(task, { finished: 1, mean: duration_ms });
      return;
    }
    known.finished++;
    const isWarm = known.finished > COLD;
    const most = isWarm ? SPIKE * Math.max(known.mean, NO_SPIKE_MS) : Infinity;
    const change = (Math.min(duration_ms, most) - known.mean) * WEIGHT;
    known.mean = isWarm || change > 0 ? known.mean + change : duration_ms;
  }

  /** Takes in results, and learns how long that takes. */
  watch<R>(takeIn: () => R): R {
    const [since, before] = [performance.now(), this.#results];
    const found = takeIn();
    this.#sample.ms += performance.now() - since;
    this.#sample.results += this.#results - before;
    if (this.#sample.results >= SAMPLE) {
      this.#intake = this.#sample.ms / this.#sample.results;
      this.#sample = { results: 0, ms: 0 };
    }
    return found;
  }

  /** How many workers can keep the engine busy with the task: more of them would mostly wait for it. */
  mostWorkers(task: number): number {
    return Math.max(1, Math.floor(this.mean(task) / this.#intake));
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
