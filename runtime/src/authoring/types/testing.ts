import type { InstanceState } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import type { ConnectionParts } from "../connection.js";

/** What a test says of the run that it makes. */
export interface DagTestOptions {
  /** The moment that the run stands for. Now where left out. */
  readonly logical_date?: Date;
  /** What the run is given, over the DAG's own `params`. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Connections by their id, each a URI, JSON or its parts: only this run sees them, before the environment's. */
  readonly connections?: Readonly<Record<string, string | ConnectionParts>>;
  /** Variables by their key: only this run sees them, before the environment's. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /**
   * Results by task id: such a task is not run and waits for nothing, it succeeds with this result. Of a mapped task it
   * is the list of its instances' results.
   */
  readonly xcoms?: Readonly<Record<string, unknown>>;
}

/** What came of a run that a test made. */
export interface DagTestResult {
  /** Such as `manual__2022-04-02T00-00-00.000Z`. */
  readonly run_id: string;
  /** `success`, or `failed` where a task that nothing follows has failed. */
  readonly state: "success" | "failed";
  /** Why the run ended before all of its tasks had; null where they all had. */
  readonly error: TestError | null;
  /** In the order of their calls. */
  readonly tasks: readonly TaskTestResult[];
  /** The task of this id, with the ids of its groups: `group.task`. Throws `unknown-task` where there is none. */
  task(task_id: string): TaskTestResult;
  /**
   * What a task returned, null where it returned nothing; of a mapped task the list of all results, or of the instance
   * that `map_index` names. Throws `unknown-task` or `unknown-map-index`.
   */
  xcom(task_id: string, map_index?: number): unknown;
  /** What an instance printed in its last try. Throws `unknown-task` or `unknown-map-index`. */
  log(task_id: string, map_index?: number): string;
}

/** What came of one task. */
export interface TaskTestResult {
  /** With the ids of its groups. */
  readonly task_id: string;
  /** Whether it is mapped, or in a mapped group. */
  readonly mapped: boolean;
  /** Of a mapped task the state that stands for all of its instances: `failed` where any has. */
  readonly state: InstanceState;
  /** By `map_index`. Of a task that is not mapped, or was never expanded, the one with the index -1. */
  readonly instances: readonly InstanceTestResult[];
  /** Results in the order of `map_index`; an instance that returned nothing has none. */
  readonly xcoms: readonly unknown[];
  /** The instance of this index. Throws `unknown-map-index` where there is none. */
  instance(map_index: number): InstanceTestResult;
}

/** What came of one instance. */
export interface InstanceTestResult {
  /** -1 where the task is not mapped. */
  readonly map_index: number;
  /** The rendered `map_index_template`; null where there is none. */
  readonly name: string | null;
  /** As Airflow names it, such as `success`, `failed`, `skipped` or `upstream_failed`. */
  readonly state: InstanceState;
  /** From 1; 0 where it was never run. */
  readonly try_number: number;
  /** The inputs that it received; null where it received none, as where it was never run. */
  readonly rendered: Readonly<Record<string, unknown>> | null;
  /** What it returned; null where it returned nothing. */
  readonly xcom: unknown;
  /** What it printed in its last try. */
  readonly log: string;
  /** Why it failed: a stable code, the message, the place in the source and the stack; null where it did not. */
  readonly error: TestError | null;
}

/** Why a run, or an instance of it, failed. */
export interface TestError {
  /** Stable, such as `task-failed`: wording may change, codes do not. All of them: `docs/errors.md`. */
  readonly code: string;
  /** What went wrong: of an `Error` that the task threw, its message. */
  readonly message: string;
  /** The line of the person's own code, where it is known. */
  readonly at?: SourcePoint;
  /** What was thrown and the person's own frames. */
  readonly stack?: string;
  /** What to do about it. */
  readonly advice?: string;
}
