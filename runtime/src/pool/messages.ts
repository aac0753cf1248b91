import type { DagModel } from "#core/model/dag.js";
import type { RunError, RunType } from "#core/model/run.js";
import type { LoadedDag } from "../engine/plan.js";

/**
 * What travels between the engine and its workers: one line a message.
 *
 * | descriptor | direction | what |
 * |---|---|---|
 * | 1, 2 | worker → file | the worker's log segment: whatever the person's code and its children print |
 * | 3 | engine → worker | `Command`s |
 * | 4 | worker → engine | reports, written synchronously. Each begins with a mark, see `reportReader.ts`: what the person's code writes there is no report |
 * | 5 | engine → worker | answers to `pull`, `push` and `get` reports, read synchronously |
 * | 6 | shared file | claims: see `claims.ts` |
 *
 * How an instance ended, and what it pushed, stands in the worker's journal instead, see `journal.ts`; a `journal` report
 * says that there is something. The first instance that the journal does not answer for is the one that runs.
 */
export const COMMAND_FD = 3;
export const REPORT_FD = 4;
export const ANSWER_FD = 5;
export const CLAIM_FD = 6;

export type Command =
  | LoadCommand
  /** As `load`, for the graphs of all DAGs of the file; nothing is run afterwards. */
  | { readonly type: "describe"; readonly bundle: string; readonly file: string }
  | BeginCommand
  /** Before a worker's first batch of a task, and before every batch of one that started early. */
  | { readonly type: "task"; readonly task: number; readonly facts: TaskFacts }
  /** Instances to run in order: spans of indexes that are in the same try. */
  | { readonly type: "batch"; readonly task: number; readonly spans: readonly Span[] }
  /** Everything that is still queued was taken back: forget it. */
  | { readonly type: "forget" }
  /** What runs takes its time: tell what it has received, as soon as its body lets go of the process. */
  | { readonly type: "tell" }
  /** Makes the callbacks of an instance whose process died, or of the run; the worker has nothing else to do. */
  | ({ readonly type: "callback" } & CallbackJob)
  /** The run is over, and another one may begin. Answered with `finished`. */
  | { readonly type: "finish" }
  /** The run is over: leave, with whatever the person's code does at exit. */
  | { readonly type: "end" };

/** Executes a DAG file. */
export interface LoadCommand {
  readonly type: "load";
  readonly bundle: string;
  readonly file: string;
  readonly dag_id?: string;
}

/** What comes from here on is of this run. */
export interface BeginCommand extends RunFacts {
  readonly type: "begin";
  readonly journal: JournalPlace;
  /** Kept of what an instance prints. */
  readonly logBytes: number;
  /** The file that it prints into from here on; left out: the one that it was started with. */
  readonly log?: string;
}

/** Where a worker keeps its journal: see `journal.ts`. */
export interface JournalPlace {
  readonly folder: string;
  readonly segment: number;
}

/** Callbacks that are made apart from running an instance, in its context. */
export interface CallbackJob {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly due: "on_failure" | "on_retry" | "dag_success" | "dag_failure";
  /** Why the instance failed; null for callbacks of the run. */
  readonly error: RunError | null;
  /** Why the run ended as it did; null for callbacks of an instance. */
  readonly reason: string | null;
}

/** What every instance of a run may know; dates as ISO 8601. */
export interface RunFacts {
  readonly run_id: string;
  readonly logical_date: string;
  /** The DAG's params, with what the run was given put over them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What the run was given: it goes over the params of tasks as well. Left out: nothing. */
  readonly conf?: Readonly<Record<string, unknown>>;
  /** A result with more entries cannot be mapped over. */
  readonly maxMapLength: number;
  /** Left out: `manual`. */
  readonly run_type?: RunType;
  /** Left out: the logical date. */
  readonly data_interval_start?: string;
  readonly data_interval_end?: string;
  /** When the run began. Left out: now. */
  readonly start_date?: string;
  /** Absolute path of the DAG file, beside which template files lie. Left out: unknown. */
  readonly file?: string;
  /** Of the last run before this one that succeeded; left out where there is none. */
  readonly prev_success?: PreviousRun;
}

/** Dates of an earlier run, as ISO 8601. */
export interface PreviousRun {
  readonly data_interval_start: string;
  readonly data_interval_end: string;
  readonly start_date: string;
  readonly end_date: string;
}

export interface TaskFacts {
  /** Number of instances; null where the task is not mapped. */
  readonly count: number | null;
  /**
   * How many results each mapped task has that this one or its group refers to, by position in the plan; tasks that are
   * not mapped are left out, and those of `own`.
   */
  readonly rows: Readonly<Record<number, number>>;
  /** Positions of the upstream tasks in the same mapped group: an instance gets what those of its own index returned. */
  readonly own: readonly number[];
  /** True where a mapped task maps over the result, which must then be a list or dict. */
  readonly isMappingSource: boolean;
  /** True where the trigger rule starts the task before its upstream tasks are done: what they return may change. */
  readonly isEarly: boolean;
  /** Of instances that were cleared, or that a lost engine ended: tries that do not count against `retries`. */
  readonly baseTries: readonly (readonly [map_index: number, base_try: number])[];
}

/**
 * `map_index` of the first, number of instances, number of their try; for a sensor that looks again also the
 * milliseconds since it looked first.
 */
export type Span = readonly [from: number, count: number, try_number: number, waitedMs?: number];

/** First character of a report's line: what follows it. */
export const REPORT = {
  /** JSON of `LoadReport`. */
  loaded: "L",
  /** JSON of `GraphsReport`. */
  described: "M",
  /** The instance has begun: sent where its task has an `execution_timeout`, which counts from here. */
  began: "B",
  /** JSON of the name that the instance has from its inputs; its body may give it another. */
  named: "N",
  /** JSON of the instance's own inputs, or nothing where it has none, before its body runs: see `worker/pace.ts`. */
  received: "V",
  /** JSON of a `ResultHead`, then tab, the result's JSON or nothing, tab, JSON of its own inputs or nothing. */
  result: "R",
  /** JSON of `[task, from, count]`: asks for results, to be answered on `ANSWER_FD`. */
  pull: "P",
  /** What an instance pushes, to be answered with an empty line when it is kept: see `xcomMessages.ts`. */
  push: "X",
  /** An `XcomQuery`, to be answered with rows; only with the first of them where they are long. */
  get: "G",
  /** JSON of `[task]`, then tab and JSON of the inputs that all its instances share. */
  inputs: "I",
  /**
   * Callbacks begin: their time is not the instance's. What follows is the `result` that stands whatever becomes of them,
   * or nothing where the body has not run yet.
   */
  callbacksBegin: "C",
  /** Callbacks that come before the body have ended; after those behind it comes the result. */
  callbacksEnd: "E",
  /** As `result`, of a process that leaves: somebody else has to make the callbacks. */
  abandoned: "A",
  /** The callbacks of a `callback` command have ended: JSON of the bytes of the log segment that they wrote. */
  calledBack: "D",
  /** The journal goes on in its next file. */
  nextJournal: "J",
  /** How many bytes the journal has: some of them are new. */
  journal: "W",
  /** JSON of the reason why the journal cannot be written. */
  cannotWrite: "Q",
  /** JSON of a `LateThrow`, null for one of an earlier run. When what runs now has ended, the worker leaves. */
  thrownLate: "T",
  /** Nothing is left in the queue after `forget`. */
  idle: "F",
  /** After `finish`: whether nothing of the run is still under way, as JSON. */
  finished: "O",
} as const;

/** What an instance threw that had ended by then; other instances of its process have nothing to do with it. */
export interface LateThrow {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
  /** As its log shows it. */
  readonly text: string;
}

export type LoadReport =
  { readonly ok: true; readonly dag: LoadedDag } | { readonly ok: false; readonly error: RunError };

export type GraphsReport =
  { readonly ok: true; readonly models: readonly DagModel[] } | { readonly ok: false; readonly error: RunError };

/** `up_for_reschedule`: a sensor has not found what it waits for, and looks again later. */
export type Outcome = "success" | "failed" | "skipped" | "up_for_reschedule";

export interface ResultHead {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
  readonly outcome: Outcome;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly duration_ms: number;
  /** Bytes in the worker's log segment. */
  readonly log: readonly [from: number, to: number];
  /** Number of entries of the result, where it is mapped over. */
  readonly length: number | null;
  /** The rendered `map_index_template`; null where there is none. */
  readonly name: string | null;
  readonly error: RunError | null;
  /** False where no try may follow: `FailException`. */
  readonly mayRetry: boolean;
  /** Positions of the tasks that the result decided to skip. */
  readonly skips: readonly number[];
}

/** On the wire an array, in this order: 100,000 of them are parsed. */
type ResultTuple = readonly [
  task: number,
  map_index: number,
  try_number: number,
  outcome: Outcome,
  start: number,
  duration_ms: number,
  from: number,
  to: number,
  length: number | null,
  name: string | null,
  error: RunError | null,
  mayRetry: boolean,
  ...skips: readonly number[],
];

export interface ResultReport extends ResultHead {
  /** JSON text of the result; null where nothing was returned. */
  readonly xcom: string | null;
  /** JSON text of the inputs that not all instances share; null where there are none. See `UNKNOWN_INPUTS`. */
  readonly inputs: string | null;
}

/** JSON texts hold neither tabs nor line breaks, so they travel as they are. */
export function encodeResult(
  report: ResultReport,
  as: typeof REPORT.result | typeof REPORT.callbacksBegin | typeof REPORT.abandoned = REPORT.result,
): string {
  const { task, map_index, try_number, outcome, start, duration_ms, log, length, name, error, mayRetry } = report;
  const skips = report.skips.length === 0 ? "" : `,${report.skips.join(",")}`;
  const texts = `${name === null ? "null" : JSON.stringify(name)},${error === null ? "null" : JSON.stringify(error)}`;
  // Written out: this is done for each of 100,000 instances.
  const numbers = `${task},${map_index},${try_number},"${outcome}",${start},${duration_ms},${log[0]},${log[1]},${length}`;
  return `${as}[${numbers},${texts},${mayRetry}${skips}]\t${report.xcom ?? ""}\t${report.inputs ?? ""}\n`;
}

/** Members of a `ResultTuple` before its skips. */
const HEAD_LENGTH = 12;
const NO_SKIPS: readonly number[] = [];

export function decodeResult(line: string): ResultReport {
  const first = line.indexOf("\t");
  const second = line.indexOf("\t", first + 1);
  if (first < 0 || second < 0) throw new SyntaxError("A part of the result is missing.");
  const tuple = JSON.parse(line.slice(1, first)) as ResultTuple;
  const [task, map_index, try_number, outcome, start, duration_ms, from, to, length, name, error, mayRetry] = tuple;
  const log = [from, to] as const;
  const skips = tuple.length > HEAD_LENGTH ? (tuple.slice(HEAD_LENGTH) as number[]) : NO_SKIPS;
  const xcom = line.slice(first + 1, second) || null;
  const inputs = line.slice(second + 1) || null;
  // Written out: this is done for each of 100,000 instances, and spreading costs microseconds.
  return {
    task,
    map_index,
    try_number,
    outcome,
    start,
    duration_ms,
    log,
    length,
    name,
    error,
    mayRetry,
    skips,
    xcom,
    inputs,
  };
}
