import type { DagModel } from "../model/dag.js";
import type { RunEvent } from "../model/runEvent.js";
import type { InstanceDetails, RunDetails, RunError, RunSummary } from "../model/run.js";
import type { InstanceHandle, Mark, PlannedTask, RunAction, Selection } from "../model/runAction.js";
import { notification, request } from "./descriptor.js";

export interface StartRunParams {
  /** Absolute path of the DAG file. */
  readonly file: string;
  /** Needed only where the file has several DAGs. */
  readonly dag_id?: string;
  /** ISO 8601; now where left out. */
  readonly logical_date?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Worker processes; the number of cores where left out. */
  readonly parallelism?: number;
  /** Runs only this task, and those before it. */
  readonly task?: string;
  /**
   * Runs only this instance of it; in a mapped group also of the tasks beside it. A name stands for the instance that had
   * it in the newest run.
   */
  readonly map_index?: InstanceHandle;
}

/** A run of the history. */
export interface RunAddress {
  /** Absolute path of the run's history folder (`.fanout`). */
  readonly home: string;
  readonly run_id: string;
}

export interface ResumeRunParams extends RunAddress {
  /** What is done with the run before it goes on; left out: nothing. */
  readonly action?: RunAction;
  /** Worker processes; the number of cores where left out. */
  readonly parallelism?: number;
}

/** A refusal is an answer, not a crash: the editor shows code, message and place. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: RunError };

export interface InstanceAddress extends RunAddress {
  readonly task_id: string;
  readonly map_index: number;
}

/** What one try of an instance wrote. */
export interface LogAddress extends InstanceAddress {
  /** The newest one where left out. */
  readonly try_number?: number;
}

export interface PlanActionParams extends RunAddress {
  readonly selection: Selection;
  /** `clear` where left out. */
  readonly name?: RunAction["name"];
  /** What instances are to be marked as: those that are so already are left out. */
  readonly state?: Mark;
}

/** Client → engine process. One JSON message a line on stdin. */
export const clientToEngine = {
  /** Starts a run; answers when the graph is known and the run has its id, long before it ends. */
  startRun: request<StartRunParams, Answer<{ run_id: string; home: string }>>("startRun"),
  /** What an action would change; it changes nothing. */
  planAction: request<PlanActionParams, Answer<readonly PlannedTask[]>>("planAction"),
  /**
   * Does something with a run that is not under way, and goes on with it; answers when it goes on, long before it ends.
   * `code_changed`: its DAG is other code than when it was last under way.
   */
  resumeRun: request<ResumeRunParams, Answer<{ run_id: string; home: string; code_changed: boolean }>>("resumeRun"),
  /**
   * Stops a run: running instances are ended, the rest is not started. One that another process executes is found by
   * `home`. False: it was not under way.
   */
  cancelRun: request<{ readonly run_id: string; readonly home?: string }, Answer<boolean>>("cancelRun"),
  /**
   * The exact graphs of a file's DAGs: executes it, as it is on disk, in a process of its own that may neither take long
   * nor need much memory.
   */
  exactGraphs: request<{ file: string }, Answer<readonly DagModel[]>>("exactGraphs"),
  /** The history of the folder that a DAG file (or a workspace folder) belongs to, newest first. */
  listRuns: request<{ path: string; limit: number }, Answer<{ home: string; runs: readonly RunSummary[] }>>("listRuns"),
  /** One run with every task and instance, live or from the history. */
  showRun: request<RunAddress, Answer<RunDetails>>("showRun"),
  /**
   * What is new of a run that another process executes: a portion of its events from a place on, none where there are no
   * more yet. `next` is the place to go on from, 0 the first one. `live`: more may come.
   */
  followRun: request<
    RunAddress & { readonly from: number },
    Answer<{ readonly events: readonly RunEvent[]; readonly next: number; readonly live: boolean }>
  >("followRun"),
  /** One instance with its inputs, its result and its error. */
  showInstance: request<InstanceAddress, Answer<InstanceDetails>>("showInstance"),
  /** What the instance wrote in a try; empty where it wrote nothing. */
  readLog: request<LogAddress, Answer<string>>("readLog"),
} as const;

/** Engine process → client. One JSON message a line on stdout. */
export const engineToClient = {
  /** Everything that happens in the runs that this process owns, in order. */
  runEvent: notification<RunEvent>("runEvent"),
} as const;
