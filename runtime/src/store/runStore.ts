import type { DagModel } from "#core/model/dag.js";
import type { InstanceState, RunError, RunState, RunType } from "#core/model/run.js";

/** Where an instance's output lies: bytes of a log segment in the run's folder. `to` is null while it runs. */
export interface LogRange {
  readonly segment: number;
  readonly from: number;
  readonly to: number | null;
}

/** A task that a run of a part of its DAG is for, or one instance of it; null: all of them. */
export interface PartTarget {
  readonly task_id: string;
  readonly map_index: number | null;
}

/** Dates are milliseconds since the epoch throughout the store. */
export interface RunRow {
  readonly run_id: string;
  readonly dag_id: string;
  /** Absolute path of the DAG file. */
  readonly file: string;
  readonly logical_date: number;
  readonly data_interval_start: number;
  readonly data_interval_end: number;
  readonly run_type: RunType;
  /** The values of all params. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Those of them that the run was given. */
  readonly conf: Readonly<Record<string, unknown>>;
  /** The Node that executes the DAG, e.g. `v20.20.2`. */
  readonly node: string;
  readonly model: DagModel;
  readonly state: RunState;
  readonly start: number;
  readonly end: number | null;
  readonly error: RunError | null;
  /** Of a run of a part of the DAG: what it is for; null or left out: it is one of the whole. */
  readonly part?: readonly PartTarget[] | null;
}

/** Tasks are named by their position in the model. */
export interface TaskRow {
  readonly task: number;
  /** Instances; null while a mapped task is not expanded. */
  readonly count: number | null;
  /** JSON of the inputs that all instances share, with markers for results; null before the first started. */
  readonly inputs: string | null;
}

export interface InstanceRow {
  readonly task: number;
  /** -1 where the task is not mapped, or never came to be expanded. */
  readonly map_index: number;
  /** The rendered `map_index_template`; null before, and where there is none. */
  readonly name: string | null;
  readonly state: InstanceState;
  readonly try_number: number;
  readonly start: number | null;
  readonly duration_ms: number | null;
  /** JSON of the inputs that not all instances share; null where there are none. See `UNKNOWN_INPUTS`. */
  readonly inputs: string | null;
  /** JSON of the result; null where there is none. */
  readonly xcom: string | null;
  readonly log: LogRange | null;
  readonly error: RunError | null;
  /** What a later resumption needs to know besides; null where all of it is as in `NOTHING_MORE`. */
  readonly more: InstanceMore | null;
}

/** Of an instance of which nothing but its state is known. */
export const NOTHING_KNOWN: Omit<InstanceRow, "task" | "map_index" | "state"> = {
  ...{ name: null, try_number: 0, start: null, duration_ms: null, inputs: null, xcom: null, log: null, error: null },
  more: null,
};

/** Rarely anything but `NOTHING_MORE`, so that 100,000 rows need not carry it. */
export interface InstanceMore {
  /** Number of entries of the result, where it is mapped over. */
  readonly length: number | null;
  /** Positions of the tasks that the result decided to skip. */
  readonly skips: readonly number[];
  /** When an instance goes on that waits, in milliseconds since the epoch. */
  readonly due: number | null;
  /** Tries that do not count against `retries`: those before it was cleared, and those that a lost engine ended. */
  readonly base_try: number;
  /** Which code ran it: number of a `BundleRow`. */
  readonly bundle: number;
}

export const NOTHING_MORE: InstanceMore = { length: null, skips: [], due: null, base_try: 0, bundle: 0 };

/** The code that a run was started or resumed with; numbered from 0. */
export interface BundleRow {
  readonly bundle: number;
  /** Of the bundled DAG file. */
  readonly hash: string;
  /** When it was first used, in milliseconds since the epoch. */
  readonly at: number;
}

/** How an instance stands, without its values: a run may have 100,000 of them. */
export interface InstanceProgress extends Pick<
  InstanceRow,
  "task" | "map_index" | "name" | "state" | "try_number" | "start"
> {
  readonly more: InstanceMore;
  readonly duration_ms: number | null;
  readonly hasResult: boolean;
}

/** Airflow's key of what a task returns. */
export const RETURN_KEY = "return_value";

/** One XCom: its instance and its JSON text. */
export interface XcomRow {
  readonly map_index: number;
  readonly json: string;
}

/** JSON texts in order of `map_index`. */
export interface FirstResults {
  readonly texts: readonly string[];
  /** Also of those that are not among the first. */
  readonly count: number;
}

/** Of rows in order, as many as have `maxLength` characters together, but at least one. */
export function withinLength<T>(rows: Iterable<T>, lengthOf: (row: T) => number, maxLength: number): T[] {
  const taken: T[] = [];
  let length = 0;
  for (const row of rows) {
    length += lengthOf(row);
    if (taken.length > 0 && length > maxLength) break;
    taken.push(row);
  }
  return taken;
}

/** A try that another one followed. */
export interface TryRow extends Pick<
  InstanceRow,
  "task" | "map_index" | "try_number" | "start" | "duration_ms" | "log" | "error" | "name"
> {
  /** How it ended; `failed` where nothing else is known. */
  readonly state: InstanceState;
  /** As in `InstanceMore`. */
  readonly bundle: number;
}

/** The try that a row is of, as it is kept when another one follows. */
export function tryOfRow(row: InstanceRow): TryRow {
  const { task, map_index, try_number, start, duration_ms, log, error, name, state, more } = row;
  return { task, map_index, try_number, start, duration_ms, log, error, name, state, bundle: more?.bundle ?? 0 };
}

/**
 * Everything that is kept of one run. It has one writer; what was written is durable after `commit`, which the run
 * does once for all results of a few milliseconds. Reads see everything that was written, committed or not.
 */
export interface RunStore {
  begin(run: RunRow): void;
  /** The run is under way once more, with the code that its file has now, and as much of the DAG as belongs to it now. */
  goOn(model: DagModel, node: string, part: readonly PartTarget[] | null): void;
  setRunState(state: RunState, end: number | null, error: RunError | null): void;
  /** Null: it is to be expanded anew. */
  setCount(task: number, count: number | null): void;
  setInputs(task: number, json: string): void;
  /** Replaces what is known of the instance. */
  putInstance(row: InstanceRow): void;
  /** Instances `from`…`from + count - 1` end in a state without having run; `error` where something ended them. */
  settleInstances(task: number, from: number, count: number, state: InstanceState, error?: RunError | null): void;
  /** Before the instance's row of the try is replaced by the next one's. */
  putTry(row: TryRow): void;
  /** What an instance pushes under a key of its own. */
  putXcom(task: number, map_index: number, key: string, json: string): void;
  /** The code that instances run with from now on. */
  putBundle(row: BundleRow): void;
  /** Forgets an instance, but not its earlier tries. */
  deleteInstance(task: number, map_index: number): void;
  /** Before another try: what an earlier one pushed is no longer there. */
  clearXcoms(task: number, map_index: number): void;
  commit(): void;

  run(): RunRow;
  /** Of every task of the model, in order. */
  tasks(): readonly TaskRow[];
  /** Those that have started or ended, in order of `map_index`. */
  instances(task: number): InstanceRow[];
  instance(task: number, map_index: number): InstanceRow | null;
  /** The same instances, without their values. */
  progress(task: number): InstanceProgress[];
  /** What ended those of a task's instances that are in this state, by `map_index`, where that is known. */
  errorCodes(task: number, state: InstanceState): ReadonlyMap<number, RunError["code"]>;
  bundles(): BundleRow[];
  tries(task: number, map_index: number): TryRow[];
  /**
   * Results of the instances from `from` to `to` that have one and were not removed, in order, at most `maxLength`
   * characters but at least one.
   */
  xcoms(task: number, from: number, to: number, maxLength: number): string[];
  /** The first results of a task, leaving out those of removed instances, and how many there are. */
  firstResults(task: number, atMost: number): FirstResults;

  /**
   * What the instances from `from` to `to` that were not removed have under a key, in order, at most `maxLength`
   * characters but at least one; `return_value` names their results.
   */
  xcomRows(task: number, key: string, from: number, to: number, maxLength: number): XcomRow[];
  /** The keys that an instance pushed, in order of their names. */
  pushedKeys(task: number, map_index: number): string[];

  /** Commits and lets go of the file; a writer leaves one plain database file that any SQLite tool reads. */
  close(): void;
}
