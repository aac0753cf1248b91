import type { DagModel } from "#core/model/dag.js";
import type { InstanceState, RunError, RunState, RunType } from "#core/model/run.js";
import type {
  BundleRow,
  InstanceMore,
  InstanceProgress,
  InstanceRow,
  LogRange,
  PartTarget,
  RunRow,
  TaskRow,
  TryRow,
  XcomRow,
} from "./runStore.js";

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
    run_type: (textOrNull(row, "run_type") ?? "manual") as RunType,
    params: JSON.parse(text(row, "params")) as Record<string, unknown>,
    conf: JSON.parse(textOrNull(row, "conf") ?? text(row, "params")) as Record<string, unknown>,
    node: text(row, "node"),
    model: JSON.parse(text(row, "model")) as DagModel,
    state: text(row, "state") as RunState,
    start: number(row, "start"),
    end: numberOrNull(row, "end"),
    error: errorOf(row),
    // Runs of before this was kept go on as ones of the whole DAG.
    part: JSON.parse(textOrNull(row, "part") ?? "null") as readonly PartTarget[] | null,
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

export function errorCodeOf(row: Row): readonly [number, RunError["code"]] {
  return [number(row, "map_index"), text(row, "value") as RunError["code"]];
}

export function instanceOf(row: Row): InstanceRow {
  const more = moreOf(row);
  return {
    ...addressOf(row),
    ...outcomeOf(row),
    state: text(row, "state") as InstanceState,
    inputs: textOrNull(row, "inputs"),
    xcom: textOrNull(row, "xcom"),
    more: isPlain(more) ? null : more,
  };
}

function isPlain({ length, skips, due, base_try, bundle }: InstanceMore): boolean {
  return length === null && skips.length === 0 && due === null && base_try === 0 && bundle === 0;
}

export function progressOf(row: Row): InstanceProgress {
  return {
    ...addressOf(row),
    name: textOrNull(row, "name"),
    state: text(row, "state") as InstanceState,
    start: numberOrNull(row, "start"),
    duration_ms: numberOrNull(row, "duration_ms"),
    hasResult: number(row, "has_result") === 1,
    more: moreOf(row),
  };
}

export function tryOf(row: Row): TryRow {
  // Runs of before there were more states kept only tries that had failed.
  const state = (textOrNull(row, "state") ?? "failed") as InstanceState;
  return { ...addressOf(row), ...outcomeOf(row), state, bundle: numberOrNull(row, "bundle_no") ?? 0 };
}

export function bundleOf(row: Row): BundleRow {
  return { bundle: number(row, "bundle_no"), hash: text(row, "hash"), at: number(row, "at") };
}

function addressOf(row: Row): Pick<InstanceRow, "task" | "map_index" | "try_number"> {
  return {
    task: number(row, "task_no"),
    map_index: number(row, "map_index"),
    try_number: number(row, "try_number"),
  };
}

function outcomeOf(row: Row): Pick<InstanceRow, "name" | "start" | "duration_ms" | "log" | "error"> {
  return {
    name: textOrNull(row, "name"),
    start: numberOrNull(row, "start"),
    duration_ms: numberOrNull(row, "duration_ms"),
    log: logOf(row),
    error: errorOf(row),
  };
}

/** Also of a row from before there was any of it. */
function moreOf(row: Row): InstanceMore {
  const skips = textOrNull(row, "skips");
  return {
    length: numberOrNull(row, "length"),
    skips: skips === null ? [] : (JSON.parse(skips) as number[]),
    due: numberOrNull(row, "due"),
    base_try: numberOrNull(row, "base_try") ?? 0,
    bundle: numberOrNull(row, "bundle_no") ?? 0,
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
