import { hostname } from "node:os";
import { connections, variables } from "../authoring/accessors.js";
import type { DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import type { Context, ContextDag, ContextTask, DagRun, TaskInstance } from "../authoring/types/context.js";
import type { RunFacts } from "../pool/messages.js";
import { macros } from "./macros.js";
import { neighboursOf } from "./neighbours.js";

export interface ContextSource {
  readonly dag: DagDeclaration;
  readonly declaration: TaskDeclaration;
  readonly run: RunFacts;
  /** Number of instances; null where the task is not mapped. */
  readonly count: number | null;
}

/** What only a running instance can do. */
type TaskInstanceFacts = Omit<TaskInstance, "xcom_push" | "xcom_pull">;

/** A context whose `ti` has no methods yet. */
export type BaseContext = Omit<Context, "ti" | "task_instance"> & {
  readonly ti: TaskInstanceFacts;
  readonly task_instance: TaskInstanceFacts;
};

/** What the context says that is the same for all instances of a task, with Airflow's names. */
export function makeContext({ dag, declaration, run, count }: ContextSource): BaseContext {
  const { dag_id } = dag;
  const { task_id, operator, retries, map_index_template } = declaration;
  const { run_id } = run;
  const start = new Date(run.start_date ?? Date.now());
  const identity = { dag_id, task_id, run_id, map_index: -1, try_number: 1, max_tries: retries };
  const ti = Object.freeze({ ...identity, start_date: start, operator, hostname: hostname() });
  const dag_run = describeRun(dag_id, run, start);
  const { logical_date, data_interval_start, data_interval_end } = dag_run;
  const texts = dateTexts(logical_date);
  return {
    dag: describeDag(dag),
    dag_run,
    task: describeTask(dag, declaration),
    ti,
    task_instance: ti,
    run_id,
    ...{ logical_date, data_interval_start, data_interval_end },
    ...texts,
    ...previousDates(run),
    ...{ try_number: 1, map_index: -1, map_index_template, expanded_ti_count: count },
    params: Object.freeze({ ...run.params }),
    ...{ conn: connections, var: variables, macros },
    task_instance_key_str: `${dag_id}__${task_id}__${texts.ds_nodash}`,
  };
}

/** The context of one try of one instance: an object of its own, to which the task may add names. */
export function instanceContext(base: BaseContext, ti: TaskInstance): Context {
  return { ...base, ti, task_instance: ti, try_number: ti.try_number, map_index: ti.map_index };
}

function describeRun(dag_id: string, run: RunFacts, start_date: Date): DagRun {
  const logical_date = new Date(run.logical_date);
  const data_interval_end = new Date(run.data_interval_end ?? run.logical_date);
  return Object.freeze({
    dag_id,
    run_id: run.run_id,
    run_type: run.run_type ?? "manual",
    logical_date,
    data_interval_start: new Date(run.data_interval_start ?? run.logical_date),
    data_interval_end,
    run_after: data_interval_end,
    start_date,
    end_date: null,
    conf: Object.freeze({ ...run.conf }),
  });
}

function describeDag({ dag_id, description, schedule, tags, policy }: DagDeclaration): ContextDag {
  const { startDateMs, endDateMs, catchup, timezone } = policy;
  return Object.freeze({
    ...{ dag_id, description: description ?? null, schedule, tags, catchup, timezone },
    start_date: startDateMs === null ? null : new Date(startDateMs),
    end_date: endDateMs === null ? null : new Date(endDateMs),
  });
}

function describeTask(dag: DagDeclaration, declaration: TaskDeclaration): ContextTask {
  const { task_id, operator, retries, pool, pool_slots, priority_weight, trigger_rule, map_index_template } =
    declaration;
  return Object.freeze({
    ...{ task_id, task_type: operator, retries, pool, pool_slots, priority_weight, trigger_rule, map_index_template },
    upstream_task_ids: [...(neighboursOf(dag).upstream.get(task_id) ?? [])],
    downstream_task_ids: [...(neighboursOf(dag).downstream.get(task_id) ?? [])],
  });
}

type PreviousDates = Pick<
  Context,
  | "prev_data_interval_start_success"
  | "prev_data_interval_end_success"
  | "prev_start_date_success"
  | "prev_end_date_success"
>;

function previousDates({ prev_success: previous }: RunFacts): PreviousDates {
  const date = (text: string | undefined): Date | null => (text === undefined ? null : new Date(text));
  return {
    prev_data_interval_start_success: date(previous?.data_interval_start),
    prev_data_interval_end_success: date(previous?.data_interval_end),
    prev_start_date_success: date(previous?.start_date),
    prev_end_date_success: date(previous?.end_date),
  };
}

type DateTexts = Pick<Context, "ds" | "ds_nodash" | "ts" | "ts_nodash" | "ts_nodash_with_tz">;

function dateTexts(logical_date: Date): DateTexts {
  const iso = logical_date.toISOString();
  const ds = iso.slice(0, 10);
  const ts_nodash = iso.slice(0, 19).replaceAll(/[-:]/g, "");
  return {
    ds,
    ds_nodash: ds.replaceAll("-", ""),
    ts: `${iso.slice(0, 19)}${fraction(logical_date)}+00:00`,
    ts_nodash,
    ts_nodash_with_tz: `${ts_nodash}+0000`,
  };
}

/** Python writes six digits, and none where they are all zero. */
function fraction(date: Date): string {
  const milliseconds = date.getUTCMilliseconds();
  return milliseconds === 0 ? "" : `.${String(milliseconds).padStart(3, "0")}000`;
}
