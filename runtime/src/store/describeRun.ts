import type { RunErrorCode } from "#core/errorCodes.js";
import {
  type CodeVersion,
  type InstanceDetails,
  type InstanceState,
  type InstanceSummary,
  type TaskSummary,
  type TrySummary,
  UNMAPPED_INDEX,
  summaryState,
} from "#core/model/run.js";
import { isMapped as isMappedNode, positionsOf } from "#core/model/graph.js";
import { FanoutError } from "../errors.js";
import { renderedInputs } from "./renderedInputs.js";
import {
  type BundleRow,
  type InstanceProgress,
  type InstanceRow,
  type LogRange,
  RETURN_KEY,
  type RunStore,
  type TaskRow,
  type TryRow,
  tryOfRow,
} from "./runStore.js";

/** A task instance that may exist as a row, or only by its number. */
interface Address {
  readonly task: TaskRow;
  readonly task_id: string;
  readonly map_index: number;
  readonly row: InstanceRow | null;
}

/** Every task of the run with its instances. */
export function describeTasks(store: RunStore): TaskSummary[] {
  const { model } = store.run();
  const counts = store.tasks();
  return model.tasks.map((node, task): TaskSummary => {
    const isMapped = isMappedNode(node, model);
    const codes = store.errorCodes(task, "failed");
    const rows = store.progress(task).map((row) => summarise(row, codes.get(row.map_index)));
    const instances = allInstances(rows, counts[task]?.count ?? null, isMapped);
    const states = countStates(instances);
    const count = counts[task]?.count ?? null;
    return { task_id: node.task_id, mapped: isMapped, state: summaryState(states), count, counts: states, instances };
  });
}

/** Rows exist only for what has started or ended; the others are known by their number. */
function allInstances(
  summaries: readonly InstanceSummary[],
  count: number | null,
  isMapped: boolean,
): readonly InstanceSummary[] {
  const isPlaceholder = !isMapped || count === null || count === 0;
  if (isPlaceholder) return summaries.length > 0 ? summaries : [notStarted(UNMAPPED_INDEX)];
  if (summaries.length === count) return summaries;
  const known = new Map(summaries.map((summary) => [summary.map_index, summary]));
  const removed = summaries.filter(({ map_index }) => map_index >= count);
  return [...Array.from({ length: count }, (_, index) => known.get(index) ?? notStarted(index)), ...removed];
}

function notStarted(map_index: number): InstanceSummary {
  return { map_index, name: null, state: "none", try_number: 0, start: null, end: null, duration_ms: null };
}

/** `code`: what ended it, where it failed. */
function summarise(row: InstanceRow | InstanceProgress, code: RunErrorCode | undefined): InstanceSummary {
  const { map_index, name, state, try_number, start, duration_ms } = row;
  const summary = { map_index, name, state, try_number, start: iso(start), end: iso(endOf(row)), duration_ms };
  return state === "failed" && code === "cancelled" ? { ...summary, cancelled: true } : summary;
}

function endOf({ start, duration_ms, state }: Pick<TryRow, "start" | "duration_ms" | "state">): number | null {
  return start !== null && duration_ms !== null && state !== "running" ? start + duration_ms : null;
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function countStates(instances: readonly InstanceSummary[]): Partial<Record<InstanceState, number>> {
  const counts: Partial<Record<InstanceState, number>> = {};
  for (const { state } of instances) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function findTask(store: RunStore, task_id: string): { task: TaskRow; isMapped: boolean } {
  const { model, run_id } = store.run();
  const position = positionsOf(model).get(task_id) ?? -1;
  const node = model.tasks[position];
  const task = store.tasks()[position];
  if (task) return { task, isMapped: node !== undefined && isMappedNode(node, model) };
  throw new FanoutError("unknown-task", `Run '${run_id}' has no task '${task_id}'.`, {
    advice: `It has ${model.tasks.map((node) => `'${node.task_id}'`).join(", ")}.`,
  });
}

export function findInstance(store: RunStore, task_id: string, map_index: number): Address {
  const { task, isMapped } = findTask(store, task_id);
  const row = store.instance(task.task, map_index);
  const isNumbered = isMapped && task.count !== null && task.count > 0;
  const exists =
    row?.state === "removed" ||
    (isNumbered ? map_index >= 0 && map_index < (task.count ?? 0) : map_index === UNMAPPED_INDEX);
  if (Number.isInteger(map_index) && exists) return { task, task_id, map_index, row };
  const range = isNumbered ? `0 to ${String((task.count ?? 0) - 1)}` : String(UNMAPPED_INDEX);
  const message = `Task '${task_id}' has no instance ${String(map_index)}, only ${range}.`;
  throw new FanoutError("unknown-map-index", message);
}

export function describeInstance(store: RunStore, { task, task_id, map_index, row }: Address): InstanceDetails {
  const { run_id } = store.run();
  const tries = row === null ? [] : triesOf(store, row);
  const base = { run_id, task_id, xcom_keys: store.pushedKeys(task.task, map_index), tries };
  if (!row) return { ...notStarted(map_index), ...base, rendered: null, xcom: null, error: null };
  const xcom: unknown = row.xcom === null ? null : JSON.parse(row.xcom);
  const marked = isMarked(row, tries) && { marked: true as const };
  return {
    ...summarise(row, row.error?.code),
    ...marked,
    ...base,
    rendered: renderedInputs(store, task, row),
    xcom,
    error: row.error,
  };
}

/** Nothing comes to be a success without a try of which one knows that it was one. */
function isMarked({ state, error, try_number }: InstanceRow, tries: readonly TrySummary[]): boolean {
  const { state: came = null } = tries.find((one) => one.try_number === try_number) ?? {};
  return error?.code === "marked-failed" || (state === "success" && came !== "success");
}

/** A try that is waited after, or whose instance was cleared or marked, stands among the earlier ones already. */
function triesOf(store: RunStore, row: InstanceRow): TrySummary[] {
  const earlier = store.tries(row.task, row.map_index);
  const isNew = row.start !== null && earlier.every(({ try_number }) => try_number !== row.try_number);
  const hashes = new Map(store.bundles().map((one) => [one.bundle, codeHash(one)]));
  return [...earlier, ...(isNew ? [tryOfRow(row)] : [])].map((one): TrySummary => {
    const { try_number, start, duration_ms, error, bundle } = one;
    const state = one.state === "up_for_retry" ? "failed" : one.state;
    const times = { start: iso(start), end: iso(endOf(one)), duration_ms };
    return { try_number, state, ...times, code_hash: hashes.get(bundle) ?? null, error };
  });
}

/** Every code that the run has had, in order. */
export function codeVersions(store: RunStore): CodeVersion[] {
  return store.bundles().map((one) => ({ hash: codeHash(one), at: new Date(one.at).toISOString() }));
}

/** Bundles are named by their file and, behind a dot, the hash of what is in them. */
function codeHash({ hash }: BundleRow): string {
  return hash.slice(hash.lastIndexOf(".") + 1);
}

/** Of the newest try where no other is named. */
export function logRange(store: RunStore, { task, map_index, row }: Address, try_number?: number): LogRange | null {
  const wanted = try_number ?? row?.try_number;
  if (row?.log && wanted === row.try_number) return row.log;
  return store.tries(task.task, map_index).find((one) => one.try_number === wanted)?.log ?? null;
}

export function readXCom(store: RunStore, task_id: string, map_index: number | undefined, key = RETURN_KEY): unknown {
  const { task, isMapped } = findTask(store, task_id);
  if (map_index === undefined && isMapped) return rowsOf(store, task.task, key, 0, (task.count ?? 0) - 1);
  const { map_index: only } = findInstance(store, task_id, map_index ?? UNMAPPED_INDEX);
  return rowsOf(store, task.task, key, only, only)[0] ?? null;
}

/** From the first to the last of the indexes. */
function rowsOf(store: RunStore, task: number, key: string, from: number, to: number): unknown[] {
  return store.xcomRows(task, key, from, to, Infinity).map(({ json }) => JSON.parse(json) as unknown);
}
