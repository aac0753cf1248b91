import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import type { RunError } from "#core/model/run.js";
import type { Executor, RunningInstance } from "../engine/executor.js";
import type { LoadedDag } from "../engine/plan.js";
import { Ticker } from "../engine/ticker.js";
import { FanoutError } from "../errors.js";
import { BatchSizer } from "./batchSizer.js";
import { Dispatcher } from "./dispatcher.js";
import { Caps } from "./caps.js";
import { CallbackDesk } from "./callbackDesk.js";
import { followCallbacks, tellEnd } from "./callbacks.js";
import { Crew } from "./crew.js";
import { type CallbackJob, type Command, type LoadReport, REPORT, decodeResult } from "./messages.js";
import type { Interrupted, PoolClient, PoolOptions, RunSetup } from "./poolClient.js";
import { lastWords } from "./lastWords.js";
import { noteLate, tellLate } from "./lateThrows.js";
import { ReadyQueue, type WaitingSpan, toSpan } from "./readyQueue.js";
import { condemn, end, putBack, takeBack } from "./revoke.js";
import { serve } from "./serve.js";
import { askWhatRuns, noteTold } from "./told.js";
import type { PoolWorker } from "./worker.js";
import { channelBroken, disagreement, loadDied, notStarted, taskTimeout } from "./workerErrors.js";
import type { WorkerExit } from "./workerProcess.js";

/** How often the pool looks for workers that are held up, and whether more of them would help. */
const TICK_MS = 20;
/** What starting a process costs: less waiting work than this is done sooner by those that there are. */
const START_MS = 80;

/** Worker processes and the instances that wait for them. Few instances get few processes. */
export class Pool implements Executor {
  readonly ready = new ReadyQueue();
  readonly #sizer = new BatchSizer();
  readonly #crew: Crew;
  readonly #caps: Caps;
  #load: Extract<Command, { type: "load" }> | null = null;
  #run: { readonly client: PoolClient; readonly dispatcher: Dispatcher; readonly setup: RunSetup } | null = null;
  #stopListening: () => void = () => undefined;
  readonly #ticker = new Ticker(TICK_MS, () => this.#tick());
  #willDispatch = false;
  #isOver = false;
  #closing: Promise<readonly Interrupted[]> | null = null;
  #banned: { readonly isMeant: (task: number) => boolean; readonly error: RunError } | null = null;
  readonly #interrupted: Interrupted[] = [];
  readonly #callbacks = new CallbackDesk({
    reserve: (task) => this.#reserve(task),
    release: () => this.dispatch(),
    logFile: (segment) => this.#crew.logFile(segment),
  });

  constructor(readonly options: PoolOptions) {
    this.#caps = new Caps(options.caps ?? DEFAULT_PROJECT_OPTIONS);
    this.#crew = new Crew(options, {
      onReport: (worker, line) => this.#onReport(worker, line),
      onBurst: () => this.#onBurst(),
      onExit: (worker, exit) => this.#onExit(worker, exit),
      onReleased: (task) => this.#onReleased(task),
    });
  }

  /** Starts a process before it is known what it will load, so that both can be waited for together. */
  warmUp(): void {
    this.#crew.start();
  }

  /**
   * Executes the bundle in a worker, which stays for the run.
   * @throws FanoutError where it does not load.
   */
  async load(command: Omit<Extract<Command, { type: "load" }>, "type">): Promise<LoadedDag> {
    this.#load = { ...command, type: "load" };
    const worker = this.#crew.workers[0] ?? this.#crew.start();
    const report = await worker.load(this.#load);
    if (report.ok) return report.dag;
    throw FanoutError.from(report.error);
  }

  /** From here on, what is in `ready` runs. */
  begin(client: PoolClient, setup: RunSetup): void {
    const { folder, limits, rules } = setup;
    this.#crew.moveTo(folder);
    this.#run = { client, setup, dispatcher: new Dispatcher(this.ready, this.#sizer, limits, rules) };
    this.#stopListening = limits.onRelease(() => this.#dispatchSoon());
    for (const worker of this.#crew.workers) this.#welcome(worker);
  }

  running(): RunningInstance[] {
    return this.#crew.running();
  }

  get isBusy(): boolean {
    return this.#crew.isBusy;
  }

  /** Sends what is ready to workers that have room. */
  dispatch(): void {
    if (this.#isOver || !this.#run) return;
    const byLoad = this.#crew.workers.filter((worker) => worker.takesWork);
    byLoad.sort((a, b) => a.outstanding - b.outstanding);
    for (const worker of byLoad) this.#fill(worker, this.#run.dispatcher);
    if (this.#crew.size === 0 && this.#run.dispatcher.room(1) > 0) void this.#spawnForRun();
    if (this.isBusy) this.#startTicking(this.#run.client);
  }

  /** Nothing will be ready for a while: workers without anything to do leave, and are replaced when they are needed. */
  rest(): void {
    this.#crew.rest();
  }

  /** Ends whatever runs of the tasks of which that holds, with the error; what waits of them never runs. */
  ban(isMeant: (task: number) => boolean, error: RunError): void {
    this.#banned = { isMeant, error };
    for (const worker of this.#crew.workers) takeBack(worker, this.ready);
    this.#applyBan();
  }

  #applyBan(): void {
    if (!this.#banned) return;
    const { isMeant, error } = this.#banned;
    for (const { task, spans } of this.ready.drop(isMeant)) this.#run?.client.onDropped(task, spans);
    for (const worker of this.#crew.workers) {
      if (worker.running && isMeant(worker.running.task)) condemn(worker, this.ready, error);
    }
  }

  /** Ends all processes; those that run something are killed. Returns what they ran; may be called again. */
  close(): Promise<readonly Interrupted[]> {
    return (this.#closing ??= this.#end());
  }

  async #end(): Promise<readonly Interrupted[]> {
    this.#isOver = true;
    this.ready.clear();
    this.#stopListening();
    this.#ticker.stop();
    await this.#crew.end();
    await this.#callbacks.settle();
    await this.#crew.leave();
    return this.#interrupted;
  }

  #fill(worker: PoolWorker, dispatcher: Dispatcher): void {
    for (;;) {
      const task = dispatcher.next(worker);
      const share = task === undefined ? 0 : dispatcher.share(task, worker, this.#crew.size);
      if (task === undefined || share === 0) return;
      if (!worker.holds(task)) dispatcher.limits.take(dispatcher.needsOf(task));
      this.#send(worker, task, this.ready.take(task, share));
    }
  }

  #send(worker: PoolWorker, task: number, spans: readonly WaitingSpan[]): void {
    this.#ticker.changed();
    if (!this.#run) return;
    worker.learn(task, this.#run.client);
    worker.push(task, spans);
    worker.process.claims.add(spans.reduce((sum, { count }) => sum + count, 0));
    worker.process.send({ type: "batch", task, spans: spans.map((span) => toSpan(span, this.options.clock)) });
  }

  #onReleased(task: number): void {
    const dispatcher = this.#run?.dispatcher;
    dispatcher?.limits.release(dispatcher.needsOf(task));
  }

  /** Another run gave something back; its own results come first. */
  #dispatchSoon(): void {
    if (this.#willDispatch || this.ready.size === 0) return;
    this.#willDispatch = true;
    setImmediate(() => {
      this.#willDispatch = false;
      this.dispatch();
    });
  }

  /** A further worker, once the run has begun. */
  async #spawnForRun(): Promise<void> {
    await this.#spawnLoaded({ isReady: true }).catch((thrown) => this.#run?.client.onFatal(notStarted(thrown)));
    this.dispatch();
  }

  /** Null where there is nothing to do for it any more. */
  async #spawnLoaded({ isReady }: { isReady: boolean }): Promise<PoolWorker | null> {
    if (!this.#load || !this.#run || this.#isOver) return null;
    const worker = this.#crew.start();
    const report = await worker.load(this.#load);
    if (this.#isOver) return null;
    const problem = report.ok ? disagreement(this.#run.setup.plan, report.dag.plan) : report.error;
    if (problem) {
      this.#run.client.onFatal(problem);
      return null;
    }
    this.#welcome(worker);
    worker.isReady = isReady;
    return worker;
  }

  #welcome(worker: PoolWorker): void {
    if (!this.#run) return;
    const { facts, journals } = this.#run.setup;
    worker.keepJournal(journals, (line) => this.#onReport(worker, line));
    const journal = { folder: journals, segment: worker.segment };
    worker.process.send({ type: "begin", journal, logBytes: this.#caps.logBytes, ...facts });
    worker.logEnd = worker.process.logSize();
    worker.isReady = true;
  }

  /** What cannot be a report of the worker's own ends the instance that wrote it, and nothing else. */
  #onReport(worker: PoolWorker, line: string): void {
    this.#ticker.changed();
    try {
      this.#takeReport(worker, line);
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      condemn(worker, this.ready, channelBroken());
    }
  }

  #takeReport(worker: PoolWorker, line: string): void {
    const client = this.#run?.client;
    switch (line.charAt(0)) {
      case REPORT.loaded:
        worker.resolveLoaded(JSON.parse(line.slice(1)) as LoadReport);
        return;
      case REPORT.began:
        worker.busySince = performance.now();
        return;
      case REPORT.result: {
        const report = decodeResult(line);
        worker.answered();
        worker.logEnd = report.log[1];
        this.#sizer.record(report.task, report.duration_ms);
        client?.onResult(worker.segment, report);
        // It prints nothing more.
        if (worker.isLeaving) tellLate(worker, client, this.#crew.logFile(worker.segment));
        return;
      }
      case REPORT.journal:
        if (!this.#read(worker, Number(line.slice(1)))) end(worker, channelBroken());
        return;
      case REPORT.idle:
        worker.isForgetting = false;
        return;
      default: {
        if (noteTold(worker, line) || followCallbacks(worker, line) || noteLate(worker, line)) return;
        const answer = serve(line, client);
        if (answer !== null) worker.process.answer(answer);
      }
    }
  }

  #read(worker: PoolWorker, written?: number): boolean {
    return this.#sizer.watch(() => worker.readJournal(written));
  }

  #onBurst(): void {
    if (this.#isOver) return;
    this.#run?.client.onBurst();
    this.dispatch();
  }

  #onExit(worker: PoolWorker, exit: WorkerExit): void {
    worker.resolveLoaded({ ok: false, error: loadDied(this.#load?.file ?? "", exit) });
    const unstarted = worker.takeBack(worker.process.claims.takeBack(worker.outstanding));
    const instance = worker.running;
    const file = this.#crew.logFile(worker.segment);
    const error = lastWords(worker, exit, { file, capBytes: this.#caps.logBytes, isOver: this.#isOver });
    const interrupted = instance && worker.interrupted(instance);
    worker.callbackWork?.end([worker.logEnd, worker.process.logSize()]);
    if (!this.#isOver) tellLate(worker, this.#run?.client, file);
    if (!this.#run || (!instance && unstarted.length === 0)) return this.dispatch();
    // Nothing but the one that ran, unless somebody has destroyed what the worker had written of others.
    const lost = worker.takeBack(worker.outstanding).slice(1);
    if (!this.#isOver) putBack(this.ready, [...unstarted, ...lost]);
    if (interrupted && !tellEnd(worker, interrupted, this.#run.client)) {
      if (this.#isOver) this.#interrupted.push(interrupted);
      else this.#run.client.onDied(interrupted, error);
    }
    this.#onBurst();
  }

  committed(): void {
    this.#crew.committed();
  }

  callBack(job: CallbackJob, segment: number | null): Promise<number> {
    return this.#callbacks.callBack(job, segment);
  }

  async #reserve(task: number): Promise<PoolWorker | null> {
    const idle = this.#crew.workers.find((one) => one.takesWork && one.outstanding === 0);
    if (idle) idle.isReady = false;
    const worker = idle ?? (await this.#spawnLoaded({ isReady: false }));
    if (!worker || !this.#run) return null;
    worker.learn(task, this.#run.client);
    this.#startTicking(this.#run.client);
    return worker;
  }

  /** Helps instances that wait behind a slow one, and adds workers where there is enough to do. */
  #tick(): void {
    if (this.#isOver || !this.#run) return;
    const now = performance.now();
    const { workers } = this.#crew;
    const busy = workers.filter(({ outstanding }) => outstanding > 0);
    for (const worker of busy) {
      this.#read(worker);
      askWhatRuns(worker, now, TICK_MS);
    }
    // Where they had written something.
    if (!this.#ticker.isQuiet) this.#run.client.onBurst();
    for (const worker of workers) this.#checkTime(worker, now);
    // An instance may have begun in the very moment in which its task was banned.
    this.#applyBan();
    const canGrow = workers.length < this.options.parallelism;
    const hasIdle = workers.some((worker) => worker.takesWork && worker.outstanding === 0);
    const heldUp = workers.filter((worker) => worker.outstanding > 1 && now - worker.busySince > TICK_MS);
    if (canGrow || hasIdle) for (const worker of heldUp) takeBack(worker, this.ready);
    const isStarting = workers.some((worker) => !worker.isReady);
    const wanted =
      canGrow && !hasIdle && !isStarting ? Math.floor(this.#run.dispatcher.waitingMs(workers, now) / START_MS) : 0;
    const most = Math.min(wanted, this.ready.size, this.options.parallelism - workers.length);
    const growth = most > 0 ? this.#run.dispatcher.room(most) : 0;
    for (let more = growth; more > 0; more--) void this.#spawnForRun();
    if (growth === 0) this.dispatch();
    if (this.isBusy) this.#startTicking(this.#run.client);
  }

  #startTicking(client: PoolClient): void {
    this.#ticker.start();
    client.onActive();
  }

  /** Whatever the instance does, even in a loop: what ends it in time is outside of its process. */
  #checkTime(worker: PoolWorker, now: number): void {
    if (this.#callbacks.check(worker, now, this.ready)) return;
    const task = worker.running && this.#run?.setup.plan.tasks[worker.running.task];
    if (!task) return;
    const limit = task.executionTimeoutMs;
    const error =
      limit !== null && now - worker.busySince > limit ? taskTimeout(task, limit) : this.#caps.excessOf(worker);
    if (error) condemn(worker, this.ready, error);
  }
}
