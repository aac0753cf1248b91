import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import type { DagModel } from "#core/model/dag.js";
import { isMapped as isMappedNode } from "#core/model/graph.js";
import {
  type InstanceDetails,
  type InstanceState,
  type InstanceSummary,
  type RunDetails,
  type RunError,
  type RunSummary,
  type TaskSummary,
  UNMAPPED_INDEX,
  summaryState,
} from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import { segmentName } from "../pool/segmentName.js";
import { isAlive } from "./isAlive.js";
import { RunReader } from "./readableCopy.js";
import { renderedInputs } from "./renderedInputs.js";
import { RUN_FILES, readRunFile, runsFolder } from "./runFolder.js";
import { readIndex } from "./runIndex.js";
import type { InstanceRow, LogRange, RunStore, TaskRow } from "./runStore.js";

export { findHome } from "./home.js";

export interface RunFilter {
  readonly dag_id?: string;
  /** At most so many, newest first. */
  readonly limit?: number;
}

/** The read side of a history folder; works while a run is live and after it ended. Throws `FanoutError`. */
export interface History {
  /** Newest first. */
  runs(filter?: RunFilter): RunSummary[];
  show(run_id: string): RunDetails;
  instance(run_id: string, task_id: string, map_index: number): InstanceDetails;
  /** Everything that the instance wrote in its newest (or the given) try. */
  log(run_id: string, task_id: string, map_index: number, try_number?: number): string;
  /** One instance's result, or the list of a mapped task's results where `map_index` is left out. */
  xcom(run_id: string, task_id: string, map_index?: number): unknown;
  model(run_id: string): DagModel;
  /** Lets go of what the last call opened; the next one opens it again. */
  close(): void;
}

export function openHistory(home: string): History {
  const reader = new RunReader();
  const inRun = <T>(run_id: string, read: (store: RunStore) => T): T => reader.read(folderOf(home, run_id), read);
  return {
    runs: (filter = {}) => listRuns(home, filter),
    show: (run_id) => inRun(run_id, (store) => describeRun(summaryOf(home, run_id), store)),
    instance: (run_id, task_id, map_index) =>
      inRun(run_id, (store) => describeInstance(store, findInstance(store, task_id, map_index))),
    log: (run_id, task_id, map_index, try_number) => {
      const range = inRun(run_id, (store) => logRange(store, findInstance(store, task_id, map_index), try_number));
      return range ? readLog(folderOf(home, run_id), range) : "";
    },
    xcom: (run_id, task_id, map_index) => inRun(run_id, (store) => readXCom(store, task_id, map_index)),
    model: (run_id) => inRun(run_id, (store) => store.run().model),
    close: () => reader.close(),
  };
}

/** A task instance that may exist as a row, or only by its number. */
interface Address {
  readonly task: TaskRow;
  readonly task_id: string;
  readonly map_index: number;
  readonly row: InstanceRow | null;
}

const OWNER_GONE: RunError = {
  code: "worker-died",
  message: "The process that ran this DAG ended before the run did.",
  advice: "Run the DAG again.",
};

function listRuns(home: string, { dag_id, limit = Infinity }: RunFilter): RunSummary[] {
  const runs = readIndex(home).filter((run) => dag_id === undefined || run.dag_id === dag_id);
  runs.sort((a, b) => b.start.localeCompare(a.start) || b.run_id.localeCompare(a.run_id));
  return runs.slice(0, limit).map((run) => withOwner(home, run));
}

/** A run whose owner is gone will not go on. */
function withOwner(home: string, run: RunSummary): RunSummary {
  return isAbandoned(home, run) ? { ...run, state: "failed" } : run;
}

function isAbandoned(home: string, run: RunSummary): boolean {
  if (run.end !== null) return false;
  const file = readRunFile(path.join(runsFolder(home), run.run_id));
  return file !== null && file.summary.end === null && !isAlive(file.pid);
}

function folderOf(home: string, run_id: string): string {
  const dir = path.join(runsFolder(home), run_id);
  // A run id is a name, never a path to somewhere else.
  if (path.basename(dir) === run_id && readRunFile(dir)) return dir;
  throw new FanoutError("unknown-run", `There is no run '${run_id}' in '${home}'.`, {
    advice: "'fanout runs' lists them.",
  });
}

function summaryOf(home: string, run_id: string): RunSummary & { abandoned: boolean } {
  const file = readRunFile(folderOf(home, run_id));
  if (!file) throw new FanoutError("unknown-run", `There is no run '${run_id}' in '${home}'.`);
  return { ...withOwner(home, file.summary), abandoned: isAbandoned(home, file.summary) };
}

function describeRun({ abandoned, ...summary }: RunSummary & { abandoned: boolean }, store: RunStore): RunDetails {
  const { file, model, error } = store.run();
  const counts = store.tasks();
  const tasks = model.tasks.map((node, task): TaskSummary => {
    const isMapped = isMappedNode(node, model);
    const instances = allInstances(store.instances(task), counts[task]?.count ?? null, isMapped);
    const states = countStates(instances);
    const count = counts[task]?.count ?? null;
    return { task_id: node.task_id, mapped: isMapped, state: summaryState(states), count, counts: states, instances };
  });
  return { ...summary, file, error: abandoned ? OWNER_GONE : error, tasks };
}

/** Rows exist only for what has started or ended; the others are known by their number. */
function allInstances(rows: readonly InstanceRow[], count: number | null, isMapped: boolean): InstanceSummary[] {
  const summaries = rows.map(summarise);
  const isPlaceholder = !isMapped || count === null || count === 0;
  if (isPlaceholder) return summaries.length > 0 ? summaries : [notStarted(UNMAPPED_INDEX)];
  if (summaries.length === count) return summaries;
  const known = new Map(summaries.map((summary) => [summary.map_index, summary]));
  return Array.from({ length: count }, (_, index) => known.get(index) ?? notStarted(index));
}

function notStarted(map_index: number): InstanceSummary {
  return { map_index, name: null, state: "none", try_number: 0, start: null, end: null, duration_ms: null };
}

function summarise(row: InstanceRow): InstanceSummary {
  const { map_index, name, state, try_number, start, duration_ms } = row;
  const end = start !== null && duration_ms !== null && state !== "running" ? start + duration_ms : null;
  return { map_index, name, state, try_number, start: iso(start), end: iso(end), duration_ms };
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
  const position = model.tasks.findIndex((task) => task.task_id === task_id);
  const node = model.tasks[position];
  const task = store.tasks()[position];
  if (task) return { task, isMapped: node !== undefined && isMappedNode(node, model) };
  throw new FanoutError("unknown-task", `Run '${run_id}' has no task '${task_id}'.`, {
    advice: `It has ${model.tasks.map((node) => `'${node.task_id}'`).join(", ")}.`,
  });
}

function findInstance(store: RunStore, task_id: string, map_index: number): Address {
  const { task, isMapped } = findTask(store, task_id);
  const row = store.instance(task.task, map_index);
  const isNumbered = isMapped && task.count !== null && task.count > 0;
  const exists = isNumbered ? map_index >= 0 && map_index < (task.count ?? 0) : map_index === UNMAPPED_INDEX;
  if (Number.isInteger(map_index) && exists) return { task, task_id, map_index, row };
  const range = isNumbered ? `0 to ${String((task.count ?? 0) - 1)}` : String(UNMAPPED_INDEX);
  const message = `Task '${task_id}' has no instance ${String(map_index)}, only ${range}.`;
  throw new FanoutError("unknown-map-index", message);
}

function describeInstance(store: RunStore, { task, task_id, map_index, row }: Address): InstanceDetails {
  const { run_id } = store.run();
  if (!row) return { ...notStarted(map_index), run_id, task_id, rendered: null, xcom: null, error: null };
  const xcom: unknown = row.xcom === null ? null : JSON.parse(row.xcom);
  return { ...summarise(row), run_id, task_id, rendered: renderedInputs(store, task, row), xcom, error: row.error };
}

function logRange(store: RunStore, { task, map_index, row }: Address, try_number?: number): LogRange | null {
  if (try_number === undefined || try_number === row?.try_number) return row?.log ?? null;
  return store.tries(task.task, map_index).find((one) => one.try_number === try_number)?.log ?? null;
}

function readLog(dir: string, { segment, from, to }: LogRange): string {
  const fd = openSync(path.join(dir, RUN_FILES.logs, segmentName(segment)), "r");
  try {
    const buffer = Buffer.alloc((to ?? fstatSync(fd).size) - from);
    const length = readSync(fd, buffer, 0, buffer.length, from);
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(fd);
  }
}

function readXCom(store: RunStore, task_id: string, map_index?: number): unknown {
  const { task, isMapped } = findTask(store, task_id);
  if (map_index === undefined && isMapped) return resultsOf(store, task.task);
  const { row } = findInstance(store, task_id, map_index ?? UNMAPPED_INDEX);
  return typeof row?.xcom === "string" ? JSON.parse(row.xcom) : null;
}

function resultsOf(store: RunStore, task: number): unknown[] {
  const rows = store.instances(task).filter((row) => row.xcom !== null);
  return rows.map((row) => JSON.parse(row.xcom ?? "null") as unknown);
}
