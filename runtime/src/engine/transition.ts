import { type UpstreamCounts, judge } from "#core/model/triggerRule.js";
import { type Axis, type Plan, type PlanTask, axisLength, sourcesOf } from "./plan.js";

/** How many instances ended how. */
export type Outcomes = UpstreamCounts;

export const NO_OUTCOMES: Outcomes = { success: 0, failed: 0, skipped: 0, upstream_failed: 0 };

/** What scheduling needs to know of one task; instances are only counted, never listed. */
export interface TaskProgress {
  readonly phase: "waiting" | "running" | "done";
  /** True once a mapped task has its instances; until then, or when it never runs, it has one placeholder. */
  readonly expanded: boolean;
  /** Instances; 1 while not expanded. */
  readonly count: number;
  readonly outcomes: Outcomes;
  /** Results that exist: instances that returned nothing have none. */
  readonly rows: number;
  /** Number of entries of the one result of a task that is not mapped; null where there is none. */
  readonly length: number | null;
}

/** By position in the plan. */
export type Progress = readonly TaskProgress[];

export type ProgressEvent =
  | { readonly type: "begin" }
  /** Instances of one task ended for good: no retry follows. */
  | {
      readonly type: "finished";
      readonly task: number;
      readonly outcomes: Outcomes;
      readonly rows: number;
      readonly length: number | null;
      /** Tasks that the results decided to skip: those of them that have not started are. */
      readonly skips?: readonly number[];
    };

export type Effect =
  /** The task's instances may run: `count` of them, 0…count-1, or the one of a task that is not mapped. */
  | { readonly type: "run"; readonly task: number; readonly count: number }
  /** The task's only instance ends without running. */
  | {
      readonly type: "settle";
      readonly task: number;
      readonly state: "skipped" | "upstream_failed";
      readonly reason: SettleReason;
    }
  | { readonly type: "end"; readonly state: "success" | "failed" };

/** `decision`: a branch or short circuit before it decided so. */
type SettleReason = "upstream" | "zero-length" | "no-length" | "decision";

export interface Step {
  readonly progress: Progress;
  readonly effects: readonly Effect[];
}

export function initialProgress(plan: Plan): Progress {
  return plan.tasks.map(() => ({
    phase: "waiting",
    expanded: false,
    count: 1,
    outcomes: NO_OUTCOMES,
    rows: 0,
    length: null,
  }));
}

/** The whole of scheduling: what follows from an event, as a new state and what is to be done. Pure. */
export function transition(plan: Plan, progress: Progress, event: ProgressEvent): Step {
  const tasks = [...progress];
  const effects: Effect[] = [];
  const pending =
    event.type === "begin" ? plan.tasks.map((_, position) => position) : applyFinished(plan, tasks, event);
  const carryOut = (effect: Decision): void => {
    effects.push(effect);
    tasks[effect.task] = applyDecision(plan, tasks, effect);
    if (effect.type === "settle") pending.push(...taskAt(plan, effect.task).downstream);
  };
  for (const position of event.type === "finished" ? (event.skips ?? []) : []) {
    if (progressAt(tasks, position).phase === "waiting") carryOut(settle(position, "skipped", "decision"));
  }
  for (let position = takeFirst(pending); position !== undefined; position = takeFirst(pending)) {
    const effect = decide(plan, tasks, position);
    if (effect) carryOut(effect);
  }
  if (tasks.every((task) => task.phase === "done")) effects.push({ type: "end", state: stateOfRun(plan, tasks) });
  return { progress: tasks, effects };
}

/**
 * The earliest in the plan: what settles tasks before it must have done so before an early rule (`one_done`, …) looks at
 * them, or the outcome would depend on the order in which dependencies were written.
 */
function takeFirst(pending: number[]): number | undefined {
  if (pending.length === 0) return undefined;
  const [first] = pending.splice(pending.indexOf(Math.min(...pending)), 1);
  return first;
}

type FinishedEvent = Extract<ProgressEvent, { type: "finished" }>;
type Decision = Exclude<Effect, { type: "end" }>;

/** Adds what ended and returns the tasks that may be affected. */
function applyFinished(plan: Plan, tasks: TaskProgress[], event: FinishedEvent): number[] {
  const before = progressAt(tasks, event.task);
  const outcomes = addOutcomes(before.outcomes, event.outcomes);
  const isDone = total(outcomes) === before.count;
  tasks[event.task] = {
    ...before,
    phase: isDone ? "done" : "running",
    outcomes,
    rows: before.rows + event.rows,
    length: event.length ?? before.length,
  };
  return [...taskAt(plan, event.task).downstream];
}

function decide(plan: Plan, tasks: Progress, position: number): Decision | null {
  if (progressAt(tasks, position).phase !== "waiting") return null;
  const task = taskAt(plan, position);
  const upstream = task.upstream.map((one) => progressAt(tasks, one));
  const outcomes = upstream.map((one) => one.outcomes).reduce(addOutcomes, NO_OUTCOMES);
  const count = upstream.reduce((sum, one) => sum + one.count, 0);
  const verdict = judge(task.trigger_rule, outcomes, count);
  if (verdict === "skipped" || verdict === "upstream_failed") return settle(position, verdict, "upstream");
  const missing = judgeSources(tasks, task.axes ?? []);
  if (missing !== null) return settle(position, missing, "upstream");
  if (verdict === "wait") return null;
  return task.axes ? decideExpansion(tasks, position, task.axes) : { type: "run", task: position, count: 1 };
}

function settle(task: number, state: "skipped" | "upstream_failed", reason: SettleReason): Decision {
  return { type: "settle", task, state, reason };
}

/**
 * Whatever the trigger rule says, and without waiting for it: without its one source there is nothing to map over.
 * Source: airflow-core `MappedTaskUpstreamDep`, which leaves out sources that have instances of their own.
 */
function judgeSources(tasks: Progress, axes: readonly Axis[]): "skipped" | "upstream_failed" | null {
  const sources = axes.flatMap(sourcesOf).map((task) => progressAt(tasks, task));
  const single = sources.filter((source) => !source.expanded);
  if (single.some(({ outcomes }) => outcomes.failed + outcomes.upstream_failed > 0)) return "upstream_failed";
  return single.some(({ outcomes }) => outcomes.skipped > 0) ? "skipped" : null;
}

function decideExpansion(tasks: Progress, position: number, axes: readonly Axis[]): Decision {
  const count = axes.map((axis) => lengthOf(tasks, axis)).reduce(multiply, 1);
  if (count === null) return settle(position, "upstream_failed", "no-length");
  if (count === 0) return settle(position, "skipped", "zero-length");
  return { type: "run", task: position, count };
}

/** A mapped source contributes the results that exist, not its instances; null while they are not all there. */
function lengthOf(tasks: Progress, axis: Axis): number | null {
  return axisLength(axis, (task) => {
    const source = progressAt(tasks, task);
    if (source.phase !== "done") return null;
    return source.expanded ? source.rows : source.length;
  });
}

function multiply(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}

function applyDecision(plan: Plan, tasks: Progress, decision: Decision): TaskProgress {
  const before = progressAt(tasks, decision.task);
  if (decision.type === "settle") {
    return { ...before, phase: "done", outcomes: { ...NO_OUTCOMES, [decision.state]: 1 } };
  }
  return { ...before, phase: "running", expanded: taskAt(plan, decision.task).axes !== null, count: decision.count };
}

/** As Airflow: the tasks that nothing follows decide. */
function stateOfRun(plan: Plan, tasks: Progress): "success" | "failed" {
  const leaves = tasks.filter((_, position) => taskAt(plan, position).downstream.length === 0);
  const isFailed = leaves.some(({ outcomes }) => outcomes.failed + outcomes.upstream_failed > 0);
  return isFailed ? "failed" : "success";
}

/** What becomes of an instance when a try of it has failed. */
export function afterFailure(task: PlanTask, try_number: number, mayRetry: boolean): "up_for_retry" | "failed" {
  return mayRetry && try_number <= task.retries ? "up_for_retry" : "failed";
}

export function addOutcomes(a: Outcomes, b: Outcomes): Outcomes {
  return {
    success: a.success + b.success,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    upstream_failed: a.upstream_failed + b.upstream_failed,
  };
}

function total(outcomes: Outcomes): number {
  return outcomes.success + outcomes.failed + outcomes.skipped + outcomes.upstream_failed;
}

function taskAt(plan: Plan, position: number): PlanTask {
  const task = plan.tasks[position];
  if (!task) throw new RangeError(`no task ${position} in the plan`);
  return task;
}

function progressAt(tasks: Progress, position: number): TaskProgress {
  const progress = tasks[position];
  if (!progress) throw new RangeError(`no progress of task ${position}`);
  return progress;
}
