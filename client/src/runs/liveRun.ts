import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import type {
  InstanceState,
  InstanceSummary,
  RunDetails,
  RunError,
  RunState,
  RunSummary,
  StateCounts,
} from "#core/model/run.js";
import { UNMAPPED_INDEX, isCutShort, isFinished } from "#core/model/run.js";
import type { InstanceChange, InstancesChanged, RunEvent, RunStarted } from "#core/model/runEvent.js";
import type { RunOverlay, TaskOverlay } from "#core/protocol/preview.js";

interface LiveTask {
  readonly task_id: string;
  readonly mapped: boolean;
  state: InstanceState;
  count: number | null;
  counts: StateCounts;
  /** How many of its instances were cancelled with the run. */
  cancelled: number;
  /** By map index; an array, because a task may have 100,000 and the tree asks for them four times a second. */
  readonly mappedInstances: (LiveInstance | undefined)[];
  /** The instance of a task that is not mapped, or not yet expanded. */
  unmapped: LiveInstance | null;
}

interface LiveInstance {
  readonly summary: InstanceSummary;
  readonly error: RunError | null;
}

/** An instance that failed for good, as a notification tells it. */
export interface FailedInstance {
  readonly task_id: string;
  readonly map_index: number;
  /** What its task's template calls it. */
  readonly name: string | null;
  readonly error: RunError | null;
}

type StartedEvent = Extract<RunEvent, RunStarted>;

/**
 * One run of this session, built up from its events: the only place that reads them. The graph takes an overlay of it
 * and the tree its details. It changes in place because a run may have 100,000 instances.
 */
export class LiveRun {
  private readonly tasks: Map<string, LiveTask>;
  private state: RunState = "running";
  private end: number | null = null;
  private failure: RunError | null = null;
  private stopped: RunSummary["stopped"] = null;

  /**
   * `home`: folder of the run's history; null until the engine has told it, which may be after the first events.
   * `begin`: of a run that goes on, when it began, in milliseconds since the epoch.
   */
  constructor(
    private readonly started: StartedEvent,
    public home: string | null,
    private begin = started.at,
  ) {
    this.tasks = new Map(
      started.model.tasks.map((task) => [task.task_id, newTask(task.task_id, isMapped(task, started.model))]),
    );
  }

  get run_id(): string {
    return this.started.run_id;
  }
  get dag_id(): string {
    return this.started.dag_id;
  }
  get file(): string {
    return this.started.file;
  }
  get model(): DagModel {
    return this.started.model;
  }
  get logicalDate(): string {
    return this.started.logical_date;
  }
  get node(): string {
    return this.started.node;
  }
  get runState(): RunState {
    return this.state;
  }
  get error(): RunError | null {
    return this.failure;
  }
  get isRunning(): boolean {
    return this.end === null;
  }
  /** True where the person stopped it. */
  get wasCancelled(): boolean {
    return this.stopped === "cancelled";
  }
  /** Milliseconds from start to end, or null while it runs. */
  get duration(): number | null {
    return this.end === null ? null : this.end - this.begin;
  }

  /** Takes over when the run began and ended from its record, so that everybody tells the same of it. */
  record({ start, end }: Pick<RunSummary, "start" | "end">): void {
    this.begin = Date.parse(start);
    const ended = end === null ? null : Date.parse(end);
    // It is written after the last event: an earlier end is the one before the run went on.
    if (this.end !== null && ended !== null && ended >= this.end) this.end = ended;
  }

  apply(event: RunEvent): void {
    switch (event.type) {
      case "run_started":
        return;
      case "task_expanded":
        this.taskOf(event.task_id).count = event.count;
        return;
      case "instances_changed":
        this.applyInstances(event, event.at);
        return;
      case "task_changed": {
        const task = this.taskOf(event.task_id);
        task.state = event.state;
        task.counts = event.counts;
        return;
      }
      case "run_finished":
        if (event.cancelled) this.stopped = "cancelled";
        this.finish(event.state, event.at, event.error ?? null);
    }
  }

  /** The engine process ended before the run did. */
  abandon(error: RunError, at: number): void {
    if (!this.isRunning) return;
    this.stopped = "lost";
    this.finish("failed", at, error);
  }

  overlay(): RunOverlay {
    return {
      run_id: this.run_id,
      state: this.state,
      stopped: this.stopped,
      start: this.begin,
      end: this.end,
      tasks: this.overlayOf([...this.tasks.keys()]),
    };
  }

  overlayOf(taskIds: readonly string[]): readonly TaskOverlay[] {
    return taskIds.map((id) => {
      const { task_id, state, count, counts, mapped, cancelled } = this.taskOf(id);
      return { task_id, state, count: mapped ? count : null, counts, ...(cancelled > 0 && { cancelled }) };
    });
  }

  summary(): RunSummary {
    return {
      run_id: this.run_id,
      dag_id: this.dag_id,
      state: this.state,
      logical_date: this.logicalDate,
      start: new Date(this.begin).toISOString(),
      end: this.end === null ? null : new Date(this.end).toISOString(),
      stopped: this.stopped,
      resumable: isCutShort(this.failure),
    };
  }

  details(): RunDetails {
    return {
      ...this.summary(),
      file: this.file,
      error: this.failure,
      tasks: [...this.tasks.values()].map((task) => ({
        task_id: task.task_id,
        mapped: task.mapped,
        state: task.state,
        count: task.count,
        counts: task.counts,
        instances: this.instancesOf(task.task_id),
      })),
    };
  }

  /** The instances that failed for good, in the order of the DAG. */
  failures(): readonly FailedInstance[] {
    return [...this.tasks.values()].flatMap((task) =>
      instancesOf(task)
        .filter(({ summary }) => summary.state === "failed")
        .map(({ summary: { map_index, name }, error }) => ({ task_id: task.task_id, map_index, name, error })),
    );
  }

  /** Finished and known instances over all tasks; `known` grows as tasks expand. */
  progress(): { readonly finished: number; readonly known: number } {
    let finished = 0;
    let known = 0;
    for (const task of this.tasks.values()) {
      for (const [state, count] of Object.entries(task.counts) as [InstanceState, number][]) {
        known += count;
        if (isFinished(state)) finished += count;
      }
    }
    return { finished, known: Math.max(known, this.tasks.size) };
  }

  instancesOf(taskId: string): readonly InstanceSummary[] {
    const task = this.tasks.get(taskId);
    return task === undefined ? [] : instancesOf(task).map(({ summary }) => this.standing(summary));
  }

  instanceState(taskId: string, mapIndex: number): InstanceState | null {
    const task = this.tasks.get(taskId);
    return (task === undefined ? null : instanceAt(task, mapIndex)?.summary.state) ?? null;
  }

  /** Of what ran when the engine was lost nobody tells how it ended. */
  private standing(summary: InstanceSummary): InstanceSummary {
    return this.isRunning || summary.state !== "running" ? summary : { ...summary, lost: true };
  }

  private finish(state: RunState, at: number, error: RunError | null): void {
    this.state = state;
    this.end = at;
    this.failure = error;
  }

  private applyInstances(event: InstancesChanged, at: number): void {
    const task = this.taskOf(event.task_id);
    const time = new Date(at).toISOString();
    for (const change of event.changes) {
      const before = instanceAt(task, change.map_index)?.summary;
      const instance = { summary: changedInstance(before, change, time), error: change.error ?? null };
      if (before?.cancelled === true) task.cancelled -= 1;
      if (instance.summary.cancelled === true) task.cancelled += 1;
      if (change.map_index === UNMAPPED_INDEX) task.unmapped = instance;
      else task.mappedInstances[change.map_index] = instance;
    }
  }

  /** Tasks that the model does not name are shown all the same: an event is never lost. */
  private taskOf(id: string): LiveTask {
    const known = this.tasks.get(id);
    if (known !== undefined) return known;
    const task = newTask(id, false);
    this.tasks.set(id, task);
    return task;
  }
}

function newTask(task_id: string, mapped: boolean): LiveTask {
  return { task_id, mapped, state: "none", count: null, counts: {}, cancelled: 0, mappedInstances: [], unmapped: null };
}

function instanceAt(task: LiveTask, mapIndex: number): LiveInstance | null {
  return (mapIndex === UNMAPPED_INDEX ? task.unmapped : task.mappedInstances[mapIndex]) ?? null;
}

/** What was expanded takes the place of the instance that stood for it. */
function instancesOf({ mappedInstances, unmapped }: LiveTask): readonly LiveInstance[] {
  const known = mappedInstances.filter((instance) => instance !== undefined);
  return known.length === 0 && unmapped !== null ? [unmapped] : known;
}

function changedInstance(before: InstanceSummary | undefined, change: InstanceChange, time: string): InstanceSummary {
  const ended = isFinished(change.state);
  const start = change.state === "running" ? time : (before?.start ?? null);
  return {
    map_index: change.map_index,
    name: change.name ?? before?.name ?? null,
    state: change.state,
    try_number: change.try_number,
    start,
    end: ended ? time : null,
    duration_ms: change.duration_ms ?? null,
    ...(change.state === "failed" && change.error?.code === "cancelled" && { cancelled: true }),
  };
}
