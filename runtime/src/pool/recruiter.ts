import type { LoadedDag } from "../engine/plan.js";
import { FanoutError } from "../errors.js";
import type { Crew } from "./crew.js";
import type { LoadCommand } from "./messages.js";
import type { PoolClient, RunSetup } from "./poolClient.js";
import type { Shelf } from "./spareWorkers.js";
import type { PoolWorker } from "./worker.js";
import { disagreement, notStarted } from "./workerErrors.js";

interface RecruiterPorts {
  readonly crew: Pick<Crew, "workers" | "start" | "adopt" | "logFile">;
  /** Where there are workers already that have executed that; null where nobody keeps any. */
  readonly shelfOf: (command: LoadCommand) => Shelf | null;
  /** Bytes that are kept of what an instance prints. */
  readonly logBytes: number;
  /** Also of what workers write into their journals. */
  readonly onReport: (worker: PoolWorker, line: string) => void;
  /** Nobody is needed any more. */
  readonly isOver: () => boolean;
}

/** What a further worker is for. */
export interface RecruitUse {
  /** For instances, not kept for something else. */
  readonly isReady: boolean;
  /** Asked before one is started: while others were waited for, somebody else may have taken what it would need. */
  readonly isWanted: () => boolean;
}

/** Brings workers to where they can be given instances: they load the DAG file, and come to know the run. */
export class Recruiter {
  #load: LoadCommand | null = null;
  #shelf: Shelf | null = null;
  #awaited = 0;

  constructor(readonly ports: RecruiterPorts) {}

  /** The DAG file that they load; empty before there is one. */
  get file(): string {
    return this.#load?.file ?? "";
  }

  /** Whether one may come that is none of the crew yet. */
  get isWaiting(): boolean {
    return this.#awaited > 0;
  }

  /** Where those may go that nobody needs any more. */
  get shelf(): Shelf | null {
    return this.#shelf;
  }

  /**
   * The first of them, before there is a run; none where it is known what the file declares.
   * @throws FanoutError where the file does not load.
   */
  async first(command: Omit<LoadCommand, "type">): Promise<LoadedDag> {
    this.#load = { ...command, type: "load" };
    const { crew, shelfOf } = this.ports;
    this.#shelf = shelfOf(this.#load);
    const [warm] = crew.workers;
    if (!warm && this.#shelf?.dag) return this.#shelf.dag;
    const report = await (warm ?? this.#start()).load(this.#load);
    if (!report.ok) throw FanoutError.from(report.error);
    if (this.#shelf) this.#shelf.dag = report.dag;
    return report.dag;
  }

  /** One more; null where there is nothing to do for it. */
  async another(setup: RunSetup, client: PoolClient, { isReady, isWanted }: RecruitUse): Promise<PoolWorker | null> {
    const { crew, isOver } = this.ports;
    if (!this.#load || isOver()) return null;
    const worker = (await this.#spare()) ?? (isOver() || !isWanted() ? null : crew.start());
    const report = await worker?.load(this.#load);
    if (!worker || !report || isOver()) return null;
    const problem = report.ok ? disagreement(setup.plan, report.dag.plan) : report.error;
    if (problem) {
      // The next run finds out for itself what the file declares.
      void this.#shelf?.close();
      client.onFatal(problem);
      return null;
    }
    this.welcome(worker, setup);
    worker.isReady = isReady;
    return worker;
  }

  /** Null where none is left of an earlier run, or comes too late. */
  async #spare(): Promise<PoolWorker | null> {
    this.#awaited++;
    try {
      return await this.#adopted();
    } finally {
      this.#awaited--;
    }
  }

  async #adopted(): Promise<PoolWorker | null> {
    const { crew, isOver } = this.ports;
    for (;;) {
      const process = (await this.#shelf?.take()) ?? null;
      if (!process || !this.#shelf?.dag) return null;
      if (isOver()) {
        if (!this.#shelf.keep(process)) void process.end();
        return null;
      }
      const worker = crew.adopt(process, this.#shelf.dag);
      // What an instance had left behind unnoticed may have begun to run, or to block it, while nobody had it.
      if (await worker.finish()) return worker;
      process.kill();
    }
  }

  /** @throws FanoutError `store-failed` where there is no room for its files. */
  #start(): PoolWorker {
    try {
      return this.ports.crew.start();
    } catch (thrown) {
      throw FanoutError.from(notStarted(thrown));
    }
  }

  /** A worker that has loaded the file gets to know the run. */
  welcome(worker: PoolWorker, { facts, journals }: RunSetup): void {
    const { crew, logBytes, onReport } = this.ports;
    const { segment, process, adopted } = worker;
    const log = adopted ? crew.logFile(segment) : undefined;
    if (log !== undefined) process.printTo(log);
    worker.keepJournal(journals, (line) => onReport(worker, line));
    process.send({ type: "begin", journal: { folder: journals, segment }, logBytes, ...(log && { log }), ...facts });
    worker.logEnd = worker.process.logSize();
    worker.isReady = true;
  }
}
