import type { RunError } from "#core/model/run.js";
import type { InstanceMore, InstanceRow, PartTarget, RunRow, TryRow } from "./runStore.js";
import type { Values } from "./sqliteDatabase.js";
import { TASK_STRIDE } from "./statements.js";

/** The columns of `run`, in their order. */
export function runValues(run: RunRow): Values {
  const { run_id, dag_id, file, logical_date, params, conf, node, model, state, start, end, error } = run;
  return [
    ...[run_id, dag_id, file, logical_date, JSON.stringify(params), node, JSON.stringify(model), state],
    ...[start, end, errorJson(error)],
    ...[run.data_interval_start, run.data_interval_end, run.run_type, JSON.stringify(conf)],
    partJson(run.part ?? null),
  ];
}

/** What `PUT_INSTANCE` asks for. Written out: this is done for each of 100,000 instances. */
export function instanceValues(row: InstanceRow): Values {
  const { task, map_index, state, try_number, start, duration_ms, inputs, xcom, log, error, name } = row;
  return [
    idOf(task, map_index),
    task,
    map_index,
    state,
    try_number,
    start,
    duration_ms,
    inputs,
    xcom,
    log?.segment ?? null,
    log?.from ?? null,
    log?.to ?? null,
    errorJson(error),
    name,
  ];
}

/** What `PUT_INSTANCE_WITH_MORE` asks for besides. */
export function moreValues({ length, skips, due, base_try, bundle }: InstanceMore): Values {
  return [length, skips.length === 0 ? null : JSON.stringify(skips), due, base_try, bundle];
}

/** The columns of `earlier_try`, in their order. */
export function tryValues(row: TryRow): Values {
  const { task, map_index, try_number, start, duration_ms, log, error, name, state, bundle } = row;
  return [
    ...[task, map_index, try_number, start, duration_ms],
    ...[log?.segment ?? null, log?.from ?? null, log?.to ?? null, errorJson(error), name, state, bundle],
  ];
}

export function errorJson(error: RunError | null): string | null {
  return error ? JSON.stringify(error) : null;
}

export function partJson(part: readonly PartTarget[] | null): string | null {
  return part && JSON.stringify(part);
}

/** The key of an instance's row. */
export function idOf(task: number, map_index: number): number {
  return task * TASK_STRIDE + map_index + 1;
}

/** The first and the last key that rows of a task can have. */
export function idsOf(task: number): [first: number, last: number] {
  return [idOf(task, -1), idOf(task + 1, -1) - 1];
}
