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
/** How a task instance stands. */
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
  /** Stable: wording may change, codes do not. */
  readonly code: RunErrorCode;
  /** What went wrong. */
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

/** As people are told of it: `train`, or `train[3]`. */
export function instanceName(task_id: string, map_index: number): string {
  return map_index === UNMAPPED_INDEX ? task_id : `${task_id}[${map_index}]`;
}

/** Who asked for a run, as Airflow names it. */
export type RunType = "manual" | "backfill";

/** A run as lists of runs show it. Dates are ISO 8601 in UTC. */
export interface RunSummary {
  readonly run_id: string;
  readonly dag_id: string;
  readonly state: RunState;
  readonly logical_date: string;
  readonly start: string;
  readonly end: string | null;
  /**
   * Why it ended before its tasks had: somebody stopped it, or it was lost with its process, or because its record could not
   * be written.
   */
  readonly stopped: "cancelled" | "lost" | null;
  /** Whether `fanout resume` has something to do: something else than its tasks ended it. False while it is under way. */
  readonly resumable: boolean;
}

/** Whether something else than its tasks ended a run, so that it has more to do: one that took too long skipped what was left. */
export function isCutShort(error: RunError | null): boolean {
  return error !== null && error.code !== "dagrun-timeout";
}

/** One row of `fanout runs --format json`. Both ends of the interval are the logical date where there is no schedule. */
export interface RunRecord extends RunSummary {
  readonly run_type: RunType;
  readonly data_interval_start: string;
  readonly data_interval_end: string;
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
  /** Only where it is `running` in the record of a run that was lost: nothing of it goes on until that is resumed. */
  readonly lost?: true;
  /** Only where it is `failed` because the run was cancelled: once that goes on, so does it. */
  readonly cancelled?: true;
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

/** A run with all of its instances. */
export interface RunDetails extends RunSummary {
  /** Absolute path of the DAG file that was run. */
  readonly file: string;
  readonly error: RunError | null;
  readonly tasks: readonly TaskSummary[];
}

/** `fanout show RUN --format json`. */
export interface RecordedRun extends RunDetails, RunRecord {
  /** The code that it was started with, and each other code that it went on with. Empty where nobody recorded it. */
  readonly code_versions: readonly CodeVersion[];
}

/** What a DAG file was bundled to. */
export interface CodeVersion {
  readonly hash: string;
  /** When it was first used. */
  readonly at: string;
}

/** One try of an instance. */
export interface TrySummary {
  readonly try_number: number;
  /** How it ended, or stands. */
  readonly state: InstanceState;
  readonly start: string | null;
  readonly end: string | null;
  readonly duration_ms: number | null;
  /** Of the `CodeVersion` that ran it; null where nobody recorded it. */
  readonly code_hash: string | null;
  readonly error: RunError | null;
}

/** `fanout show RUN TASK --map-index N --format json`. */
export interface InstanceDetails extends InstanceSummary {
  readonly run_id: string;
  readonly task_id: string;
  /** The inputs that the instance received, as JSON values. Null before it started, and where nobody knows them. */
  readonly rendered: Readonly<Record<string, unknown>> | null;
  /** The returned value, or null where it returned nothing, or has not returned. */
  readonly xcom: unknown;
  /** The keys of what it pushed beside its result, in order of their names. */
  readonly xcom_keys: readonly string[];
  /** Only where somebody marked it as what it is. */
  readonly marked?: true;
  /** Every try that has begun, the first one first. */
  readonly tries: readonly TrySummary[];
  readonly error: RunError | null;
}
