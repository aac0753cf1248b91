import type { DagDeclaration } from "../authoring/declaration.js";
import type { ManualClock } from "../engine/clock.js";
import type { Executor, RunningInstance } from "../engine/executor.js";
import { type CallbackJob, REPORT, type RunFacts, decodeResult } from "../pool/messages.js";
import { asRunError } from "../errors.js";
import type { RunError } from "#core/model/run.js";
import type { Interrupted, PoolClient } from "../pool/poolClient.js";
import { serve } from "../pool/serve.js";
import { ReadyQueue } from "../pool/readyQueue.js";
import { NOTHING_TOLD, type Told, noteTold } from "../pool/told.js";
import type { SentInstance } from "../pool/worker.js";
import type { EngineLink } from "../worker/channel.js";
import { InstanceRunner } from "../worker/instanceRunner.js";
import type { OwnFolders } from "../worker/userError.js";

/** Everything is printed into one segment. */
const SEGMENT = 0;
/** Instances that end at once must not keep timers of other code from being called. */
const TURN_MS = 20;

/** Where the output of an instance goes. */
export interface Output {
  readonly size: number;
  run<T>(work: () => T): T;
}

/** What runs. */
interface InProcess {
  readonly instance: SentInstance;
  told: Told;
  readonly since: number;
  readonly logFrom: number;
}

/** Runs instances one after the other in the caller's own process, by the same code as a worker. */
export class InProcessExecutor implements Executor, EngineLink {
  readonly ready = new ReadyQueue();
  readonly #known = new Set<number>();
  readonly #runner: InstanceRunner;
  #client: PoolClient | null = null;
  #answer = "";
  #running: InProcess | null = null;
  #isWorking = false;
  #closed: readonly Interrupted[] | null = null;

  readonly output: Output;

  constructor(
    dag: DagDeclaration,
    facts: RunFacts,
    { own, output }: { readonly own: OwnFolders; readonly output: Output },
    readonly clock: ManualClock,
  ) {
    this.output = output;
    this.#runner = new InstanceRunner(dag, facts, this, own);
  }

  /** From here on, what is in `ready` runs. */
  begin(client: PoolClient): void {
    this.#client = client;
  }

  dispatch(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#client?.onActive();
    this.#work()
      .catch((thrown: unknown) => this.#client?.onFatal(asRunError(thrown)))
      .finally(() => (this.#isWorking = false))
      .catch(() => undefined);
  }

  get isBusy(): boolean {
    return this.#isWorking;
  }

  rest(): void {
    // There is no process to let go.
  }

  /** What runs is in this very process, which cannot stop it. */
  ban(isMeant: (task: number) => boolean, error: RunError): void {
    for (const { task, spans } of this.ready.drop(isMeant)) this.#client?.onDropped(task, spans);
    const running = this.#running;
    if (!running || !isMeant(running.instance.task)) return;
    this.#running = null;
    this.#client?.onDied(this.#interrupted(running), error);
  }

  async callBack(job: CallbackJob): Promise<number> {
    if (this.#client && !this.#closed) {
      this.#prepare(job.task, this.#client);
      await this.output.run(() => this.#runner.runCallbacks(job));
    }
    return this.output.size;
  }

  running(): readonly RunningInstance[] {
    if (!this.#running) return [];
    const { instance, told, since, logFrom } = this.#running;
    return [{ segment: SEGMENT, logFrom, instance, ...told, forMs: performance.now() - since }];
  }

  committed(): void {
    // Nothing is kept beside the store.
  }

  /** Code of the person's that still runs cannot be stopped: what it returns is not looked at any more. */
  close(): Promise<readonly Interrupted[]> {
    if (!this.#closed) {
      this.ready.clear();
      this.#closed = this.#running ? [this.#interrupted(this.#running)] : [];
    }
    return Promise.resolve(this.#closed);
  }

  #interrupted({ instance, told, logFrom }: InProcess): Interrupted {
    return { segment: SEGMENT, instance, ...told, log: [logFrom, this.output.size] };
  }

  report(text: string): void {
    if (!this.#client || this.#closed) return;
    const line = text.slice(0, -1);
    if (line.startsWith(REPORT.result)) {
      // What was given up meanwhile has ended already.
      if (!this.#running) return;
      this.#running = null;
      this.#client.onResult(SEGMENT, decodeResult(line));
    } else if (!noteTold(this.#running ?? { told: NOTHING_TOLD }, line)) {
      this.#answer = serve(line, this.#client) ?? "";
    }
  }

  readAnswer(): string {
    return this.#answer;
  }

  logSize(): number {
    return this.output.size;
  }

  /** Whoever runs a test reads what it prints. */
  endLog(): number {
    return this.output.size;
  }

  async #work(): Promise<void> {
    let turn = performance.now();
    while (this.#client && !this.#closed) {
      if (this.ready.size === 0) {
        if (this.#passTime()) continue;
        return;
      }
      await this.#runNext(this.#client);
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }

  /** Nothing is left to do now: what is due next, such as another try, is due at once. False where nothing is. */
  #passTime(): boolean {
    const [due] = this.clock.pending;
    if (due === undefined) return false;
    this.clock.advance(due - this.clock.now());
    return true;
  }

  async #runNext(client: PoolClient): Promise<void> {
    const [task] = this.ready.tasks;
    const [span] = task === undefined ? [] : this.ready.take(task, 1);
    if (task === undefined || !span) return;
    const { from: map_index, try_number, since } = span;
    const instance = { task, map_index, try_number, since };
    this.#running = { instance, told: NOTHING_TOLD, since: performance.now(), logFrom: this.output.size };
    this.#prepare(task, client);
    await this.output.run(() =>
      this.#runner.runInstance(task, map_index, try_number, since === null ? 0 : this.clock.elapsed() - since),
    );
    if (!this.#closed) client.onBurst();
  }

  #prepare(task: number, client: PoolClient): void {
    if (this.#known.has(task)) return;
    const facts = client.factsOf(task);
    // What comes before a task that started early changes while it runs.
    if (!facts.isEarly) this.#known.add(task);
    this.#runner.prepare(task, facts);
  }
}
