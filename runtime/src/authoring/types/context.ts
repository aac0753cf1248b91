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
  /** Tries that are allowed in all: `retries` + 1. */
  readonly max_tries: number;
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
  /** The moment that the run stands for; the start of its data interval. */
  readonly logical_date: Date;
}

/**
 * What a running task can know about its run: the second argument of a task function, the argument of an operator's
 * `execute`, and what `get_current_context()` returns. Names and meanings are Airflow's.
 * Dates are instants; texts made from them are in UTC.
 */
export interface Context {
  /** The DAG that runs. */
  readonly dag: { readonly dag_id: string };
  /** The run. */
  readonly dag_run: DagRun;
  /** The task that the instance belongs to. */
  readonly task: { readonly task_id: string };
  /** The task instance that is running. */
  readonly ti: TaskInstance;
  /** The same as `ti`. */
  readonly task_instance: TaskInstance;
  /** The same as `dag_run.run_id`. */
  readonly run_id: string;
  /** The moment that the run stands for; the start of its data interval. */
  readonly logical_date: Date;
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
  /** The same as `ti.try_number`: from 1. */
  readonly try_number: number;
  /** How many instances the mapped task has; null where it is not mapped. */
  readonly expanded_ti_count: number | null;
  /** The `params` of the DAG, overridden by those of the run. */
  readonly params: Readonly<Record<string, unknown>>;
  /** `dag_id__task_id__ds_nodash`. */
  readonly task_instance_key_str: string;
}
