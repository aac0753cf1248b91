import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { InstanceDetails, RecordedRun, TaskSummary } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { onTestFinished } from "vitest";
import { type RunHandle, type RunOptions, type RunResult, startRun } from "../../../runtime/src/engine/startRun.js";
import { FanoutError } from "../../../runtime/src/errors.js";
import { type History, openHistory } from "../../../runtime/src/store/history.js";

/** A folder with a DAG project in it, which is gone when the test is over. */
export class Project {
  readonly folder = mkdtempSync(path.join(tmpdir(), "fanout-test-"));

  constructor(files: Readonly<Record<string, string>> = {}) {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true }));
    this.write({ "package.json": '{ "type": "module" }', ...files });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      const file = this.path(name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  get home(): string {
    return this.path(".fanout");
  }

  history(): History {
    const history = openHistory(this.home);
    onTestFinished(() => {
      history.close();
    });
    return history;
  }
}

export interface FinishedRun {
  readonly result: RunResult;
  readonly run: RecordedRun;
  readonly events: readonly RunEvent[];
  readonly run_id: string;
  readonly history: History;
  task(task_id: string): TaskSummary;
  instance(task_id: string, map_index?: number): InstanceDetails;
  xcom(task_id: string, map_index?: number): unknown;
  log(task_id: string, map_index?: number, try_number?: number): string;
}

/** Writes `dag.ts` from what stands in its `dag()` body and before it. */
export function dagSource(definitions: string, body: string): string {
  return `import { dag, task, chain, BaseOperator, SkipException, FailException } from "fanout";
${definitions}
export default dag({ dag_id: "d" }, () => {
${body}
});
`;
}

export async function start(project: Project, options: Partial<RunOptions> = {}): Promise<RunHandle> {
  const handle = await startRun({ file: project.path("dag.ts"), parallelism: 2, ...options });
  onTestFinished(async () => {
    handle.cancel();
    await handle.done;
  });
  return handle;
}

/** Runs `dag.ts` of the project to its end. */
export async function runToEnd(project: Project, options: Partial<RunOptions> = {}): Promise<FinishedRun> {
  const events: RunEvent[] = [];
  const { run_id, done } = await start(project, { onEvent: (event) => events.push(event), ...options });
  const result = await done;
  const history = project.history();
  const run = history.show(run_id);
  return {
    ...{ result, run, events, run_id, history },
    task: (task_id) => {
      const task = run.tasks.find((one) => one.task_id === task_id);
      if (!task) throw new Error(`no task '${task_id}'`);
      return task;
    },
    instance: (task_id, map_index = -1) => history.instance(run_id, task_id, map_index),
    xcom: (task_id, map_index) => history.xcom(run_id, task_id, map_index),
    log: (task_id, map_index = -1, try_number) => history.log(run_id, task_id, map_index, try_number),
  };
}

/** The same for a DAG that is given as its definitions and body. */
export function runDag(definitions: string, body: string, options: Partial<RunOptions> = {}): Promise<FinishedRun> {
  return runToEnd(new Project({ "dag.ts": dagSource(definitions, body) }), options);
}

/** The error that a promise rejects with; fails where it does not. */
export async function refusalOf(promise: Promise<unknown>): Promise<FanoutError> {
  const outcome = await promise.then(
    () => new Error("it was not refused"),
    (thrown: unknown) => thrown,
  );
  if (FanoutError.is(outcome)) return outcome;
  throw outcome;
}

/** How many instances are in which state, in order of `map_index`. */
export function states(task: TaskSummary): string[] {
  return task.instances.map((instance) => instance.state);
}
