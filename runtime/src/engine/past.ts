import { isMapped } from "#core/model/graph.js";
import type { InstanceState, RunRecord, TaskSummary } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { openHistory } from "../store/history.js";
import { latestOf, runsBefore } from "./earlierRuns.js";

/** What another run of the DAG, for an earlier date, says of its tasks. */
export interface Past {
  readonly run_id: string;
  /** Nothing of it changes any more. */
  readonly isOver: boolean;
  /** Null where it had no task of this id. */
  task(task_id: string): PastTask | null;
  /** Whether any run before it had the task. */
  hadBefore(task_id: string): boolean;
  /** Calls back whenever something of it changed; the returned function ends that. */
  onChange(listener: () => void): () => void;
}

export interface PastTask {
  /** Instances 0…count-1; null where there is the one of index -1. */
  readonly count: number | null;
  stateOf(map_index: number): InstanceState;
}

/** The runs of a DAG before a logical date. */
export class PastRuns {
  /** `runs`: of that DAG and before that date only. */
  constructor(
    readonly home: string,
    readonly runs: readonly RunRecord[],
  ) {}

  /** That of the latest date; null where there is none. */
  get last(): RunRecord | null {
    return latestOf(this.runs) ?? null;
  }

  /** The last one as the history keeps it. One that another process carries out stays as far as it is now. */
  read(): Past | null {
    const { last, home } = this;
    if (!last) return null;
    const tasks = new Map(readTasks(home, last.run_id).map((task) => [task.task_id, task]));
    const older = new PastRuns(home, runsBefore(this.runs, last.dag_id, Date.parse(last.logical_date)));
    return {
      run_id: last.run_id,
      isOver: true,
      task: (task_id) => toPastTask(tasks.get(task_id)),
      hadBefore: (task_id) => older.had(task_id),
      onChange: () => () => undefined,
    };
  }

  /** Whether any of them had a task of this id. */
  had(task_id: string): boolean {
    const history = openHistory(this.home);
    try {
      return this.runs.some(({ run_id }) => history.model(run_id).tasks.some((task) => task.task_id === task_id));
    } finally {
      history.close();
    }
  }
}

function readTasks(home: string, run_id: string): readonly TaskSummary[] {
  const history = openHistory(home);
  try {
    return history.show(run_id).tasks;
  } finally {
    history.close();
  }
}

function toPastTask(task: TaskSummary | undefined): PastTask | null {
  if (!task) return null;
  const states = new Map(task.instances.map(({ map_index, state }) => [map_index, state]));
  const count = task.mapped && task.count !== null && task.count > 0 ? task.count : null;
  return { count, stateOf: (map_index) => states.get(map_index) ?? "none" };
}

interface FollowedTask {
  readonly isMapped: boolean;
  count: number | null;
  readonly states: Map<number, InstanceState>;
}

/** A run of this process, as its events tell of it. */
export class FollowedRun implements Past {
  run_id = "";
  isOver = false;
  readonly #tasks = new Map<string, FollowedTask>();
  readonly #listeners = new Set<() => void>();

  /** `before` answers for the runs before it. */
  constructor(readonly hadBefore: (task_id: string) => boolean) {}

  begin(run_id: string): void {
    this.run_id = run_id;
  }

  /** Nothing of it changes any more. */
  end(): void {
    this.isOver = true;
    this.#tell();
  }

  follow(event: RunEvent): void {
    switch (event.type) {
      case "run_started":
        for (const node of event.model.tasks) {
          this.#tasks.set(node.task_id, { isMapped: isMapped(node, event.model), count: null, states: new Map() });
        }
        return;
      case "task_expanded":
        this.#expand(event.task_id, event.count);
        return;
      case "instances_changed":
        for (const { map_index, state } of event.changes) this.#tasks.get(event.task_id)?.states.set(map_index, state);
        break;
      case "task_changed":
        return;
      case "run_finished":
        this.isOver = true;
    }
    this.#tell();
  }

  task(task_id: string): PastTask | null {
    const task = this.#tasks.get(task_id);
    if (!task) return null;
    return { count: task.count, stateOf: (map_index) => task.states.get(map_index) ?? "none" };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #expand(task_id: string, count: number): void {
    const task = this.#tasks.get(task_id);
    if (task?.isMapped === true && count > 0) task.count = count;
  }
}
