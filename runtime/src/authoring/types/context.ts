import type { TriggerRule } from "#core/model/triggerRule.js";
import type { Connection } from "../connection.js";

/** One try of one task instance, as the context names it `ti` and `task_instance`. */
export interface TaskInstance {
  /** The DAG it belongs to. */
  readonly dag_id: string;
  /** The task's full id, with the `__1` that a repeated call adds. */
  readonly task_id: string;
  /** The run it belongs to. */
  readonly run_id: string;
  /** Which instance of a mapped task, from 0; -1 where the task is not mapped. */
  readonly map_index: number;
  /** From 1. */
  readonly try_number: number;
  /** How often it may be tried again after the first time: `retries`. */
  readonly max_tries: number;
  /** When this try began. */
  readonly start_date: Date;
  /** `task`, or the operator's class name. */
  readonly operator: string;
  /** The machine that it runs on. */
  readonly hostname: string;
  /**
   * Keeps a value under a key of its own, beside what the task returns, for `xcom_pull` and for `get(key)` of the task's
   * reference. It must survive JSON, can be seen at once, stays where the instance fails, and is gone when another try
   * starts. Throws `xcom-not-serializable` for what JSON cannot carry.
   */
  xcom_push(xcom: XcomPush): void;
  /**
   * What tasks of this run returned or pushed: of one task the value, of one mapped task the list of the values that its
   * instances have, in order of `map_index`; of several tasks, or for several `map_indexes`, the list of all.
   * Throws `unknown-task` where the DAG has no such task.
   */
  xcom_pull<T = unknown>(pull?: XcomPull): T;
}

/** What `ti.xcom_push` takes. */
export interface XcomPush {
  /** Any text; `return_value` stands for what the task returns. */
  readonly key: string;
  /** What JSON can carry. */
  readonly value: unknown;
}

/** What `ti.xcom_pull` takes; everything may be left out. */
export interface XcomPull {
  /** Full ids of tasks; the running instance itself where left out. */
  readonly task_ids?: string | readonly string[];
  /** Default `return_value`: what the task returned. */
  readonly key?: string;
  /** Which instances; all that have a value where left out. */
  readonly map_indexes?: number | readonly number[];
  /** What stands for a value that is missing. Default null. */
  readonly default?: unknown;
}

/** One run of a DAG. */
export interface DagRun {
  /** The DAG that runs. */
  readonly dag_id: string;
  /** Unique in the history, such as `manual__2022-04-02T00-00-00.000Z`. */
  readonly run_id: string;
  /** Who asked for the run: a person or a backfill. */
  readonly run_type: "manual" | "backfill";
  /** The moment that the run stands for; the start of its data interval. */
  readonly logical_date: Date;
  /** The start of the data interval. */
  readonly data_interval_start: Date;
  /** The end of the data interval; the same as its start where the DAG has no schedule. */
  readonly data_interval_end: Date;
  /** The earliest moment at which a scheduler would have started the run: the end of its data interval. */
  readonly run_after: Date;
  /** When the run began. */
  readonly start_date: Date;
  /** Null while the run is under way. */
  readonly end_date: Date | null;
  /** What the run was given with `--params`; empty where it was given nothing. */
  readonly conf: Readonly<Record<string, unknown>>;
}

/** The DAG, as the context names it. */
export interface ContextDag {
  /** As it was given. */
  readonly dag_id: string;
  /** One line for people; null where it has none. */
  readonly description: string | null;
  /** A cron expression, a preset, `PT…S` for a distance in time, or null. */
  readonly schedule: string | null;
  /** For finding the DAG again. */
  readonly tags: readonly string[];
  /** The start of the first data interval; null where it has none. */
  readonly start_date: Date | null;
  /** The end of the last data interval; null where it has none. */
  readonly end_date: Date | null;
  /** Whether missed data intervals are made up for. */
  readonly catchup: boolean;
  /** The zone in which cron expressions are meant. */
  readonly timezone: string;
}

/** The task, as the context names it. Templates and `map_index_template` see an operator's arguments in it too. */
export interface ContextTask {
  /** The task's full id. */
  readonly task_id: string;
  /** `task`, or the operator's class name. */
  readonly task_type: string;
  /** How often a failed instance is tried again. */
  readonly retries: number;
  /** The pool whose slots the instances take. */
  readonly pool: string;
  /** Slots that one instance takes. */
  readonly pool_slots: number;
  /** Which of the waiting instances goes first. */
  readonly priority_weight: number;
  /** Which states of the upstream tasks let this one run. */
  readonly trigger_rule: TriggerRule;
  /** The template of an instance's name; null where it has none. */
  readonly map_index_template: string | null;
  /** Ids of the tasks that this one follows. */
  readonly upstream_task_ids: readonly string[];
  /** Ids of the tasks that follow this one. */
  readonly downstream_task_ids: readonly string[];
}

/** Connections by their id. Throws `missing-connection` where there is none. */
export type ConnectionAccessor = Readonly<Record<string, Connection>>;

/** Variables by their key, and `get` with a default. Throws `missing-variable` where there is neither. */
export interface VariableAccessor {
  readonly [key: string]: unknown;
  /** The variable, or the default where there is none. */
  readonly get: (key: string, byDefault?: unknown) => unknown;
}

/** Helpers for texts that are dates. Templates have more of them: see `docs/templates.md`. */
export interface Macros {
  /** A date such as `2022-04-02`, some days later; earlier where `days` is negative. */
  ds_add(ds: string, days: number): string;
  /** A date read in one of Python's formats, such as `%Y-%m-%d`, and written in another. */
  ds_format(ds: string, input_format: string, output_format: string): string;
  /** A number from 0 to below 1. */
  random(): number;
}

/**
 * What a running task can know about its run: the second argument of a task function, the argument of an operator's
 * `execute`, and what `get_current_context()` returns. Names and meanings are Airflow's.
 * Dates are instants; texts made from them are in UTC.
 */
export interface Context {
  /** The DAG that runs. */
  readonly dag: ContextDag;
  /** The run. */
  readonly dag_run: DagRun;
  /** The task that the instance belongs to. */
  readonly task: ContextTask;
  /** The task instance that is running. */
  readonly ti: TaskInstance;
  /** The same as `ti`. */
  readonly task_instance: TaskInstance;
  /** The same as `dag_run.run_id`. */
  readonly run_id: string;
  /** The moment that the run stands for; the start of its data interval. */
  readonly logical_date: Date;
  /** The same as `dag_run.data_interval_start`. */
  readonly data_interval_start: Date;
  /** The same as `dag_run.data_interval_end`. */
  readonly data_interval_end: Date;
  /** `logical_date` as `2022-04-02`. */
  readonly ds: string;
  /** `logical_date` as `20220402`. */
  readonly ds_nodash: string;
  /** `logical_date` as `2022-04-02T00:00:00+00:00`. */
  readonly ts: string;
  /** `logical_date` as `20220402T000000`. */
  readonly ts_nodash: string;
  /** `logical_date` as `20220402T000000+0000`. */
  readonly ts_nodash_with_tz: string;
  /** Of the last earlier run that succeeded; null where there is none. */
  readonly prev_data_interval_start_success: Date | null;
  /** Of the last earlier run that succeeded; null where there is none. */
  readonly prev_data_interval_end_success: Date | null;
  /** When the last earlier run that succeeded began; null where there is none. */
  readonly prev_start_date_success: Date | null;
  /** When the last earlier run that succeeded ended; null where there is none. */
  readonly prev_end_date_success: Date | null;
  /** The same as `ti.try_number`: from 1. */
  readonly try_number: number;
  /** The same as `ti.map_index`. */
  readonly map_index: number;
  /** The same as `task.map_index_template`. */
  readonly map_index_template: string | null;
  /** How many instances the mapped task has; null where it is not mapped. */
  readonly expanded_ti_count: number | null;
  /** The `params` of the DAG, with those of the task and then those of the run put over them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Connections: `conn.my_db.host`. */
  readonly conn: ConnectionAccessor;
  /** Variables: as texts in `var.value`, parsed in `var.json`. */
  readonly var: { readonly value: VariableAccessor; readonly json: VariableAccessor };
  /** Helpers for dates in texts. */
  readonly macros: Macros;
  /** `dag_id__task_id__ds_nodash`. */
  readonly task_instance_key_str: string;
  /** In callbacks: what the task threw. */
  readonly exception?: unknown;
  /** In callbacks of a DAG: why it was called. */
  readonly reason?: string;
}

/**
 * The context with room for names of a task's own, which its `map_index_template` can use:
 * `get_current_context()["city"] = "Berlin"`.
 */
export type CurrentContext = Context & Record<string, unknown>;
