import { fileURLToPath } from "node:url";
import path from "node:path";
import type { DagDeclaration } from "../authoring/declaration.js";
import { asRunError } from "../errors.js";
import { type Command, type GraphsReport, type LateThrow, type LoadReport, REPORT } from "../pool/messages.js";
import { Channel } from "./channel.js";
import { InstanceRunner } from "./instanceRunner.js";
import { LateThrows } from "./lateThrows.js";
import { type ImportModule, describeBundle, describeDag, loadBundle } from "./loadBundle.js";
import { OutputCap } from "./outputCap.js";
import { ownFolders } from "./userError.js";

/** A worker process: executes one DAG file and then the instances it is told to. See `pool/messages.ts`. */
class Worker {
  readonly #channel = new Channel();
  readonly #queue: { task: number; map_index: number; left: number; try_number: number; waitedMs: number }[] = [];
  readonly #folder = process.cwd();
  readonly #lateThrows = new LateThrows<Omit<LateThrow, "text">>();
  #own = ownFolders(fileURLToPath(import.meta.url));
  #dag: DagDeclaration | null = null;
  #runner: InstanceRunner | null = null;
  #output: OutputCap | null = null;
  #isBusy = false;

  constructor(
    readonly done: () => Promise<void>,
    readonly importModule: ImportModule,
  ) {}

  start(): void {
    // Positions in stacks and in declarations are then in the person's own files.
    process.setSourceMapsEnabled(true);
    process.on("uncaughtException", (thrown) => this.#takeStray(thrown));
    this.#lateThrows.guardExit();
    // An instance that leaves takes what it has received along, unless it is told now.
    process.on("exit", () => this.#runner?.tellInputs());
    this.#channel.listen((command) => this.#handle(command));
  }

  #handle(command: Command): void {
    switch (command.type) {
      case "load":
        void this.#load(command);
        return;
      case "describe":
        void this.#describe(command);
        return;
      case "begin":
        this.#channel.keepJournal(command.journal);
        this.#channel.logBytes = command.logBytes;
        this.#output = new OutputCap(command.logBytes);
        if (this.#dag) this.#runner = new InstanceRunner(this.#dag, command, this.#channel, this.#own);
        return;
      case "task":
        this.#runner?.prepare(command.task, command.facts);
        return;
      case "batch":
        for (const [map_index, left, try_number, waitedMs = 0] of command.spans) {
          this.#queue.push({ task: command.task, map_index, left, try_number, waitedMs });
        }
        void this.#work();
        return;
      case "callback":
        void this.#runner?.runCallbacks(command);
        return;
      case "forget":
        this.#queue.length = 0;
        this.#channel.report(`${REPORT.idle}\n`);
        return;
      case "tell":
        this.#runner?.tellInputs();
        return;
      case "end":
        void this.done().then(() => process.exit(0));
    }
  }

  async #describe(command: Extract<Command, { type: "describe" }>): Promise<void> {
    this.#own = [...this.#own, path.dirname(command.bundle) + path.sep];
    let report: GraphsReport;
    try {
      report = { ok: true, models: await describeBundle(command, this.#own, this.importModule) };
    } catch (thrown) {
      report = { ok: false, error: asRunError(thrown) };
    }
    this.#channel.report(`${REPORT.described}${JSON.stringify(report)}\n`);
  }

  async #load(command: Extract<Command, { type: "load" }>): Promise<void> {
    this.#own = [...this.#own, path.dirname(command.bundle) + path.sep];
    this.#channel.report(`${REPORT.loaded}${JSON.stringify(await this.#loadReport(command))}\n`);
  }

  async #loadReport(command: Extract<Command, { type: "load" }>): Promise<LoadReport> {
    try {
      this.#dag = await loadBundle(command, this.#own, this.importModule);
      return { ok: true, dag: describeDag(this.#dag) };
    } catch (thrown) {
      return { ok: false, error: asRunError(thrown) };
    }
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let span = this.#queue[0]; span; span = this.#queue[0]) {
      if (span.left === 0) {
        this.#queue.shift();
      } else if (this.#channel.claim()) {
        span.left--;
        const { task, try_number, waitedMs } = span;
        const underWay = this.#runOne(task, span.map_index++, try_number, waitedMs);
        if (underWay) await underWay;
        this.#lateThrows.ended();
        if (this.#lateThrows.isSpoilt) process.exit(1);
        this.#goHome();
      } else {
        // Taken back: the command that says so is on its way.
        this.#queue.length = 0;
      }
    }
    this.#isBusy = false;
  }

  #runOne(task: number, map_index: number, try_number: number, waitedMs: number): Promise<void> | undefined {
    this.#output?.reset();
    const run = (): Promise<void> | undefined => this.#runner?.runInstance(task, map_index, try_number, waitedMs);
    return this.#lateThrows.run({ task, map_index, try_number }, run);
  }

  /** Where an instance went must not matter to the next one. */
  #goHome(): void {
    try {
      if (process.cwd() === this.#folder) return;
    } catch {
      // The folder that it went to is gone.
    }
    process.chdir(this.#folder);
  }

  /** Whoever has ended is not failed any more, and the one that runs is not to blame: it ends as it would have. */
  #takeStray(thrown: unknown): void {
    const { late } = this.#lateThrows;
    if (late === null || !this.#runner) return this.#giveUp(thrown);
    if (this.#lateThrows.isNews(late)) {
      const told: LateThrow = { ...late, text: this.#runner.describe(thrown, late.task) };
      this.#channel.report(`${REPORT.thrownLate}${JSON.stringify(told)}\n`);
    }
    if (!this.#lateThrows.isBusy) process.exit(1);
  }

  /** Thrown where nobody awaited it: the process may be in any state, so the engine gets a fresh one. */
  #giveUp(thrown: unknown): void {
    if (this.#runner?.abandon(thrown) !== true) console.error(thrown);
    process.exit(1);
  }
}

/** `done` is told before the process leaves, and waited for. */
export function start(done: () => Promise<void>, importModule: ImportModule): void {
  new Worker(done, importModule).start();
}
