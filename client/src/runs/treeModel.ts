import type {
  InstanceDetails,
  InstanceState,
  InstanceSummary,
  RunDetails,
  RunError,
  RunSummary,
  TaskSummary,
  TrySummary,
} from "#core/model/run.js";
import { durationText } from "#core/durationText.js";
import { UNMAPPED_INDEX, summaryState } from "#core/model/run.js";
import { type ShownCounts, type ShownState, shownState, shownTask, shownTry } from "#core/model/shownState.js";
import { isOver } from "./runBook.js";
import type { RunEntry } from "./runBook.js";
import type { RunDocumentKind } from "./runDocument.js";

/** Instances that are listed one by one; above it they are listed in ranges of as many. */
const RANGE_SIZE = 100;
/** Failed instances that are named before the ranges, so that nobody has to look for them. */
const MOST_PINNED = 20;

/** The tree of the view "Runs": run → task → instances (in ranges where there are many) → documents. */
export type TreeNode =
  | { readonly type: "run"; readonly entry: RunEntry }
  | { readonly type: "task"; readonly run: RunRef; readonly task: TaskSummary }
  | { readonly type: "range"; readonly run: RunRef; readonly task: TaskSummary; readonly from: number }
  | {
      readonly type: "instance";
      readonly run: RunRef;
      readonly task_id: string;
      readonly instance: InstanceSummary;
      /** Named before the ranges, in one of which it is named again. */
      readonly pinned: boolean;
    }
  | ({ readonly type: "document"; readonly kind: RunDocumentKind } & InstanceRef)
  /** Earlier tries of an instance, which are read when they are unfolded. */
  | ({ readonly type: "tries"; readonly count: number } & InstanceRef)
  | ({ readonly type: "try"; readonly tried: TrySummary } & InstanceRef)
  | { readonly type: "message"; readonly error: RunError };

type PartKind = "task" | "instance" | "unmappedInstance";
export type RunContext = "runningRun" | "stoppedRun" | "failedRun" | "finishedRun";

export interface InstanceRef {
  readonly run: RunRef;
  readonly task_id: string;
  readonly map_index: number;
  /** What the instance's template calls it. */
  readonly name: string | null;
  readonly pinned: boolean;
}

interface RunRef {
  readonly entry: RunEntry;
  /** Absolute path of the DAG file. */
  readonly file: string;
}

const DOCUMENT_KINDS: readonly RunDocumentKind[] = ["log", "rendered", "xcom"];

/** Tasks of a run in the order of its DAG, or why they cannot be told. */
export function childrenOfRun(entry: RunEntry, details: RunDetails | RunError): readonly TreeNode[] {
  if (!("tasks" in details)) return [{ type: "message", error: details }];
  const run = { entry, file: details.file };
  const tasks = details.tasks.map((task): TreeNode => ({ type: "task", run, task }));
  const { error } = details;
  // That somebody cancelled it, its own row says.
  return error === null || error.code === "cancelled" ? tasks : [{ type: "message", error }, ...tasks];
}

/** Tries of an instance before the one that it is in, or was in last; the first one first. */
export function childrenOfTries(
  { run, task_id, map_index, name, pinned }: InstanceRef,
  details: InstanceDetails,
): readonly TreeNode[] {
  const earlier = details.tries.filter(({ try_number }) => try_number < details.try_number);
  return earlier.map((tried) => ({ type: "try", tried, run, task_id, map_index, name, pinned }));
}

/** Children of every node but those whose children have to be read first. */
export function childrenOf(node: Exclude<TreeNode, { type: "run" | "tries" }>): readonly TreeNode[] {
  switch (node.type) {
    case "task":
      return childrenOfTask(node.run, node.task);
    case "range": {
      const instances = node.task.instances.slice(node.from, node.from + RANGE_SIZE);
      return instances.map((instance) => instanceNode(node.run, node.task, instance));
    }
    case "instance":
      return documentsOf(node.run, node.task_id, node.instance, node.pinned);
    case "document":
    case "try":
    case "message":
      return [];
  }
}

function childrenOfTask(run: RunRef, task: TaskSummary): readonly TreeNode[] {
  const [only] = task.instances;
  if (!task.mapped)
    return only === undefined ? [] : documentsOf(run, task.task_id, { ...only, map_index: UNMAPPED_INDEX });
  const instances = task.instances.filter((instance) => instance.map_index !== UNMAPPED_INDEX);
  if (instances.length <= RANGE_SIZE) return instances.map((instance) => instanceNode(run, task, instance));
  const starts = Array.from({ length: Math.ceil(instances.length / RANGE_SIZE) }, (_, index) => index * RANGE_SIZE);
  const failed = instances.filter((instance) => shownState(instance) === "failed").slice(0, MOST_PINNED);
  return [
    ...failed.map((instance) => instanceNode(run, task, instance, true)),
    ...starts.map((from): TreeNode => ({ type: "range", run, task: { ...task, instances }, from })),
  ];
}

function instanceNode(run: RunRef, { task_id }: TaskSummary, instance: InstanceSummary, pinned = false): TreeNode {
  return { type: "instance", run, task_id, instance, pinned };
}

function documentsOf(
  run: RunRef,
  task_id: string,
  { map_index, name, try_number }: InstanceSummary,
  pinned = false,
): readonly TreeNode[] {
  const ref: InstanceRef = { run, task_id, map_index, name, pinned };
  const documents = DOCUMENT_KINDS.map((kind): TreeNode => ({ type: "document", kind, ...ref }));
  return try_number > 1 ? [...documents, { type: "tries", count: try_number - 1, ...ref }] : documents;
}

/** Stable over refreshes, so that what is unfolded stays so. */
export function idOf(node: TreeNode): string {
  switch (node.type) {
    case "run":
      return JSON.stringify([node.entry.summary.run_id]);
    case "task":
      return JSON.stringify([runIdOf(node.run), node.task.task_id]);
    case "range":
      return JSON.stringify([runIdOf(node.run), node.task.task_id, "from", node.from]);
    case "instance":
      return JSON.stringify([runIdOf(node.run), node.task_id, node.instance.map_index, node.pinned]);
    case "document":
      return JSON.stringify([runIdOf(node.run), node.task_id, node.map_index, node.kind, node.pinned]);
    case "tries":
      return JSON.stringify([runIdOf(node.run), node.task_id, node.map_index, "tries", node.pinned]);
    case "try":
      return JSON.stringify([runIdOf(node.run), node.task_id, node.map_index, node.tried.try_number, node.pinned]);
    case "message":
      return JSON.stringify(["message", node.error.message]);
  }
}

function runIdOf(run: RunRef): string {
  return run.entry.summary.run_id;
}

/** `train [3]`; `train [ ]` before it is expanded; only the name where it is not mapped. */
export function taskLabel({ task_id, mapped, count }: TaskSummary): string {
  if (!mapped) return task_id;
  return count === null ? `${task_id} [ ]` : `${task_id} [${count}]`;
}

/** `[2]`, and the name that the task's template gives it. */
export function instanceLabel({ map_index, name }: InstanceSummary): string {
  const index = map_index === UNMAPPED_INDEX ? "[ ]" : `[${map_index}]`;
  return name === null ? index : `${index} ${name}`;
}

export function instanceDescription(instance: InstanceSummary): string {
  const { duration_ms, try_number } = instance;
  const parts = [stateText(shownState(instance))];
  if (duration_ms !== null) parts.push(durationText(duration_ms));
  if (try_number > 1) parts.push(`try ${try_number}`);
  return parts.join(" · ");
}

/** `failed · 12 ms · division by zero`. */
export function tryDescription(tried: TrySummary): string {
  const { duration_ms, error } = tried;
  const state = shownTry(tried);
  const parts = [stateText(state)];
  if (duration_ms !== null) parts.push(durationText(duration_ms));
  if (error !== null && state !== "cancelled") parts.push(error.message);
  return parts.join(" · ");
}

/** Counts by state; an unmapped task's own state and duration. */
export function taskDescription(task: TaskSummary): string {
  const [only] = task.instances;
  if (!task.mapped) return only === undefined ? stateText(task.state) : instanceDescription(only);
  return task.count === 0 ? "skipped, nothing to map" : countsText(shownTask(task).counts);
}

export function rangeOf({ task, from }: { readonly task: TaskSummary; readonly from: number }): {
  readonly label: string;
  readonly description: string;
  readonly state: ShownState;
} {
  const part = task.instances.slice(from, from + RANGE_SIZE);
  const counts: Partial<Record<InstanceState, number>> = {};
  for (const { state } of part) counts[state] = (counts[state] ?? 0) + 1;
  const last = part.at(-1)?.map_index ?? from;
  const shown = shownTask({ state: summaryState(counts), counts, instances: part });
  return {
    label: `[${part[0]?.map_index ?? from} – ${last}]`,
    description: countsText(shown.counts),
    state: shown.state,
  };
}

export function runDescription({ summary }: RunEntry, now: number): string {
  const start = Date.parse(summary.start);
  const end = summary.end === null ? now : Date.parse(summary.end);
  if (!isOver(summary.state)) return `${agoText(now - start)} · ${summary.state}`;
  const took = durationText(end - start);
  return [agoText(now - start), ...(summary.stopped === null ? [] : [summary.stopped]), took].join(" · ");
}

/** What menus know of a run: one that has stopped may go on, and of one that failed something can be tried again. */
export function runContext({ state, resumable }: RunSummary, isUnderWay: boolean): RunContext {
  if (isUnderWay) return "runningRun";
  if (resumable) return "stoppedRun";
  return state === "failed" ? "failedRun" : "finishedRun";
}

/** The same of a task or an instance; `failed-` stands before what can be tried again. */
export function partContext(kind: PartKind, state: InstanceState, isUnderWay: boolean): string {
  if (isUnderWay) return `live-${kind}`;
  return state === "failed" || state === "upstream_failed" ? `failed-${kind}` : kind;
}

/** `2 failed · 10 success`: worst first, and last what has not begun. */
export function countsText(counts: ShownCounts): string {
  const order: readonly ShownState[] = [
    "failed",
    "upstream_failed",
    "cancelled",
    "lost",
    "up_for_retry",
    "up_for_reschedule",
    "running",
    "queued",
    "scheduled",
    "success",
    "skipped",
    "removed",
    "none",
  ];
  const present = order.filter((state) => (counts[state] ?? 0) > 0);
  return present.map((state) => `${counts[state] ?? 0} ${stateText(state)}`).join(" · ");
}

function stateText(state: ShownState): string {
  return state === "none" ? "not started" : state.replaceAll("_", " ");
}

function agoText(ms: number): string {
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
  ] as const;
  const unit = units.find(([size]) => ms >= size);
  return unit === undefined ? "just now" : `${Math.floor(ms / unit[0])} ${unit[1]} ago`;
}
