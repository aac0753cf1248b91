import type { RunError } from "#core/model/run.js";
import type { TaskDeclaration } from "../authoring/declaration.js";
import type { Context } from "../authoring/types/context.js";
import type { BaseContext } from "./context.js";
import type { Outcome, TaskFacts } from "../pool/messages.js";
import type { Pace } from "./pace.js";

/** What this process knows of a task before the first of its instances. */
export interface PreparedTask {
  /** Position in the plan. */
  readonly position: number;
  readonly declaration: TaskDeclaration;
  readonly facts: TaskFacts;
  /** What is the same for all of its instances. */
  readonly context: BaseContext;
  /** By index, where it is not 0: see `TaskFacts`. */
  readonly baseTries: ReadonlyMap<number, number>;
  readonly pace: Pace;
}

/** One try of one instance, while it is under way. */
export interface Running {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
  /** Tries before it that do not count against `retries`. */
  readonly base_try: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** The same in `performance.now()`; later by what callbacks took before the body. */
  startedAt: number;
  /** Of a sensor that looks again: milliseconds since it looked first; else 0. */
  readonly waitedMs: number;
  /** Where its output begins in this process' log segment. */
  readonly logFrom: number;
  /** JSON of the inputs that not all instances share; null where there are none. See `UNKNOWN_INPUTS`. */
  inputs: string | null;
  /** JSON of what it pushed as its own result, which counts unless it returns something. */
  pushedResult: string | null;
  /** What the body and the callbacks get; undefined before it is made. */
  context?: Context;
  /** It has ended, and those that are told of it are called. */
  isOver?: boolean;
}

/** How a try ended. */
export interface Ending {
  readonly outcome: Outcome;
  /** JSON of the result; null where nothing was returned. */
  readonly xcom: string | null;
  /** Number of entries of the result, where it is mapped over. */
  readonly length: number | null;
  readonly error: RunError | null;
  readonly mayRetry: boolean;
  /** Positions of the tasks that the result decided to skip. */
  readonly skips?: readonly number[];
}
