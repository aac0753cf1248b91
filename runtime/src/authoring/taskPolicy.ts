import type { WEIGHT_RULES } from "#core/model/optionNames.js";
import type { TriggerRule } from "#core/model/triggerRule.js";

export type WeightRule = (typeof WEIGHT_RULES)[number];

/**
 * Everything that a task is told about how it runs and that is plain JSON: the same for all of its instances, part of
 * the plan, and part of what has to be equal in every process that executes the file. Spans of time are milliseconds.
 */
export interface TaskPolicy {
  readonly trigger_rule: TriggerRule;
  readonly do_xcom_push: boolean;
  /** Every entry of a returned dict becomes an XCom of its own too. */
  readonly multiple_outputs: boolean;

  readonly retries: number;
  readonly retryDelayMs: number;
  /** The pause before try n is `retryDelayMs` times this to the power of n - 2; 1 where it does not grow. */
  readonly retryBackoff: number;
  readonly maxRetryDelayMs: number | null;
  readonly executionTimeoutMs: number | null;

  readonly pool: string;
  readonly pool_slots: number;
  readonly priority_weight: number;
  readonly weight_rule: WeightRule;
  readonly max_active_tis_per_dag: number | null;
  readonly max_active_tis_per_dagrun: number | null;

  readonly depends_on_past: boolean;
  readonly ignore_first_depends_on_past: boolean;
  readonly wait_for_downstream: boolean;
  readonly wait_for_past_depends_before_skipping: boolean;
  /** Milliseconds since the epoch: the task runs for logical dates from `startDateMs` to `endDateMs` only. */
  readonly startDateMs: number | null;
  readonly endDateMs: number | null;

  /** Null where the task is neither a setup nor a teardown. */
  readonly role: "setup" | "teardown" | null;
  /** Of a teardown: its failure fails the run. */
  readonly on_failure_fail_dagrun: boolean;
  /** Null where the task is no sensor. */
  readonly sensor: SensorPolicy | null;
}

export interface SensorPolicy {
  readonly mode: "poke" | "reschedule";
  readonly pokeIntervalMs: number;
  readonly timeoutMs: number;
  /** What would fail skips instead. */
  readonly soft_fail: boolean;
  readonly exponential_backoff: boolean;
  readonly maxWaitMs: number | null;
}

/** The same of a DAG. */
export interface DagPolicy {
  /** The zone in which cron expressions are meant. */
  readonly timezone: string;
  readonly startDateMs: number | null;
  readonly endDateMs: number | null;
  readonly catchup: boolean;
  readonly max_active_runs: number;
  readonly max_active_tasks: number;
  readonly dagrunTimeoutMs: number | null;
  readonly fail_fast: boolean;
  readonly render_template_as_native_obj: boolean;
  readonly template_searchpath: readonly string[];
}
