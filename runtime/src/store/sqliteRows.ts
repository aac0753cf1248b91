import type { DagModel } from "#core/model/dag.js";
import type { InstanceState, RunError, RunState, RunType } from "#core/model/run.js";
import type { InstanceRow, LogRange, RunRow, TaskRow, TryRow, XcomRow } from "./runStore.js";

/** A row as the database gives it, by the names of its columns. */
export type Row = Record<string, number | string | null>;

export function runOf(row: Row): RunRow {
  return {
    run_id: text(row, "run_id"),
    dag_id: text(row, "dag_id"),
    file: text(row, "file"),
    logical_date: number(row, "logical_date"),
    // Runs of before there were intervals stand for a moment.
    data_interval_start: numberOrNull(row, "data_interval_start") ?? number(row, "logical_date"),
    data_interval_end: numberOrNull(row, "data_interval_end") ?? number(row, "logical_date"),
    run_type: text(row, "run_type") as RunType,
    params: JSON.parse(text(row, "params")) as Record<string, unknown>,
    node: text(row, "node"),
    model: JSON.parse(text(row, "model")) as DagModel,
    state: text(row, "state") as RunState,
    start: number(row, "start"),
    end: numberOrNull(row, "end"),
    error: errorOf(row),
  };
}

export function taskOf(row: Row): TaskRow {
  return {
    task: number(row, "task_no"),
    count: numberOrNull(row, "instance_count"),
    inputs: textOrNull(row, "inputs"),
  };
}

export function xcomOf(row: Row): XcomRow {
  return { map_index: number(row, "map_index"), json: text(row, "value") };
}

export function instanceOf(row: Row): InstanceRow {
  return {
    ...tryOf(row),
    name: textOrNull(row, "name"),
    state: text(row, "state") as InstanceState,
    inputs: textOrNull(row, "inputs"),
    xcom: textOrNull(row, "xcom"),
  };
}

export function tryOf(row: Row): TryRow {
  return {
    task: number(row, "task_no"),
    map_index: number(row, "map_index"),
    try_number: number(row, "try_number"),
    start: numberOrNull(row, "start"),
    duration_ms: numberOrNull(row, "duration_ms"),
    log: logOf(row),
    error: errorOf(row),
  };
}

function logOf(row: Row): LogRange | null {
  const segment = numberOrNull(row, "log_segment");
  if (segment === null) return null;
  return { segment, from: number(row, "log_from"), to: numberOrNull(row, "log_to") };
}

function errorOf(row: Row): RunError | null {
  const json = textOrNull(row, "error");
  return json === null ? null : (JSON.parse(json) as RunError);
}

/** As a column holds it. */
export function errorJson(error: RunError | null): string | null {
  return error ? JSON.stringify(error) : null;
}

export function text(row: Row, name: string): string {
  return String(row[name]);
}

function textOrNull(row: Row, name: string): string | null {
  const value = row[name];
  return value === null || value === undefined ? null : String(value);
}

function number(row: Row, name: string): number {
  return Number(row[name]);
}

function numberOrNull(row: Row, name: string): number | null {
  const value = row[name];
  return value === null || value === undefined ? null : Number(value);
}
