import type { DagTestResult, InstanceTestResult, TaskTestResult, TestError } from "../authoring/types/testing.js";
import { FanoutError } from "../errors.js";
import { describeInstance, describeTasks, findInstance, logRange } from "../store/describeRun.js";
import type { RunStore } from "../store/runStore.js";

/** How the output of instances is read. */
export type ReadLog = (from: number, to: number | null) => string;

/** Everything that a run has left, as plain values. */
export function readResult(store: RunStore, readLog: ReadLog, presets: ReadonlySet<string>): DagTestResult {
  const { run_id, state, error } = store.run();
  const tasks = describeTasks(store).map(({ task_id, mapped, state: summary, instances }) => {
    const read = (map_index: number): InstanceTestResult =>
      readInstance(store, readLog, task_id, map_index, presets.has(task_id));
    return new TaskResult(
      task_id,
      mapped,
      summary,
      instances.map(({ map_index }) => read(map_index)),
    );
  });
  return new Result(run_id, state === "success" ? "success" : "failed", error, tasks);
}

function readInstance(
  store: RunStore,
  readLog: ReadLog,
  task_id: string,
  index: number,
  isPreset: boolean,
): InstanceTestResult {
  const address = findInstance(store, task_id, index);
  const { map_index, name, state, try_number, rendered, xcom, error } = describeInstance(store, address);
  const range = logRange(store, address);
  const log = range ? readLog(range.from, range.to) : "";
  return { map_index, name, state, try_number, rendered: isPreset ? null : rendered, xcom, log, error };
}

class Result implements DagTestResult {
  constructor(
    readonly run_id: string,
    readonly state: DagTestResult["state"],
    readonly error: TestError | null,
    readonly tasks: readonly TaskTestResult[],
  ) {}

  task(task_id: string): TaskTestResult {
    const task = this.tasks.find((one) => one.task_id === task_id);
    if (task) return task;
    throw new FanoutError("unknown-task", `The DAG has no task '${task_id}'.`, {
      advice: `It has ${this.tasks.map((one) => `'${one.task_id}'`).join(", ")}.`,
    });
  }

  xcom(task_id: string, map_index?: number): unknown {
    const task = this.task(task_id);
    if (map_index === undefined && task.mapped) return task.xcoms;
    return task.instance(map_index ?? -1).xcom;
  }

  log(task_id: string, map_index = -1): string {
    return this.task(task_id).instance(map_index).log;
  }
}

class TaskResult implements TaskTestResult {
  readonly xcoms: readonly unknown[];

  constructor(
    readonly task_id: string,
    readonly mapped: boolean,
    readonly state: TaskTestResult["state"],
    readonly instances: readonly InstanceTestResult[],
  ) {
    this.xcoms = instances.flatMap(({ xcom }) => (xcom === null ? [] : [xcom]));
  }

  instance(map_index: number): InstanceTestResult {
    const instance = this.instances.find((one) => one.map_index === map_index);
    if (instance) return instance;
    const indexes = this.instances.map((one) => one.map_index).join(", ");
    const message = `Task '${this.task_id}' has no instance ${String(map_index)}, only ${indexes}.`;
    throw new FanoutError("unknown-map-index", message);
  }
}
