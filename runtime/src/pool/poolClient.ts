import type { ProjectOptions } from "#core/configuration.js";
import type { RunError } from "#core/model/run.js";
import type { Clock } from "../engine/clock.js";
import type { Limits } from "../engine/limits.js";
import type { Plan } from "../engine/plan.js";
import type { XcomDesk } from "../engine/xcomDesk.js";
import type { TaskRules } from "./dispatcher.js";
import type { LogRange } from "../store/runStore.js";
import type { LateThrow, ResultReport, RunFacts, TaskFacts } from "./messages.js";
import type { WaitingSpan } from "./readyQueue.js";
import type { SpareWorkers } from "./spareWorkers.js";
import type { Told } from "./told.js";
import type { SentInstance } from "./worker.js";

/** What a worker process may take, and what is kept of what it prints. */
export type WorkerCaps = Pick<ProjectOptions, "workerMemoryMb" | "logMb">;

export interface PoolOptions {
  /** Most worker processes at once. */
  readonly parallelism: number;
  /** Where log segments and claim files lie until the run has its own folder. */
  readonly folder: string;
  /** Part of their names that no other pool uses. */
  readonly prefix: string;
  /** Number of the first log segment: a run that goes on has some already. 0 where left out. */
  readonly firstSegment?: number;
  readonly clock: Clock;
  /** Those of a project that says nothing where left out. */
  readonly caps?: WorkerCaps;
  /** Where idle workers come from and go to; left out: all of them are started and ended with the run. */
  readonly spares?: SpareWorkers;
}

/** What the pool has to know of the run. */
export interface RunSetup {
  readonly facts: RunFacts;
  readonly plan: Plan;
  /** Where log segments go. */
  readonly folder: string;
  /** Where workers keep their journals. */
  readonly journals: string;
  /** By position in the plan. */
  readonly rules: readonly TaskRules[];
  /** Shared with other runs. */
  readonly limits: Limits;
}

/** An instance whose process ended before it did, and what it had printed by then. */
export interface Interrupted extends Told {
  readonly segment: number;
  readonly instance: SentInstance;
  readonly log: readonly [from: number, to: number];
}

/** What the pool tells the run, and asks it. */
export interface PoolClient {
  onResult(segment: number, report: ResultReport): void;
  /** A worker died while it ran this instance. */
  onDied(interrupted: Interrupted, error: RunError): void;
  /** An instance failed in a way that took its worker along, before those who are to be told were. */
  onAbandoned(segment: number, report: ResultReport): void;
  /**
   * An instance threw after it had ended: changes nothing of how it did. `append` adds that to a log of it, and returns
   * where the whole of it stands then.
   */
  onThrownLate(thrown: LateThrow, append: (log: LogRange) => LogRange): void;
  /** Something is under way again: until `isBusy` no longer holds, changes may come at any time. */
  onActive(): void;
  /** JSON of the inputs that all instances of a task share. */
  onInputs(task: number, json: string): void;
  /** After a burst of results. */
  onBurst(): void;
  /** Instances that waited never run, because their task was banned. */
  onDropped(task: number, spans: readonly WaitingSpan[]): void;
  /** The run cannot go on. */
  onFatal(error: RunError): void;
  factsOf(task: number): TaskFacts;
  /** What instances push and pull. */
  readonly xcoms: XcomDesk;
  /** JSON texts of a task's results, from the `from`-th on, at most `count`, at least one where there is one. */
  resultsOf(task: number, from: number, count: number): string[];
}
