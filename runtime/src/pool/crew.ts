import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import type { RunningInstance } from "../engine/executor.js";
import type { LoadedDag } from "../engine/plan.js";
import { RUN_FILES } from "../store/runFolder.js";
import { Guardian } from "./guardian.js";
import type { JournalReader } from "./journal.js";
import type { PoolOptions, WorkerCaps } from "./poolClient.js";
import { segmentName } from "./segmentName.js";
import type { Shelf } from "./spareWorkers.js";
import { heapOptions } from "./workerMemory.js";
import { PoolWorker } from "./worker.js";
import { type WorkerExit, type WorkerListener, WorkerProcess } from "./workerProcess.js";

/** What is told of the workers. */
export interface CrewListener {
  onReport(worker: PoolWorker, line: string): void;
  onBurst(): void;
  /** It is none of the workers any more; what it has written into its journal was told of before. */
  onExit(worker: PoolWorker, exit: WorkerExit): void;
  /** A worker holds no instance of the task any more. */
  onReleased(task: number): void;
}

/** The worker processes of a pool, and the files that they write. */
export class Crew {
  readonly #workers = new Set<PoolWorker>();
  readonly #guardian: Guardian;
  /** Of workers that are gone. */
  readonly #leftJournals: JournalReader[] = [];
  #nextSegment: number;
  /** The run's folder of logs; null before it has one. */
  #runFolder: string | null = null;

  constructor(
    readonly options: Pick<PoolOptions, "folder" | "prefix" | "firstSegment" | "caps" | "spares">,
    readonly listener: CrewListener,
  ) {
    this.#guardian = options.spares?.guardian ?? new Guardian();
    this.#nextSegment = this.#firstSegment;
  }

  get workers(): readonly PoolWorker[] {
    return [...this.#workers];
  }

  get size(): number {
    return this.#workers.size;
  }

  /** Whether a worker has something to do or is being started. */
  get isBusy(): boolean {
    return this.workers.some((worker) => !worker.isReady || worker.outstanding > 0);
  }

  /** Instances that run now, with their worker's segment and the start of their log. */
  running(): RunningInstance[] {
    const now = performance.now();
    return this.workers.flatMap(({ running, told, segment, logEnd, busySince }) =>
      running ? [{ segment, logFrom: logEnd, instance: running, ...told, forMs: now - busySince }] : [],
    );
  }

  /** Starts one more process, which has yet to load the DAG file. */
  start(): PoolWorker {
    const segment = this.#nextSegment++;
    const claimFile = path.join(this.#folder, `${this.options.prefix}${String(segment)}.claims`);
    const listener = this.#listenerOf(() => worker);
    const process = new WorkerProcess(
      this.logFile(segment),
      claimFile,
      listener,
      heapOptions(this.#caps.workerMemoryMb),
    );
    // From its start on no worker outlives the engine: one may loop before anybody could look at what it does.
    this.#guardian.protect(process.pid);
    const worker = new PoolWorker(segment, process, (task) => this.listener.onReleased(task));
    this.#workers.add(worker);
    return worker;
  }

  /** Takes over one that an earlier run has left, with what came of executing the DAG file. */
  adopt(process: WorkerProcess, dag: LoadedDag): PoolWorker {
    const onReleased = (task: number): void => this.listener.onReleased(task);
    const worker = new PoolWorker(this.#nextSegment++, process, onReleased, dag);
    process.attend(this.#listenerOf(() => worker));
    this.#workers.add(worker);
    return worker;
  }

  #listenerOf(worker: () => PoolWorker): WorkerListener {
    return {
      onReport: (line) => this.listener.onReport(worker(), line),
      onBurst: () => this.listener.onBurst(),
      onExit: (exit) => this.#onExit(worker(), exit),
    };
  }

  #onExit(worker: PoolWorker, exit: WorkerExit): void {
    this.#workers.delete(worker);
    this.#guardian.forget(worker.process.pid);
    worker.readJournal();
    if (worker.journal) this.#leftJournals.push(worker.journal);
    this.listener.onExit(worker, exit);
  }

  /** Everything that their journals told of is committed. */
  committed(): void {
    for (const { journal } of this.#workers) journal?.committed(false);
    for (const journal of this.#leftJournals.splice(0)) journal.committed(true);
  }

  /** From here on they print into the run's folder; those of an earlier run do when they get to know this one. */
  moveTo(folder: string): void {
    for (const { segment, adopted } of this.#workers) {
      if (!adopted) renameSync(this.logFile(segment), path.join(folder, segmentName(segment)));
    }
    this.#runFolder = folder;
  }

  /** Of a segment, or, where that is null, the log of the DAG. */
  logFile(segment: number | null): string {
    if (segment === null) return path.join(this.#folder, RUN_FILES.dagLog);
    const prefix = this.#runFolder === null ? this.options.prefix : "";
    return path.join(this.#folder, `${prefix}${segmentName(segment)}`);
  }

  /** Those without anything to do leave. */
  rest(shelf: Shelf | null): void {
    for (const worker of this.#workers) {
      if (worker.isReady && worker.outstanding === 0) void this.#dismiss(worker, shelf);
    }
  }

  /** Ends all processes; those that run something are killed. Idle ones go to the shelf, where there is one. */
  async end(shelf: Shelf | null): Promise<void> {
    await Promise.all(this.workers.map((worker) => this.#dismiss(worker, shelf)));
    // The files stay: of what could not be committed, only they tell whoever goes on with the run.
    for (const journal of this.#leftJournals.splice(0)) journal.close();
  }

  async #dismiss(worker: PoolWorker, shelf: Shelf | null): Promise<void> {
    if (!worker.isReady || worker.outstanding > 0) {
      worker.process.kill();
      return worker.process.closed;
    }
    worker.isReady = false;
    if (!shelf || !(await worker.finish()) || !shelf.keep(worker.process)) return worker.process.end();
    this.#workers.delete(worker);
    worker.readJournal();
    if (worker.journal) this.#leftJournals.push(worker.journal);
  }

  /** After the end: nothing is left to be guarded, and where no run began nobody reads what was printed. */
  async leave(): Promise<void> {
    if (!this.options.spares) await this.#guardian.end();
    if (this.#runFolder !== null) return;
    for (let segment = this.#firstSegment; segment < this.#nextSegment; segment++) {
      rmSync(this.logFile(segment), { force: true });
    }
  }

  get #caps(): WorkerCaps {
    return this.options.caps ?? DEFAULT_PROJECT_OPTIONS;
  }

  get #firstSegment(): number {
    return this.options.firstSegment ?? 0;
  }

  get #folder(): string {
    return this.#runFolder ?? this.options.folder;
  }
}
