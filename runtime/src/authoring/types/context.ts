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
