import { rename, rm } from "node:fs/promises";
import path from "node:path";
import type { RunError } from "#core/model/run.js";
import type { Executor, RunningInstance } from "../engine/executor.js";
import type { LoadedDag, Plan } from "../engine/plan.js";
import type { XcomDesk } from "../engine/xcomDesk.js";
import { FanoutError } from "../errors.js";
import { BatchSizer } from "./batchSizer.js";
import { Guardian } from "./guardian.js";
import {
  type Command,
  type LoadReport,
  REPORT,
  type ResultReport,
  type RunFacts,
  type Span,
  type TaskFacts,
  decodeResult,
} from "./messages.js";
import { ReadyQueue } from "./readyQueue.js";
import { segmentName } from "./segmentName.js";
import { PoolWorker, type SentInstance } from "./worker.js";
import { serve } from "./serve.js";
import { died, disagreement, loadDied, loadTimeout } from "./workerErrors.js";
import { type WorkerExit, WorkerProcess } from "./workerProcess.js";

/** How often the pool looks for workers that are held up, and whether more of them would help. */
const TICK_MS = 20;
/** What starting a process costs: less waiting work than this is done sooner by those that there are. */
const START_MS = 80;
const LOAD_TIMEOUT_MS = 60_000;
/** An instance that runs longer may well outlive an engine that is killed. */
const GUARD_MS = 500;

export interface PoolOptions {
  /** Most worker processes at once. */
  readonly parallelism: number;
  /** Where log segments and claim files lie until the run has its own folder. */
  readonly folder: string;
  /** Part of their names that no other pool uses. */
  readonly prefix: string;
}

/** An instance whose process ended before it did, and what it had printed by then. */
export interface Interrupted {
  readonly segment: number;
  readonly instance: SentInstance;
  readonly log: readonly [from: number, to: number];
}

/** What the pool tells the run, and asks it. */
export interface PoolClient {
  onResult(segment: number, report: ResultReport): void;
  /** A worker died while it ran this instance. */
  onDied(interrupted: Interrupted, error: RunError): void;
  /** JSON of the inputs that all instances of a task share. */
  onInputs(task: number, json: string): void;
  /** After a burst of results. */
  onBurst(): void;
  /** The run cannot go on. */
  onFatal(error: RunError): void;
  factsOf(task: number): TaskFacts;
  /** What instances push and pull. */
  readonly xcoms: XcomDesk;
  /** JSON texts of a task's results, from the `from`-th on, at most `count`, at least one where there is one. */
  resultsOf(task: number, from: number, count: number): string[];
}

/** Worker processes and the instances that wait for them. Few instances get few processes. */
export class Pool implements Executor {
  readonly ready = new ReadyQueue();
  readonly #sizer = new BatchSizer();
  readonly #workers = new Set<PoolWorker>();
  readonly #guardian = new Guardian();
  #folder: string;
  #nextSegment = 0;
  #load: Extract<Command, { type: "load" }> | null = null;
  #run: { client: PoolClient; facts: RunFacts; plan: Plan } | null = null;
  #ticker: NodeJS.Timeout | null = null;
  #isOver = false;
  #closing: Promise<readonly Interrupted[]> | null = null;
  readonly #interrupted: Interrupted[] = [];

  constructor(readonly options: PoolOptions) {
    this.#folder = options.folder;
  }

  /** Starts a process before it is known what it will load, so that both can be waited for together. */
  warmUp(): void {
    this.#spawn();
  }

  /**
   * Executes the bundle in a worker, which stays for the run.
   * @throws FanoutError where it does not load.
   */
  async load(command: Omit<Extract<Command, { type: "load" }>, "type">): Promise<LoadedDag> {
    this.#load = { ...command, type: "load" };
    const worker = [...this.#workers][0] ?? this.#spawn();
    worker.process.send(this.#load);
    const report = await this.#waitForLoad(worker);
    if (report.ok) return report.dag;
    throw FanoutError.from(report.error);
  }

  /** From here on, what is in `ready` runs. Log segments move to `folder`. */
  async begin(client: PoolClient, facts: RunFacts, plan: Plan, folder: string): Promise<void> {
    for (const { segment } of this.#workers)
      await rename(this.#logFile(segment), path.join(folder, segmentName(segment)));
    this.#run = { client, facts, plan };
    this.#folder = folder;
    for (const worker of this.#workers) this.#welcome(worker);
  }

  /** Instances that run now, with their worker's segment and the start of their log. */
  running(): RunningInstance[] {
    const now = performance.now();
    return [...this.#workers].flatMap(({ running, segment, logEnd, busySince }) =>
      running ? [{ segment, logFrom: logEnd, instance: running, forMs: now - busySince }] : [],
    );
  }

  /** Sends what is ready to workers that have room. */
  dispatch(): void {
    if (this.#isOver || !this.#run) return;
    const byLoad = [...this.#workers].filter((worker) => worker.isReady && !worker.isForgetting);
    byLoad.sort((a, b) => a.outstanding - b.outstanding);
    for (const worker of byLoad) this.#fill(worker);
    if (this.#workers.size === 0 && this.ready.size > 0) void this.#spawnForRun();
    this.#ticker ??= setInterval(() => this.#tick(), TICK_MS);
  }

  /** Ends all processes; those that run something are killed. Returns what they ran; may be called again. */
  close(): Promise<readonly Interrupted[]> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<readonly Interrupted[]> {
    this.#isOver = true;
    this.ready.clear();
    if (this.#ticker) clearInterval(this.#ticker);
    const segments = Array.from({ length: this.#nextSegment }, (_, segment) => segment);
    await Promise.all(
      [...this.#workers].map((worker) => {
        if (worker.isReady && worker.outstanding === 0) return worker.process.end();
        worker.process.kill();
        return worker.process.closed;
      }),
    );
    await this.#guardian.end();
    if (!this.#run) await Promise.all(segments.map((segment) => rm(this.#logFile(segment), { force: true })));
    return this.#interrupted;
  }

  #fill(worker: PoolWorker): void {
    for (;;) {
      const task = this.ready.nextTask;
      if (task === undefined) return;
      const size = this.#sizer.size(task);
      const hasRoom = worker.outstanding === 0 || (this.#sizer.mayPrefetch(task) && worker.outstanding < size);
      if (!hasRoom) return;
      // Towards the end every worker should get a share.
      const share = Math.ceil(this.ready.size / (2 * this.#workers.size));
      this.#send(worker, Math.max(1, Math.min(size, share)));
    }
  }

  #send(worker: PoolWorker, atMost: number): void {
    if (!this.#run) return;
    const { task, count, spans } = this.ready.take(atMost);
    if (!worker.knownTasks.has(task)) {
      worker.knownTasks.add(task);
      worker.process.send({ type: "task", task, facts: this.#run.client.factsOf(task) });
    }
    worker.push(task, spans);
    worker.process.claims.add(count);
    worker.process.send({ type: "batch", task, spans });
  }

  #spawn(): PoolWorker {
    const segment = this.#nextSegment++;
    const claimFile = path.join(this.#folder, `${this.options.prefix}${String(segment)}.claims`);
    const process = new WorkerProcess(this.#logFile(segment), claimFile, {
      onReport: (line) => this.#onReport(worker, line),
      onBurst: () => this.#onBurst(),
      onExit: (exit) => this.#onExit(worker, exit),
    });
    const worker = new PoolWorker(segment, process);
    this.#workers.add(worker);
    return worker;
  }

  #logFile(segment: number): string {
    return path.join(this.#folder, this.#run ? segmentName(segment) : `${this.options.prefix}${segmentName(segment)}`);
  }

  /** A further worker, once the run has begun. */
  async #spawnForRun(): Promise<void> {
    if (!this.#load || !this.#run) return;
    const worker = this.#spawn();
    worker.process.send(this.#load);
    const report = await this.#waitForLoad(worker);
    if (this.#isOver) return;
    const problem = report.ok ? disagreement(this.#run.plan, report.dag.plan) : report.error;
    if (problem) this.#run.client.onFatal(problem);
    else this.#welcome(worker);
    this.dispatch();
  }

  async #waitForLoad(worker: PoolWorker): Promise<LoadReport> {
    const timer = setTimeout(() => {
      worker.resolveLoaded({ ok: false, error: loadTimeout(this.#load?.file ?? "", LOAD_TIMEOUT_MS) });
      worker.process.kill();
    }, LOAD_TIMEOUT_MS);
    const report = await worker.loaded;
    clearTimeout(timer);
    return report;
  }

  #welcome(worker: PoolWorker): void {
    if (!this.#run) return;
    worker.process.send({ type: "begin", ...this.#run.facts });
    worker.logEnd = worker.process.logSize();
    worker.isReady = true;
  }

  #onReport(worker: PoolWorker, line: string): void {
    const client = this.#run?.client;
    switch (line.charAt(0)) {
      case REPORT.loaded:
        worker.resolveLoaded(JSON.parse(line.slice(1)) as LoadReport);
        return;
      case REPORT.result: {
        const report = decodeResult(line);
        worker.answered();
        worker.logEnd = report.log[1];
        this.#sizer.record(report.task, report.duration_ms);
        client?.onResult(worker.segment, report);
        return;
      }
      case REPORT.idle:
        worker.isForgetting = false;
        return;
      default: {
        const answer = serve(line, client);
        if (answer !== null) worker.process.answer(answer);
      }
    }
  }

  #onBurst(): void {
    if (this.#isOver) return;
    this.#run?.client.onBurst();
    this.dispatch();
  }

  #onExit(worker: PoolWorker, exit: WorkerExit): void {
    this.#workers.delete(worker);
    worker.resolveLoaded({ ok: false, error: loadDied(this.#load?.file ?? "", exit) });
    if (!this.#run || worker.outstanding === 0) return;
    const unstarted = worker.takeBack(worker.process.claims.takeBack(worker.outstanding));
    const instance = worker.running;
    const interrupted = instance && {
      segment: worker.segment,
      instance,
      log: [worker.logEnd, worker.process.logSize()] as const,
    };
    if (this.#isOver) {
      if (interrupted) this.#interrupted.push(interrupted);
      return;
    }
    this.#putBack(unstarted);
    if (interrupted) this.#run.client.onDied(interrupted, died(exit));
    this.#onBurst();
  }

  #putBack(instances: readonly SentInstance[]): void {
    for (const { task, map_index, try_number } of instances.toReversed()) {
      const span: Span = [map_index, 1, try_number];
      this.ready.putBack(task, [span]);
    }
  }

  /** Helps instances that wait behind a slow one, and adds workers where there is enough to do. */
  #tick(): void {
    if (this.#isOver) return;
    const now = performance.now();
    const workers = [...this.#workers];
    const canGrow = workers.length < this.options.parallelism;
    const hasIdle = workers.some((worker) => worker.isReady && worker.outstanding === 0);
    const heldUp = workers.filter((worker) => worker.outstanding > 1 && now - worker.busySince > TICK_MS);
    if (workers.some((worker) => worker.running && now - worker.busySince > GUARD_MS)) this.#guard(workers);
    if (canGrow || hasIdle) for (const worker of heldUp) this.#relieve(worker);
    const isStarting = workers.some((worker) => !worker.isReady);
    const wanted = canGrow && !hasIdle && !isStarting ? Math.floor(this.#waitingMs(now) / START_MS) : 0;
    if (wanted > 0) void this.#spawnMore(Math.min(wanted, this.ready.size, this.options.parallelism - workers.length));
    else this.dispatch();
  }

  #guard(workers: readonly PoolWorker[]): void {
    this.#guardian.protect(workers.flatMap(({ process: { pid } }) => (pid === undefined ? [] : [pid])));
  }

  /** How much work waits, judged by the instances that have ended and by how long those that run have taken so far. */
  #waitingMs(now: number): number {
    const elapsed = [...this.#workers].map((worker) => (worker.running ? now - worker.busySince : 0));
    const known = this.ready.nextTask === undefined ? 0 : this.#sizer.mean(this.ready.nextTask);
    return this.ready.size * Math.max(known, ...elapsed);
  }

  async #spawnMore(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.#spawnForRun()));
  }

  #relieve(worker: PoolWorker): void {
    if (worker.isForgetting) return;
    const taken = worker.process.claims.takeBack(worker.outstanding - 1);
    if (taken === 0) return;
    worker.isForgetting = true;
    worker.process.send({ type: "forget" });
    this.#putBack(worker.takeBack(taken));
  }
}
