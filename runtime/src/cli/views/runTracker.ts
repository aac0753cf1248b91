import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { isFinished, summaryState } from "#core/model/run.js";
import type { InstanceState, InstanceSummary, RecordedRun, RunError, RunState, StateCounts } from "#core/model/run.js";
import type { InstanceChange, InstancesChanged, RunEvent } from "#core/model/runEvent.js";
import { inRunningOrder } from "./runningOrder.js";
import { presentStates } from "./states.js";
import { type TaskTime, timeOf } from "./taskTime.js";

/** What the stream of events has told so far; live view, plain lines and report are pure views of it. */
export interface TrackedRun {
  readonly run_id: string;
  readonly dag_id: string;
  readonly file: string;
  readonly node: string;
  readonly logical_date: string;
  readonly model: DagModel;
  readonly state: RunState;
  readonly cancelled: boolean;
  readonly error: RunError | undefined;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number | undefined;
  /** What something waits for stands before it. */
  readonly tasks: readonly TrackedTask[];
}

export interface TrackedTask {
  readonly task_id: string;
  readonly mapped: boolean;
  readonly count: number | null;
  readonly counts: StateCounts;
  /** How many of those that failed were cancelled with the run. */
  readonly cancelled: number;
  readonly state: InstanceState;
  readonly finished: boolean;
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** The first failed instances, with their errors; `counts.failed` has the number of all. */
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly map_index: number;
  /** What its task's template calls it. */
  readonly name: string | null;
  readonly error: RunError;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type TaskUnderWay = Writable<Omit<TrackedTask, "failures">> & {
  readonly failures: Failure[];
  /** When the last of the instances ended that have ended. */
  lastEnd: number | undefined;
};
type RunUnderWay = Writable<Omit<TrackedRun, "tasks">> & { readonly tasks: readonly TaskUnderWay[] };

/** Failures kept for each task: more would only scroll away. */
const MOST_FAILURES = 20;

/** What an instance can only come to by having run. */
const STARTED: readonly InstanceState[] = ["running", "success", "failed", "up_for_retry", "up_for_reschedule"];

/** Follows one run. It changes in place, because a run of 100,000 instances sends thousands of events. */
export class RunTracker {
  #run: RunUnderWay | undefined;
  #tasks = new Map<string, TaskUnderWay>();
  readonly #earlier: EarlierInstances;

  /** `earlier`: what the record says of a run that goes on; its events tell how long something took, but not when. */
  constructor(earlier: Pick<RecordedRun, "tasks"> | null = null) {
    this.#earlier = new Map(earlier?.tasks.map(({ task_id, instances }) => [task_id, byIndex(instances)]));
  }

  get run(): TrackedRun | undefined {
    return this.#run;
  }

  apply(event: RunEvent): void {
    switch (event.type) {
      case "run_started":
        this.#run = started(event);
        this.#tasks = new Map(this.#run.tasks.map((task) => [task.task_id, task]));
        break;
      case "task_expanded":
        this.#change(event.task_id, (task) => (task.count = event.count));
        break;
      case "instances_changed":
        this.#change(event.task_id, (task) => {
          applyInstances(task, event, this.#earlier.get(event.task_id));
        });
        break;
      case "task_changed":
        this.#change(event.task_id, (task) => {
          applyCounts(task, event.counts, event.at);
        });
        break;
      case "run_finished":
        if (this.#run !== undefined) {
          Object.assign(this.#run, {
            state: event.state,
            cancelled: event.cancelled,
            end: event.at,
            error: event.error,
          });
        }
    }
  }

  task(task_id: string): TrackedTask | undefined {
    return this.#tasks.get(task_id);
  }

  #change(task_id: string, change: (task: TaskUnderWay) => void): void {
    const task = this.#tasks.get(task_id);
    if (task !== undefined) change(task);
  }
}

function started(event: RunEvent & { readonly type: "run_started" }): RunUnderWay {
  const { run_id, dag_id, file, node, logical_date, model, at } = event;
  const tasks = inRunningOrder(model.tasks, model).map((task): TaskUnderWay => ({
    task_id: task.task_id,
    mapped: isMapped(task, model),
    count: isMapped(task, model) ? null : 1,
    counts: {},
    cancelled: 0,
    state: "none",
    finished: false,
    start: undefined,
    end: undefined,
    lastEnd: undefined,
    failures: [],
  }));
  return {
    ...{ run_id, dag_id, file, node, logical_date, model, tasks },
    ...{ state: "running", cancelled: false, error: undefined, start: at, end: undefined },
  };
}

type EarlierInstances = ReadonlyMap<string, ReadonlyMap<number, InstanceSummary>>;

function byIndex(instances: readonly InstanceSummary[]): ReadonlyMap<number, InstanceSummary> {
  return new Map(instances.map((instance) => [instance.map_index, instance]));
}

function applyInstances(
  task: TaskUnderWay,
  event: InstancesChanged & { readonly at: number },
  earlier: ReadonlyMap<number, InstanceSummary> | undefined,
): void {
  for (const change of event.changes) {
    if (change.state === "running") startedAt(task, event.at);
    // A quick instance is told of once, when it has ended.
    if (change.duration_ms !== undefined) {
      const { start, end } = timeOfChange(change, change.duration_ms, event.at, earlier?.get(change.map_index));
      startedAt(task, start);
      task.lastEnd = Math.max(task.lastEnd ?? end, end);
    }
    if (change.state !== "failed" || change.error === undefined) continue;
    const { map_index, name = null, error } = change;
    if (error.code === "cancelled") task.cancelled += 1;
    if (task.failures.length < MOST_FAILURES) task.failures.push({ map_index, name, error });
  }
}

/** What has the try that the record knows has not run again. */
function timeOfChange(
  { try_number }: InstanceChange,
  duration_ms: number,
  at: number,
  earlier: InstanceSummary | undefined,
): TaskTime {
  const known = earlier?.try_number === try_number ? timeOf({ instances: [earlier] }) : null;
  return known ?? { start: at - duration_ms, end: at };
}

function startedAt(task: TaskUnderWay, at: number): void {
  task.start = Math.min(task.start ?? at, at);
}

function applyCounts(task: TaskUnderWay, counts: StateCounts, at: number): void {
  task.counts = counts;
  task.state = summaryState(counts);
  const present = presentStates(counts);
  task.finished = present.length > 0 && present.every(isFinished);
  if (present.some((state) => STARTED.includes(state))) task.start ??= at;
  // It may be told of once more when the run ends.
  task.end = task.finished ? (task.end ?? task.lastEnd ?? at) : undefined;
}
