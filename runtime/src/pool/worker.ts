import type { LoadReport, Span } from "./messages.js";
import type { WorkerProcess } from "./workerProcess.js";

/** One instance that was sent to a worker and has not been answered. */
export interface SentInstance {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
}

/** What the pool knows of one worker. */
export class PoolWorker {
  /** Tasks whose facts it has. */
  readonly knownTasks = new Set<number>();
  /** Settles when it has loaded the DAG file, or cannot. */
  readonly loaded: Promise<LoadReport>;
  resolveLoaded: (report: LoadReport) => void = () => undefined;
  isReady = false;
  /** Its queue was taken back and it has not confirmed that yet. */
  isForgetting = false;
  /** When it began what it does now, in `performance.now()`. */
  busySince = 0;
  /** Bytes of its log that belong to instances that have ended. */
  logEnd = 0;
  readonly #sent: SentInstance[] = [];
  #head = 0;

  constructor(
    /** Number of its log segment. */
    readonly segment: number,
    readonly process: WorkerProcess,
  ) {
    this.loaded = new Promise((resolve) => (this.resolveLoaded = resolve));
  }

  get outstanding(): number {
    return this.#sent.length - this.#head;
  }

  /** The instance that runs, if any: instances are answered in the order in which they were sent. */
  get running(): SentInstance | undefined {
    return this.#sent[this.#head];
  }

  push(task: number, spans: readonly Span[]): void {
    if (this.outstanding === 0) this.busySince = performance.now();
    for (const [from, count, try_number] of spans) {
      for (let offset = 0; offset < count; offset++) this.#sent.push({ task, map_index: from + offset, try_number });
    }
  }

  answered(): void {
    this.#head++;
    this.busySince = performance.now();
    if (this.#head < 1024 && this.#head < this.#sent.length) return;
    this.#sent.splice(0, this.#head);
    this.#head = 0;
  }

  /** Removes the last `count` from the queue. */
  takeBack(count: number): SentInstance[] {
    return count === 0 ? [] : this.#sent.splice(-count);
  }
}
