import type { DagModel } from "./dag.js";
import type { InstanceState, RunError, RunState, StateCounts } from "./run.js";

/**
 * Everything that happens in a run, on one ordered stream; terminal, editor and webview are views of it.
 * `seq` counts from 1 without gaps; `at` is milliseconds since the epoch.
 */
export type RunEvent = { readonly seq: number; readonly run_id: string; readonly at: number } & RunEventBody;

export type RunEventBody = RunStarted | TaskExpanded | InstancesChanged | TaskChanged | RunFinished;

export interface RunStarted {
  readonly type: "run_started";
  readonly dag_id: string;
  readonly file: string;
  readonly logical_date: string;
  readonly model: DagModel;
  /** The Node that executes the DAG, e.g. `v20.20.2`. */
  readonly node: string;
  /** Why a run that had stopped goes on; how it stands is told anew in the events that follow. */
  readonly resumed?: RunResumed;
}

/** What was done with a run before it went on. */
export interface RunResumed {
  readonly action: "resume" | "clear" | "mark";
  /** What instances were marked as. */
  readonly state?: InstanceState;
  /** What it was done with; none where the run simply goes on. */
  readonly instances: readonly { readonly task_id: string; readonly map_indexes: readonly number[] }[];
  /** True where the DAG file is bundled to other code than when the run was last under way. */
  readonly code_changed: boolean;
}

/** A mapped task now has `count` instances, 0…count-1. */
export interface TaskExpanded {
  readonly type: "task_expanded";
  readonly task_id: string;
  readonly count: number;
}

/** One or more instances of one task changed; grouped so that 100,000 instances do not cost 100,000 events. */
export interface InstancesChanged {
  readonly type: "instances_changed";
  readonly task_id: string;
  readonly changes: readonly InstanceChange[];
}

export interface InstanceChange {
  readonly map_index: number;
  /** The rendered `map_index_template`, once it is known. */
  readonly name?: string;
  readonly state: InstanceState;
  readonly try_number: number;
  readonly duration_ms?: number;
  /** Of one that waits (`up_for_retry`, `up_for_reschedule`): when it goes on, in milliseconds since the epoch. */
  readonly due?: number;
  readonly error?: RunError;
}

/** The task's summary; sent after every group of changes. */
export interface TaskChanged {
  readonly type: "task_changed";
  readonly task_id: string;
  readonly state: InstanceState;
  readonly counts: StateCounts;
}

export interface RunFinished {
  readonly type: "run_finished";
  readonly state: RunState;
  /** True where the person stopped it; the state is then `failed`. */
  readonly cancelled: boolean;
  readonly error?: RunError;
}
