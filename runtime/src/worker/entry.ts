import { fileURLToPath } from "node:url";
import path from "node:path";
import type { DagDeclaration } from "../authoring/declaration.js";
import { asRunError } from "../errors.js";
import {
  type BeginCommand,
  type CallbackJob,
  type Command,
  type GraphsReport,
  type LateThrow,
  type LoadReport,
  REPORT,
} from "../pool/messages.js";
import { ActiveResources } from "./activeResources.js";
import { Channel } from "./channel.js";
import { InstanceRunner } from "./instanceRunner.js";
import { LateThrows } from "./lateThrows.js";
import { type ImportModule, describeBundle, describeDag, loadBundle } from "./loadBundle.js";
import { OutputCap } from "./outputCap.js";
import { RunLink } from "./runLink.js";
import { ownFolders } from "./userError.js";

/** An instance, and the run that it was of. */
interface Thrower extends Omit<LateThrow, "text"> {
  readonly run_id: string;
}

/** A worker process: executes one DAG file and then the instances it is told to. See `pool/messages.ts`. */
class Worker {
  readonly #channel = new Channel();
  readonly #queue: { task: number; map_index: number; left: number; try_number: number; waitedMs: number }[] = [];
  readonly #folder = process.cwd();
  readonly #lateThrows = new LateThrows<Thrower>();
  #own = ownFolders(fileURLToPath(import.meta.url));
  #dag: DagDeclaration | null = null;
  #runner: InstanceRunner | null = null;
  #output: OutputCap | null = null;
  #isBusy = false;
  #run_id = "";
  #link: RunLink | null = null;
  #resources: ActiveResources | null = null;

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
        this.#begin(command);
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
        void this.#callBack(command);
        return;
      case "forget":
        this.#queue.length = 0;
        this.#channel.report(`${REPORT.idle}\n`);
        return;
      case "tell":
        this.#runner?.tellInputs();
        return;
      case "finish":
        this.#finish();
        return;
      case "end":
        void this.done().then(() => process.exit(0));
    }
  }

  #begin(command: BeginCommand): void {
    if (command.log !== undefined) this.#channel.printTo(command.log);
    this.#channel.keepJournal(command.journal);
    this.#channel.logBytes = command.logBytes;
    this.#output ??= new OutputCap(command.logBytes);
    this.#run_id = command.run_id;
    if (!this.#dag) return;
    this.#link = new RunLink(this.#channel);
    this.#runner = new InstanceRunner(this.#dag, command, this.#link, this.#own);
  }

  /** What an instance has started and not waited for may go on and on: another run must have nothing to do with it. */
  #finish(): void {
    this.#channel.closeJournal();
    this.#link?.close();
    this.#runner = null;
    const isFree = !this.#isBusy && this.#resources?.areMore() === false;
    this.#channel.report(`${REPORT.finished}${String(isFree)}\n`);
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
      this.#resources = new ActiveResources();
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

  async #callBack(job: CallbackJob): Promise<void> {
    const { task, map_index, try_number } = job;
    const thrower = { run_id: this.#run_id, task, map_index, try_number };
    await this.#lateThrows.run(thrower, () => this.#runner?.runCallbacks(job));
    this.#lateThrows.ended();
    if (this.#lateThrows.isSpoilt) process.exit(1);
    this.#goHome();
  }

  #runOne(task: number, map_index: number, try_number: number, waitedMs: number): Promise<void> | undefined {
    this.#output?.reset();
    const run = (): Promise<void> | undefined => this.#runner?.runInstance(task, map_index, try_number, waitedMs);
    return this.#lateThrows.run({ run_id: this.#run_id, task, map_index, try_number }, run);
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
    if (this.#lateThrows.isNews(late)) this.#tellLate(thrown, late, this.#runner);
    if (!this.#lateThrows.isBusy) process.exit(1);
  }

  /** The logs of a run that is over are closed: there it is told in the log of whoever runs now. */
  #tellLate(thrown: unknown, { run_id, ...late }: Thrower, runner: InstanceRunner): void {
    const text = runner.describe(thrown, late.task);
    const told: LateThrow | null = run_id === this.#run_id ? { ...late, text } : null;
    this.#channel.report(`${REPORT.thrownLate}${JSON.stringify(told)}\n`);
    if (!told) console.error(`Thrown by code of ${run_id} after that run had ended:\n${text}`);
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
