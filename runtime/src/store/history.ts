import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import type { DagModel } from "#core/model/dag.js";
import type { InstanceDetails, InstanceSummary, RecordedRun, RunError, RunRecord } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { FanoutError } from "../errors.js";
import { segmentName } from "../pool/segmentName.js";
import { codeVersions, describeInstance, describeTasks, findInstance, logRange, readXCom } from "./describeRun.js";
import { isAlive } from "./isAlive.js";
import { readNewEvents } from "./newEvents.js";
import { RunReader } from "./readableCopy.js";
import { RUN_FILES, existingRunFolder, readRunFile, runsFolder } from "./runFolder.js";
import { readIndex } from "./runIndex.js";
import type { LogRange, RunStore } from "./runStore.js";

export { findHome } from "./home.js";

export interface RunFilter {
  readonly dag_id?: string;
  /** At most so many, newest first. */
  readonly limit?: number;
}

/** The read side of a history folder; works while a run is live and after it ended. Throws `FanoutError`. */
export interface History {
  /** Newest first. */
  runs(filter?: RunFilter): RunRecord[];
  show(run_id: string): RecordedRun;
  /** Events of the run from a place on, and whether it is under way; see `readNewEvents`. */
  follow(run_id: string, from: number): { events: readonly RunEvent[]; next: number; live: boolean };
  instance(run_id: string, task_id: string, map_index: number): InstanceDetails;
  /** Everything that the instance wrote in its newest (or the given) try. */
  log(run_id: string, task_id: string, map_index: number, try_number?: number): string;
  /** What the DAG's own callbacks wrote. */
  dagLog(run_id: string): string;
  /**
   * One instance's result, or the list of a mapped task's results where `map_index` is left out. With `key`, what was
   * pushed under it instead.
   */
  xcom(run_id: string, task_id: string, map_index?: number, key?: string): unknown;
  model(run_id: string): DagModel;
  /** Lets go of what the last call opened; the next one opens it again. */
  close(): void;
}

export function openHistory(home: string): History {
  const reader = new RunReader();
  const inRun = <T>(run_id: string, read: (store: RunStore) => T): T =>
    reader.read(existingRunFolder(home, run_id), read);
  return {
    runs: (filter = {}) => listRuns(home, filter),
    show: (run_id) => inRun(run_id, (store) => describeRun(summaryOf(home, run_id), store)),
    follow: (run_id, from) => {
      // Looked at first: whatever it tells before its end is read then.
      const live = summaryOf(home, run_id).state === "running";
      return { ...readNewEvents(existingRunFolder(home, run_id), from), live };
    },
    instance: (run_id, task_id, map_index) =>
      inRun(run_id, (store) =>
        markLost(summaryOf(home, run_id), describeInstance(store, findInstance(store, task_id, map_index))),
      ),
    log: (run_id, task_id, map_index, try_number) => {
      const range = inRun(run_id, (store) => logRange(store, findInstance(store, task_id, map_index), try_number));
      return range ? readLog(existingRunFolder(home, run_id), range) : "";
    },
    dagLog: (run_id) => readDagLog(existingRunFolder(home, run_id)),
    xcom: (run_id, task_id, map_index, key) => inRun(run_id, (store) => readXCom(store, task_id, map_index, key)),
    model: (run_id) => inRun(run_id, (store) => store.run().model),
    close: () => reader.close(),
  };
}

/** Why a run has not ended as its tasks did, and what can be done about it. */
function stoppedError({ run_id, stopped, end }: RunRecord, error: RunError | null): RunError | null {
  const advice = `'fanout resume ${run_id}' goes on with what has not ended.`;
  if (stopped !== null && error) return { ...error, advice };
  if (stopped !== "lost") return error;
  if (end !== null) {
    return { code: "store-failed", message: "The record of this run could not be written to its end.", advice };
  }
  return {
    code: "worker-died",
    message: "The process that ran this DAG ended before the run did, or could write nothing any more.",
    advice,
  };
}

function listRuns(home: string, { dag_id, limit = Infinity }: RunFilter): RunRecord[] {
  const runs = readIndex(home).filter((run) => dag_id === undefined || run.dag_id === dag_id);
  runs.sort((a, b) => b.start.localeCompare(a.start) || b.run_id.localeCompare(a.run_id));
  return runs.slice(0, limit).map((run) => withOwner(home, run));
}

/** A run whose owner is gone will not go on. */
function withOwner(home: string, run: RunRecord): RunRecord {
  return isAbandoned(home, run) ? { ...run, state: "failed", stopped: "lost", resumable: true } : run;
}

function isAbandoned(home: string, run: RunRecord): boolean {
  if (run.end !== null) return false;
  const file = readRunFile(path.join(runsFolder(home), run.run_id));
  return file !== null && file.summary.end === null && !isAlive(file.pid, file.started);
}

function summaryOf(home: string, run_id: string): RunRecord {
  const file = readRunFile(existingRunFolder(home, run_id));
  if (!file) throw new FanoutError("unknown-run", `There is no run '${run_id}' in '${home}'.`);
  return withOwner(home, file.summary);
}

function describeRun(summary: RunRecord, store: RunStore): RecordedRun {
  const { file, error } = store.run();
  return {
    ...summary,
    file,
    error: stoppedError(summary, error),
    code_versions: codeVersions(store),
    tasks: describeTasks(store).map((task) => {
      return { ...task, instances: task.instances.map((instance) => markLost(summary, instance)) };
    }),
  };
}

/** What the record says is running does so no longer where nobody executes the run. */
function markLost<T extends InstanceSummary>({ stopped }: RunRecord, instance: T): T {
  return stopped === "lost" && instance.state === "running" ? { ...instance, lost: true } : instance;
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

function readDagLog(dir: string): string {
  const file = path.join(dir, RUN_FILES.logs, RUN_FILES.dagLog);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
