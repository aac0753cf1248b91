import type { LoadedDag } from "../engine/plan.js";
import { FanoutError } from "../errors.js";
import type { Crew } from "./crew.js";
import type { Command } from "./messages.js";
import type { PoolClient, RunSetup } from "./poolClient.js";
import type { PoolWorker } from "./worker.js";
import { disagreement } from "./workerErrors.js";

type LoadCommand = Extract<Command, { type: "load" }>;

interface RecruiterPorts {
  readonly crew: Pick<Crew, "workers" | "start">;
  /** Bytes that are kept of what an instance prints. */
  readonly logBytes: number;
  /** Also of what workers write into their journals. */
  readonly onReport: (worker: PoolWorker, line: string) => void;
  /** Nobody is needed any more. */
  readonly isOver: () => boolean;
}

/** Brings workers to where they can be given instances: they load the DAG file, and come to know the run. */
export class Recruiter {
  #load: LoadCommand | null = null;

  constructor(readonly ports: RecruiterPorts) {}

  /** The DAG file that they load; empty before there is one. */
  get file(): string {
    return this.#load?.file ?? "";
  }

  /**
   * The first of them, before there is a run.
   * @throws FanoutError where the file does not load.
   */
  async first(command: Omit<LoadCommand, "type">): Promise<LoadedDag> {
    this.#load = { ...command, type: "load" };
    const { crew } = this.ports;
    const worker = crew.workers[0] ?? crew.start();
    const report = await worker.load(this.#load);
    if (report.ok) return report.dag;
    throw FanoutError.from(report.error);
  }

  /** One more, which is `isReady` for instances or kept for something else; null where there is nothing to do for it. */
  async another(setup: RunSetup, client: PoolClient, isReady: boolean): Promise<PoolWorker | null> {
    const { crew, isOver } = this.ports;
    if (!this.#load || isOver()) return null;
    const worker = crew.start();
    const report = await worker.load(this.#load);
    if (isOver()) return null;
    const problem = report.ok ? disagreement(setup.plan, report.dag.plan) : report.error;
    if (problem) {
      client.onFatal(problem);
      return null;
    }
    this.welcome(worker, setup);
    worker.isReady = isReady;
    return worker;
  }

  /** A worker that has loaded the file gets to know the run. */
  welcome(worker: PoolWorker, { facts, journals }: RunSetup): void {
    const { logBytes, onReport } = this.ports;
    worker.keepJournal(journals, (line) => onReport(worker, line));
    worker.process.send({ type: "begin", journal: { folder: journals, segment: worker.segment }, logBytes, ...facts });
    worker.logEnd = worker.process.logSize();
    worker.isReady = true;
  }
}
