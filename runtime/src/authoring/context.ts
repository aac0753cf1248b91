import { AuthoringError } from "./authoringError.js";
import { registry } from "./registry.js";
import { callerOf } from "./sourcePoint.js";
import type { Context, TaskInstance } from "./types/context.js";

/** What the engine tells a worker about one try of one instance; the rest of the context follows from it. */
export interface InstanceIdentity {
  readonly dag_id: string;
  readonly task_id: string;
  readonly run_id: string;
  /** Milliseconds since the epoch, or an ISO 8601 text. */
  readonly logical_date: string | number;
  readonly map_index: number;
  readonly try_number: number;
  readonly max_tries: number;
  /** Null where the task is not mapped. */
  readonly expanded_ti_count: number | null;
}

/** What only a running instance can do. */
type TaskInstanceFacts = Omit<TaskInstance, "xcom_push" | "xcom_pull">;

/** A context whose `ti` has no methods yet. */
export type BaseContext = Omit<Context, "ti" | "task_instance"> & {
  readonly ti: TaskInstanceFacts;
  readonly task_instance: TaskInstanceFacts;
};

/** The context of one try of one instance, with Airflow's names. */
export function makeContext(identity: InstanceIdentity): BaseContext {
  const { dag_id, task_id, run_id, map_index, try_number, max_tries } = identity;
  const logical_date = new Date(identity.logical_date);
  const iso = logical_date.toISOString();
  const ds = iso.slice(0, 10);
  const ds_nodash = ds.replaceAll("-", "");
  const ts_nodash = iso.slice(0, 19).replaceAll(/[-:]/g, "");
  const ti = Object.freeze({ dag_id, task_id, run_id, map_index, try_number, max_tries });
  return Object.freeze({
    dag: Object.freeze({ dag_id }),
    dag_run: Object.freeze({ dag_id, run_id, logical_date }),
    task: Object.freeze({ task_id }),
    ti,
    task_instance: ti,
    run_id,
    logical_date,
    ds,
    ds_nodash,
    ts: `${iso.slice(0, 19)}${fraction(logical_date)}+00:00`,
    ts_nodash,
    ts_nodash_with_tz: `${ts_nodash}+0000`,
    try_number,
    expanded_ti_count: identity.expanded_ti_count,
    params: Object.freeze({}),
    task_instance_key_str: `${dag_id}__${task_id}__${ds_nodash}`,
  });
}

/** Python writes six digits, and none where they are all zero. */
function fraction(date: Date): string {
  const milliseconds = date.getUTCMilliseconds();
  return milliseconds === 0 ? "" : `.${String(milliseconds).padStart(3, "0")}000`;
}

/**
 * The context of the task instance that is running: what a task function gets as its second argument, for code deeper
 * down. Throws where no task is running, as in the body of a `dag()`.
 */
export function get_current_context(): Context {
  const { context } = registry();
  if (context !== undefined) return context as Context;
  const message = "get_current_context() knows a context only while a task runs.";
  throw new AuthoringError("invalid-argument", message, callerOf(get_current_context));
}
