import type { RunError } from "#core/model/run.js";
import type { LoadedDag } from "../engine/plan.js";
import type { WorkLoad } from "./dispatcher.js";
import type { CallbackWork, CallingBack } from "./callbacks.js";
import type { LateThrow, LoadCommand, LoadReport, ResultReport, TaskFacts } from "./messages.js";
import { JournalReader } from "./journal.js";
import { noteWorker } from "./leftWorkers.js";
import type { Interrupted } from "./poolClient.js";
import type { WaitingSpan } from "./readyQueue.js";
import { NOTHING_TOLD } from "./told.js";
import { loadTimeout } from "./workerErrors.js";
import type { WorkerProcess } from "./workerProcess.js";

const LOAD_TIMEOUT_MS = 60_000;
/** It has nothing to do, unless somebody's code keeps it from answering. */
const FINISH_TIMEOUT_MS = 1000;

/** One instance that was sent to a worker and has not been answered. */
export interface SentInstance {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
  /** As that of its span. */
  readonly since: number | null;
}

/** What the pool knows of one worker. */
export class PoolWorker implements WorkLoad {
  /** Tasks whose facts it has. */
  readonly knownTasks = new Set<number>();
  /** Settles when it has loaded the DAG file, or cannot. */
  readonly loaded: Promise<LoadReport>;
  resolveLoaded: (report: LoadReport) => void = () => undefined;
  resolveFinished: (isFree: boolean) => void = () => undefined;
  isReady = false;
  /** Its queue was taken back and it has not confirmed that yet. */
  isForgetting = false;
  /** Why it was killed, where the engine did that. */
  condemned: RunError | null = null;
  /** The callbacks that it makes around the instance that runs. */
  callingBack: CallingBack | null = null;
  /** Those that it was asked for by themselves. */
  callbackWork: CallbackWork | null = null;
  /** How the instance ended that took its process along: who is to be told of it is told by another worker. */
  abandoned: ResultReport | null = null;
  /** What instances threw that had ended, as far as it is not in their logs yet. */
  readonly lateThrows: LateThrow[] = [];
  /** For that reason: when what it runs has ended, too. */
  isLeaving = false;
  /** Where it writes how instances end; null before it has a run. */
  journal: JournalReader | null = null;
  /** By the instance that runs. */
  told = NOTHING_TOLD;
  /** The instance that runs was to tell what it has received. */
  isAsked = false;
  /** When it began what it does now, in `performance.now()`. */
  busySince = 0;
  /** Bytes of its log that belong to instances that have ended. */
  logEnd = 0;
  readonly #sent: SentInstance[] = [];
  /** How many of them are of which task. */
  readonly #held = new Map<number, number>();
  #head = 0;

  constructor(
    /** Number of its log segment. */
    readonly segment: number,
    readonly process: WorkerProcess,
    /** Called when it holds no instance of the task any more. */
    readonly onReleased: (task: number) => void,
    /** What it loaded for an earlier run; null where it was started for this one. */
    readonly adopted: LoadedDag | null = null,
  ) {
    this.loaded = new Promise((resolve) => (this.resolveLoaded = resolve));
  }

  /** Executes the DAG file, which must not take for ever. */
  async load(command: LoadCommand): Promise<LoadReport> {
    if (this.adopted) return { ok: true, dag: this.adopted };
    this.process.send(command);
    const timer = setTimeout(() => {
      this.resolveLoaded({ ok: false, error: loadTimeout(command.file, LOAD_TIMEOUT_MS) });
      this.process.kill();
    }, LOAD_TIMEOUT_MS);
    const report = await this.loaded;
    clearTimeout(timer);
    return report;
  }

  /** True where nothing of what it did is still under way: another run may have it. */
  async finish(): Promise<boolean> {
    const finished = new Promise<boolean>((resolve) => (this.resolveFinished = resolve));
    this.process.send({ type: "finish" });
    const timer = setTimeout(() => this.resolveFinished(false), FINISH_TIMEOUT_MS);
    const isFree = await finished;
    clearTimeout(timer);
    return isFree && !this.isForgetting && !this.isLeaving;
  }

  /** What it writes there is read even where it dies, or its engine does. */
  keepJournal(folder: string, onLine: (line: string) => void): void {
    if (this.process.pid !== undefined) noteWorker(folder, this.segment, this.process.pid);
    this.journal = new JournalReader(folder, this.segment, this.process.pid, onLine);
  }

  /** Before it does anything for a task. */
  learn(task: number, run: { factsOf(task: number): TaskFacts }): void {
    if (this.knownTasks.has(task)) return;
    const facts = run.factsOf(task);
    // What comes before a task that started early changes while it runs.
    if (!facts.isEarly) this.knownTasks.add(task);
    this.process.send({ type: "task", task, facts });
  }

  /** Whether it may be given something to do. */
  get takesWork(): boolean {
    return this.isReady && !this.isForgetting && !this.isLeaving;
  }

  /** Whether it may be given something to do and has nothing. */
  get isIdle(): boolean {
    return this.takesWork && this.outstanding === 0;
  }

  /** Takes in what it has written; false where that is less than `written` bytes: somebody has destroyed some of it. */
  readJournal(written = 0): boolean {
    this.journal?.read();
    return (this.journal?.arrived ?? 0) >= written || this.condemned !== null;
  }

  get outstanding(): number {
    return this.#sent.length - this.#head;
  }

  /** The instance that runs, if any: instances are answered in the order in which they were sent. */
  get running(): SentInstance | undefined {
    return this.#sent[this.#head];
  }

  holds(task: number): boolean {
    return this.#held.has(task);
  }

  push(task: number, spans: readonly WaitingSpan[]): void {
    if (this.outstanding === 0) this.busySince = performance.now();
    for (const { from, count, try_number, since } of spans) {
      for (let offset = 0; offset < count; offset++) {
        this.#sent.push({ task, map_index: from + offset, try_number, since });
      }
      this.#held.set(task, (this.#held.get(task) ?? 0) + count);
    }
  }

  answered(): void {
    const { running } = this;
    this.callingBack = null;
    this.told = NOTHING_TOLD;
    this.isAsked = false;
    this.#head++;
    this.busySince = performance.now();
    if (this.#head >= 1024 || this.#head >= this.#sent.length) {
      this.#sent.splice(0, this.#head);
      this.#head = 0;
    }
    if (running) this.#release([running]);
  }

  /** Its process ended while it ran the instance. */
  interrupted(instance: SentInstance): Interrupted {
    const log = [this.logEnd, this.process.logSize()] as const;
    return { segment: this.segment, instance, ...this.told, log };
  }

  /** Removes the last `count` from the queue. */
  takeBack(count: number): SentInstance[] {
    const taken = count === 0 ? [] : this.#sent.splice(-count);
    this.#release(taken);
    return taken;
  }

  #release(instances: readonly SentInstance[]): void {
    for (const { task } of instances) {
      const left = (this.#held.get(task) ?? 0) - 1;
      if (left > 0) {
        this.#held.set(task, left);
        continue;
      }
      this.#held.delete(task);
      this.onReleased(task);
    }
  }
}
