import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import type { RunningInstance } from "../engine/executor.js";
import { RUN_FILES } from "../store/runFolder.js";
import { Guardian } from "./guardian.js";
import type { JournalReader } from "./journal.js";
import type { PoolOptions } from "./poolClient.js";
import { segmentName } from "./segmentName.js";
import { heapOptions } from "./workerMemory.js";
import { PoolWorker } from "./worker.js";
import { type WorkerExit, WorkerProcess } from "./workerProcess.js";

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
  readonly #guardian = new Guardian();
  /** Of workers that are gone. */
  readonly #leftJournals: JournalReader[] = [];
  #nextSegment: number;
  /** The run's folder of logs; null before it has one. */
  #runFolder: string | null = null;

  constructor(
    readonly options: Pick<PoolOptions, "folder" | "prefix" | "firstSegment" | "caps">,
    readonly listener: CrewListener,
  ) {
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
    const listener = {
      onReport: (line: string) => this.listener.onReport(worker, line),
      onBurst: () => this.listener.onBurst(),
      onExit: (exit: WorkerExit) => this.#onExit(worker, exit),
    };
    const { workerMemoryMb } = this.options.caps ?? DEFAULT_PROJECT_OPTIONS;
    const process = new WorkerProcess(this.logFile(segment), claimFile, listener, heapOptions(workerMemoryMb));
    const worker = new PoolWorker(segment, process, (task) => this.listener.onReleased(task));
    this.#workers.add(worker);
    this.#guard();
    return worker;
  }

  #onExit(worker: PoolWorker, exit: WorkerExit): void {
    this.#workers.delete(worker);
    this.#guard();
    worker.readJournal();
    if (worker.journal) this.#leftJournals.push(worker.journal);
    this.listener.onExit(worker, exit);
  }

  /** Everything that their journals told of is committed. */
  committed(): void {
    for (const { journal } of this.#workers) journal?.committed(false);
    for (const journal of this.#leftJournals.splice(0)) journal.committed(true);
  }

  /** From here on they print into the run's folder. */
  moveTo(folder: string): void {
    for (const { segment } of this.#workers) {
      renameSync(this.logFile(segment), path.join(folder, segmentName(segment)));
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
  rest(): void {
    for (const worker of this.#workers) {
      if (!worker.isReady || worker.outstanding > 0) continue;
      worker.isReady = false;
      void worker.process.end();
    }
  }

  /**
   * From its start on no worker outlives the engine: one may loop before anybody could look at what it does. The number
   * of one that is gone may soon be that of somebody else's processes.
   */
  #guard(): void {
    this.#guardian.protect(this.workers.flatMap(({ process: { pid } }) => (pid === undefined ? [] : [pid])));
  }

  /** Ends all processes; those that run something are killed. */
  async end(): Promise<void> {
    await Promise.all(
      this.workers.map((worker) => {
        if (worker.isReady && worker.outstanding === 0) return worker.process.end();
        worker.process.kill();
        return worker.process.closed;
      }),
    );
    // The files stay: of what could not be committed, only they tell whoever goes on with the run.
    for (const journal of this.#leftJournals.splice(0)) journal.close();
  }

  /** After the end: nothing is left to be guarded, and where no run began nobody reads what was printed. */
  async leave(): Promise<void> {
    await this.#guardian.end();
    if (this.#runFolder !== null) return;
    for (let segment = this.#firstSegment; segment < this.#nextSegment; segment++) {
      rmSync(this.logFile(segment), { force: true });
    }
  }

  get #firstSegment(): number {
    return this.options.firstSegment ?? 0;
  }

  get #folder(): string {
    return this.#runFolder ?? this.options.folder;
  }
}
