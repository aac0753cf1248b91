import { REST_MS } from "../engine/heartbeat.js";
import type { LoadedDag } from "../engine/plan.js";
import { START_MS } from "./feeder.js";
import { Guardian } from "./guardian.js";
import type { LoadCommand } from "./messages.js";
import type { WorkerCaps } from "./poolClient.js";
import { memoryShare } from "./workerMemory.js";
import type { WorkerProcess } from "./workerProcess.js";

/** On Windows a process passes on what it was started with, whatever it opens in place of it. */
const CAN_PRINT_ELSEWHERE = process.platform !== "win32";
/** One that holds more of what it may take of memory could be ended for it in the middle of somebody else's instance. */
const MOST_MEMORY = 0.5;

/**
 * Worker processes between the runs of a backfill. Starting one and executing the DAG file in it takes much longer than
 * a small run does, so a run takes over those of earlier runs that are idle, have executed the very same code and hold
 * nothing that is still under way; and as it is known what the code declares, it needs none before an instance may run.
 */
export class SpareWorkers {
  /** Of all workers of these runs: none outlives the engine, also not between two runs. */
  readonly guardian = new Guardian();
  #current: { readonly key: string; readonly shelf: Shelf } | null = null;
  readonly #leaving: Promise<void>[] = [];

  /** Most of them that are kept: so many as may run an instance at once. */
  constructor(readonly most: number) {}

  /** Whether a run may do without a worker of its own before it begins. */
  get isWarm(): boolean {
    return this.#current?.shelf.isClosed === false && this.#current.shelf.dag !== null;
  }

  /** Those with other code leave: the file has changed, and nobody comes back to it. */
  shelfOf({ bundle, file, dag_id }: LoadCommand, caps: WorkerCaps): Shelf {
    const key = JSON.stringify([bundle, file, dag_id, caps.workerMemoryMb, caps.logMb]);
    if (this.#current?.key === key && !this.#current.shelf.isClosed) return this.#current.shelf;
    if (this.#current) this.#leaving.push(this.#current.shelf.close());
    const shelf = new Shelf(this.most, caps, this.guardian);
    this.#current = { key, shelf };
    return shelf;
  }

  /** Ends them; those that are in a run end with it. */
  async close(): Promise<void> {
    await Promise.all([...this.#leaving, this.#current?.shelf.close()]);
    await this.guardian.end();
  }
}

/** Idle worker processes that have executed the same code, and may take the same. */
export class Shelf {
  /** What came of executing it; null before anybody has. */
  dag: LoadedDag | null = null;
  /** With the timer that ends each of them. */
  readonly #idle = new Map<WorkerProcess, NodeJS.Timeout>();
  readonly #waiting: ((found: WorkerProcess | null) => void)[] = [];
  #patience: NodeJS.Timeout | null = null;
  readonly #leaving = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(
    readonly most: number,
    readonly caps: WorkerCaps,
    readonly guardian: Guardian,
  ) {}

  /**
   * One of them. Where there is none and as many as may run an instance at once are with other runs, the next one that is
   * given back, unless none is for as long as starting one takes; null where another one should be started. Whoever has it
   * is told what becomes of it.
   */
  async take(): Promise<WorkerProcess | null> {
    const [worker] = this.#idle.keys();
    if (worker) this.#forget(worker);
    if (worker || this.guardian.size < this.most) return worker ?? null;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#patience ??= setTimeout(() => this.#giveNext(null), START_MS);
    });
  }

  /** To whoever waits longest. Patience begins anew: as long as some come back, all who wait get one. */
  #giveNext(worker: WorkerProcess | null): void {
    if (this.#patience) clearTimeout(this.#patience);
    this.#waiting.shift()?.(worker);
    this.#patience = this.#waiting.length > 0 ? setTimeout(() => this.#giveNext(null), START_MS) : null;
  }

  /** Takes over a process that does nothing; false where it is not wanted. */
  keep(worker: WorkerProcess): boolean {
    if (!CAN_PRINT_ELSEWHERE || this.isClosed || this.#idle.size >= this.most) return false;
    if (memoryShare(worker.pid, this.caps.workerMemoryMb) > MOST_MEMORY) return false;
    if (this.#waiting.length > 0) {
      this.#giveNext(worker);
      return true;
    }
    this.#idle.set(
      worker,
      setTimeout(() => this.#dismiss(worker), REST_MS),
    );
    const onExit = (): void => {
      this.#forget(worker);
      this.guardian.forget(worker.pid);
    };
    worker.attend({ onReport: () => undefined, onBurst: () => undefined, onExit });
    return true;
  }

  get isClosed(): boolean {
    return this.#closing !== null;
  }

  /** What they have executed does not hold any more: they end, and no other is kept. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    while (this.#waiting.length > 0) this.#giveNext(null);
    for (const worker of this.#idle.keys()) this.#dismiss(worker);
    await Promise.all(this.#leaving);
  }

  #dismiss(worker: WorkerProcess): void {
    this.#forget(worker);
    const gone: Promise<unknown> = worker.end().then(() => this.#leaving.delete(gone));
    this.#leaving.add(gone);
  }

  #forget(worker: WorkerProcess): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
  }
}
