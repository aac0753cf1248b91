import type { RunErrorCode } from "../errorCodes.js";
import type { SourcePoint } from "./source.js";

/** States of one task instance, named as Airflow names them; `none` is Airflow's null. */
export const INSTANCE_STATES = [
  "none",
  "scheduled",
  "queued",
  "running",
  "success",
  "failed",
  "up_for_retry",
  "up_for_reschedule",
  "upstream_failed",
  "skipped",
  "removed",
] as const;
export type InstanceState = (typeof INSTANCE_STATES)[number];

const FINISHED_STATES: readonly InstanceState[] = ["success", "failed", "upstream_failed", "skipped", "removed"];

export function isFinished(state: InstanceState): boolean {
  return FINISHED_STATES.includes(state);
}

export type RunState = "queued" | "running" | "success" | "failed";

export type StateCounts = Readonly<Partial<Record<InstanceState, number>>>;

/** The order in which Airflow's views pick a mapped task's summary state: the first one present wins. */
const SUMMARY_PRIORITY: readonly InstanceState[] = [
  "failed",
  "upstream_failed",
  "up_for_retry",
  "up_for_reschedule",
  "running",
  "queued",
  "scheduled",
  "none",
  "success",
  "skipped",
  "removed",
];

/** The one state that stands for all instances of a task (Airflow's UI rule, 3.3). */
export function summaryState(counts: StateCounts): InstanceState {
  return SUMMARY_PRIORITY.find((state) => (counts[state] ?? 0) > 0) ?? "none";
}

/** Why an instance or a run failed. */
export interface RunError {
  readonly code: RunErrorCode;
  readonly message: string;
  /** Where in the user's source, when known. */
  readonly at?: SourcePoint;
  /** The user's own frames, source-mapped; none of Fanout's. */
  readonly stack?: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** `map_index` of an instance that is not mapped, or not yet expanded. */
export const UNMAPPED_INDEX = -1;

/** One row of `fanout runs --format json`. Dates are ISO 8601 in UTC. */
export interface RunSummary {
  readonly run_id: string;
  readonly dag_id: string;
  readonly state: RunState;
  readonly logical_date: string;
  readonly start: string;
  readonly end: string | null;
}

export interface InstanceSummary {
  readonly map_index: number;
  /** The rendered `map_index_template`, or null. */
  readonly name: string | null;
  readonly state: InstanceState;
  readonly try_number: number;
  readonly start: string | null;
  readonly end: string | null;
  readonly duration_ms: number | null;
}

export interface TaskSummary {
  readonly task_id: string;
  readonly mapped: boolean;
  readonly state: InstanceState;
  /** Number of instances, or null while the task has not been expanded. */
  readonly count: number | null;
  readonly counts: StateCounts;
  /** By `map_index`. */
  readonly instances: readonly InstanceSummary[];
}

/** `fanout show RUN --format json`. */
export interface RunDetails {
  readonly run_id: string;
  readonly dag_id: string;
  readonly state: RunState;
  readonly logical_date: string;
  /** Absolute path of the DAG file that was run. */
  readonly file: string;
  readonly start: string;
  readonly end: string | null;
  readonly error: RunError | null;
  readonly tasks: readonly TaskSummary[];
}

/** `fanout show RUN TASK --map-index N --format json`. */
export interface InstanceDetails extends InstanceSummary {
  readonly run_id: string;
  readonly task_id: string;
  /** The inputs that the instance received, as JSON values. Null before it started. */
  readonly rendered: Readonly<Record<string, unknown>> | null;
  /** The returned value, or null where it returned nothing. */
  readonly xcom: unknown;
  readonly error: RunError | null;
}
