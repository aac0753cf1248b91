import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import type { RunError } from "#core/model/run.js";
import type { Executor, RunningInstance } from "../engine/executor.js";
import type { LoadedDag } from "../engine/plan.js";
import { Ticker } from "../engine/ticker.js";
import { BatchSizer } from "./batchSizer.js";
import { CallbackDesk } from "./callbackDesk.js";
import { tellEnd } from "./callbacks.js";
import { Caps } from "./caps.js";
import { Crew } from "./crew.js";
import { Dispatcher } from "./dispatcher.js";
import { Feeder } from "./feeder.js";
import { lastWords } from "./lastWords.js";
import { tellLate } from "./lateThrows.js";
import type { CallbackJob, LoadCommand } from "./messages.js";
import type { Interrupted, PoolClient, PoolOptions, RunSetup } from "./poolClient.js";
import { ReadyQueue } from "./readyQueue.js";
import { type RecruitUse, Recruiter } from "./recruiter.js";
import { ReportDesk } from "./reportDesk.js";
import { putBack } from "./revoke.js";
import { askWhatRuns } from "./told.js";
import { Watchdog } from "./watchdog.js";
import type { Shelf } from "./spareWorkers.js";
import type { PoolWorker } from "./worker.js";
import { loadDied, notStarted } from "./workerErrors.js";
import type { WorkerExit } from "./workerProcess.js";

/** How often the pool looks for workers that are held up, and whether more of them would help. */
const TICK_MS = 20;

/** Worker processes and the instances that wait for them. Few instances get few processes. */
export class Pool implements Executor {
  readonly ready = new ReadyQueue();
  readonly #sizer = new BatchSizer();
  readonly #crew: Crew;
  readonly #caps: Caps;
  readonly #recruiter: Recruiter;
  readonly #reports: ReportDesk;
  readonly #callbacks: CallbackDesk;
  readonly #watchdog: Watchdog;
  #run: { readonly client: PoolClient; readonly setup: RunSetup; readonly feeder: Feeder } | null = null;
  #stopListening: () => void = () => undefined;
  readonly #ticker = new Ticker(TICK_MS, () => this.#tick());
  #willDispatch = false;
  #isOver = false;
  #closing: Promise<readonly Interrupted[]> | null = null;
  readonly #interrupted: Interrupted[] = [];

  constructor(readonly options: PoolOptions) {
    const onReport = (worker: PoolWorker, line: string): void => this.#onReport(worker, line);
    const logFile = (segment: number | null): string => this.#crew.logFile(segment);
    this.#caps = new Caps(options.caps ?? DEFAULT_PROJECT_OPTIONS);
    this.#crew = new Crew(options, {
      onReport,
      onBurst: () => this.#onBurst(),
      onExit: (worker, exit) => this.#onExit(worker, exit),
      onReleased: (task) => this.#run?.feeder.released(task),
    });
    const { caps, logBytes } = this.#caps;
    const isOver = (): boolean => this.#isOver;
    const shelfOf = (command: LoadCommand): Shelf | null => options.spares?.shelfOf(command, caps) ?? null;
    this.#recruiter = new Recruiter({ crew: this.#crew, shelfOf, logBytes, onReport, isOver });
    this.#reports = new ReportDesk(this.ready, this.#sizer, logFile, isOver);
    const reserve = (task: number): Promise<PoolWorker | null> => this.#reserve(task);
    this.#callbacks = new CallbackDesk({ reserve, release: () => this.dispatch(), logFile });
    this.#watchdog = new Watchdog(this.ready, this.#caps, this.#callbacks);
  }

  /** Starts a process before it is known what it will load, so that both can be waited for together. */
  warmUp(): void {
    this.#crew.start();
  }

  /**
   * Executes the bundle in a worker, which stays for the run, unless it is known what it declares.
   * @throws FanoutError where it does not load.
   */
  load(command: Omit<LoadCommand, "type">): Promise<LoadedDag> {
    return this.#recruiter.first(command);
  }

  /** From here on, what is in `ready` runs. */
  begin(client: PoolClient, setup: RunSetup): void {
    const { folder, limits, rules } = setup;
    this.#crew.moveTo(folder);
    const dispatcher = new Dispatcher(this.ready, this.#sizer, limits, rules);
    this.#run = { client, setup, feeder: new Feeder(this.ready, dispatcher, client, this.options.clock) };
    this.#stopListening = limits.onRelease(() => this.#dispatchSoon());
    for (const worker of this.#crew.workers) this.#recruiter.welcome(worker, setup);
  }

  running(): RunningInstance[] {
    return this.#crew.running();
  }

  get isBusy(): boolean {
    return this.#recruiter.isWaiting || this.#crew.isBusy;
  }

  /** Sends what is ready to workers that have room. */
  dispatch(): void {
    if (this.#isOver || !this.#run) return;
    const { client, feeder } = this.#run;
    if (feeder.feed(this.#crew.workers)) this.#ticker.changed();
    if (this.#crew.size === 0 && !this.#recruiter.isWaiting && feeder.dispatcher.room(1) > 0) void this.#grow();
    if (this.isBusy) this.#startTicking(client);
  }

  /** Nothing will be ready for a while: workers without anything to do leave, and are replaced when they are needed. */
  rest(): void {
    this.#crew.rest(this.#recruiter.shelf);
  }

  /** Ends whatever runs of the tasks of which that holds, with the error; what waits of them never runs. */
  ban(isMeant: (task: number) => boolean, error: RunError): void {
    this.#watchdog.ban(isMeant, error, this.#crew.workers);
    this.#watchdog.applyBan(this.#crew.workers, this.#run?.client);
  }

  committed(): void {
    this.#crew.committed();
  }

  callBack(job: CallbackJob, segment: number | null): Promise<number> {
    return this.#callbacks.callBack(job, segment);
  }

  /** Ends all processes; those that run something are killed. Returns what they ran; may be called again. */
  close(isDone = false): Promise<readonly Interrupted[]> {
    return (this.#closing ??= this.#end(isDone));
  }

  async #end(isDone: boolean): Promise<readonly Interrupted[]> {
    this.#isOver = true;
    this.ready.clear();
    this.#stopListening();
    this.#ticker.stop();
    await this.#crew.end(isDone ? this.#recruiter.shelf : null);
    await this.#callbacks.settle();
    await this.#crew.leave();
    return this.#interrupted;
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
  async #grow(): Promise<void> {
    const isWanted = (): boolean => (this.#run?.feeder.dispatcher.room(1) ?? 0) > 0;
    await this.#another({ isReady: true, isWanted }).catch((thrown) => this.#run?.client.onFatal(notStarted(thrown)));
    this.dispatch();
  }

  async #another(use: RecruitUse): Promise<PoolWorker | null> {
    return this.#run && this.#recruiter.another(this.#run.setup, this.#run.client, use);
  }

  /** For callbacks, which are no instances. */
  async #reserve(task: number): Promise<PoolWorker | null> {
    const idle = this.#crew.workers.find((one) => one.isIdle);
    if (idle) idle.isReady = false;
    const worker = idle ?? (await this.#another({ isReady: false, isWanted: () => true }));
    if (!worker || !this.#run) return null;
    worker.learn(task, this.#run.client);
    this.#startTicking(this.#run.client);
    return worker;
  }

  #onReport(worker: PoolWorker, line: string): void {
    this.#ticker.changed();
    this.#reports.take(worker, line, this.#run?.client);
  }

  #onBurst(): void {
    if (this.#isOver) return;
    this.#run?.client.onBurst();
    this.dispatch();
  }

  #onExit(worker: PoolWorker, exit: WorkerExit): void {
    worker.resolveLoaded({ ok: false, error: loadDied(this.#recruiter.file, exit) });
    worker.resolveFinished(false);
    const unstarted = worker.takeBack(worker.process.claims.takeBack(worker.outstanding));
    const instance = worker.running;
    const file = this.#crew.logFile(worker.segment);
    const error = lastWords(worker, exit, { file, capBytes: this.#caps.logBytes, isOver: this.#isOver });
    const interrupted = instance && worker.interrupted(instance);
    worker.callbackWork?.end([worker.logEnd, worker.process.logSize()]);
    if (!this.#isOver) tellLate(worker, this.#run?.client, (segment) => this.#crew.logFile(segment));
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

  /** Helps instances that wait behind a slow one, and adds workers where there is enough to do. */
  #tick(): void {
    if (this.#isOver || !this.#run) return;
    const { client, setup, feeder } = this.#run;
    const now = performance.now();
    const { workers } = this.#crew;
    for (const worker of workers) {
      if (worker.outstanding === 0) continue;
      this.#reports.readJournal(worker);
      askWhatRuns(worker, now, TICK_MS);
    }
    // Where they had written something.
    if (!this.#ticker.isQuiet) client.onBurst();
    for (const worker of workers) this.#watchdog.check(worker, setup.plan, now);
    this.#watchdog.applyBan(this.#crew.workers, client);
    const most = this.options.parallelism;
    feeder.relieve(workers, now, { slowMs: TICK_MS, most });
    const growth = this.#recruiter.isWaiting ? 0 : feeder.growth(workers, now, most);
    for (let more = growth; more > 0; more--) void this.#grow();
    if (growth === 0) this.dispatch();
    if (this.isBusy) this.#startTicking(client);
  }

  #startTicking(client: PoolClient): void {
    this.#ticker.start();
    client.onActive();
  }
}
