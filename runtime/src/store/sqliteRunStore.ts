import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { Database, Statement } from "node-sqlite3-wasm";
import type * as Driver from "node-sqlite3-wasm";
import type { DagModel } from "#core/model/dag.js";
import type { InstanceState, RunError, RunState } from "#core/model/run.js";
import type { Fsync } from "#core/configuration.js";
import { isMapped } from "#core/model/graph.js";
import { FanoutError } from "../errors.js";
import { MIGRATIONS } from "./migrations.js";
import {
  type BundleRow,
  type FirstResults,
  type InstanceProgress,
  type InstanceRow,
  type PartTarget,
  RETURN_KEY,
  type RunRow,
  type RunStore,
  type TaskRow,
  type TryRow,
  type XcomRow,
  withinLength,
} from "./runStore.js";
import {
  type Row,
  bundleOf,
  errorJson,
  instanceOf,
  progressOf,
  runOf,
  taskOf,
  text,
  tryOf,
  xcomOf,
} from "./sqliteRows.js";
import {
  OF_RESULTS,
  PUT_INSTANCE,
  PUT_INSTANCE_WITH_MORE,
  SELECT_OLD_PROGRESS,
  SELECT_PROGRESS,
  SELECT_PUSHED,
  SELECT_RESULTS,
  TASK_STRIDE,
} from "./statements.js";
import { useSimpleWasm } from "./wasmFlags.js";

/** A writer moves its journal into the database file from time to time, in pages of 4 kB. */
const CHECKPOINT_PAGES = 16_384;

/** A run's database, through SQLite compiled to WebAssembly: one driver on every platform. */
export class SqliteRunStore implements RunStore {
  readonly #statements = new Map<string, Statement>();
  /** Of a database that nobody writes: a report asks for them with each of its instances. */
  readonly #kept: { run?: RunRow; tasks?: readonly TaskRow[] } = {};
  #isInTransaction = false;

  private constructor(
    readonly database: Database,
    readonly isWriter: boolean,
  ) {}

  /** Makes a database without a run in it, to be moved to where the run will be: the slow part of beginning one. */
  static prepare(file: string): void {
    const database = openDatabase(file);
    // An empty file has nothing to lose, so nobody waits for the disk.
    database.exec("pragma locking_mode = exclusive; pragma synchronous = off");
    database.get("pragma journal_mode = wal");
    migrate(database);
    database.close();
  }

  /** Opens a prepared database as its only writer. */
  static write(file: string, fsync: Fsync = "normal"): SqliteRunStore {
    const database = openDatabase(file);
    const pages = String(CHECKPOINT_PAGES);
    database.exec(
      `pragma locking_mode = exclusive; pragma synchronous = ${fsync}; pragma wal_autocheckpoint = ${pages}`,
    );
    return new SqliteRunStore(database, true);
  }

  /** Opens the database of a run that is not live, as its only writer; one of an earlier version is brought up to date. */
  static reopen(file: string): SqliteRunStore {
    // A process that was killed leaves the driver's own lock behind; that nobody writes the caller has made sure.
    rmSync(`${file}.lock`, { recursive: true, force: true });
    const database = openDatabase(file);
    database.exec("pragma locking_mode = exclusive");
    database.get("pragma journal_mode = wal");
    migrate(database);
    database.close();
    return SqliteRunStore.write(file);
  }

  /** Opens a database that nobody writes: see `readableCopy.ts` for how to come by one. */
  static open(file: string): SqliteRunStore {
    const database = openDatabase(file);
    database.exec("pragma locking_mode = exclusive");
    return new SqliteRunStore(database, false);
  }

  /** How hard a commit tries to outlive the machine's own end, not only the process's. */
  setFsync(fsync: Fsync): void {
    this.database.exec(`pragma synchronous = ${fsync}`);
  }

  begin(run: RunRow): void {
    const { run_id, dag_id, file, logical_date, params, conf, node, model, state, start, end, error } = run;
    const texts = [JSON.stringify(params), node, JSON.stringify(model), state];
    this.#write("insert into run values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
      ...[run_id, dag_id, file, logical_date, ...texts],
      ...[start, end, errorJson(error)],
      ...[run.data_interval_start, run.data_interval_end, run.run_type, JSON.stringify(conf)],
      partJson(run.part ?? null),
    ]);
    for (const [position, task] of model.tasks.entries()) {
      const count = isMapped(task, model) ? null : 1;
      this.#write("insert into task values (?, ?, ?, null)", [position, task.task_id, count]);
    }
  }

  goOn(model: DagModel, node: string, part: readonly PartTarget[] | null): void {
    const values = [JSON.stringify(model), node, partJson(part)];
    this.#write(`update run set model = ?, node = ?, part = ?, state = 'running', "end" = null, error = null`, values);
  }

  setRunState(state: RunState, end: number | null, error: RunError | null): void {
    this.#write(`update run set state = ?, "end" = ?, error = ?`, [state, end, errorJson(error)]);
  }

  setCount(task: number, count: number | null): void {
    this.#write("update task set instance_count = ? where task_no = ?", [count, task]);
  }

  setInputs(task: number, json: string): void {
    this.#write("update task set inputs = ? where task_no = ?", [json, task]);
  }

  putInstance(row: InstanceRow): void {
    const { task, map_index, state, try_number, start, duration_ms, inputs, xcom, log, error, name, more } = row;
    const values = [
      idOf(task, map_index),
      task,
      map_index,
      state,
      try_number,
      start,
      duration_ms,
      inputs,
      xcom,
      log?.segment ?? null,
      log?.from ?? null,
      log?.to ?? null,
      errorJson(error),
      name,
    ];
    if (more === null) this.#write(PUT_INSTANCE, values);
    else {
      const { length, skips, due, base_try, bundle } = more;
      const skipped = skips.length === 0 ? null : JSON.stringify(skips);
      this.#write(PUT_INSTANCE_WITH_MORE, [...values, length, skipped, due, base_try, bundle]);
    }
  }

  deleteInstance(task: number, map_index: number): void {
    this.#write("delete from task_instance where id = ?", [idOf(task, map_index)]);
  }

  putBundle({ bundle, hash, at }: BundleRow): void {
    this.#write("insert or replace into bundle values (?, ?, ?)", [bundle, hash, at]);
  }

  settleInstances(task: number, from: number, count: number, state: InstanceState): void {
    this.#write(
      `with recursive settled(map_index) as (
         select ? union all select map_index + 1 from settled where map_index < ?
       )
       insert or replace into task_instance (id, task_no, map_index, state, try_number)
       select ? + map_index + 1, ?, map_index, ?, 0 from settled`,
      [from, from + count - 1, task * TASK_STRIDE, task, state],
    );
  }

  putXcom(task: number, map_index: number, key: string, json: string): void {
    this.#write("insert or replace into pushed_xcom values (?, ?, ?, ?)", [task, map_index, key, json]);
  }

  clearXcoms(task: number, map_index: number): void {
    this.#write("delete from pushed_xcom where task_no = ? and map_index = ?", [task, map_index]);
  }

  putTry(row: TryRow): void {
    const { task, map_index, try_number, start, duration_ms, log, error, name, state, bundle } = row;
    this.#write("insert or replace into earlier_try values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
      ...[task, map_index, try_number, start, duration_ms],
      ...[log?.segment ?? null, log?.from ?? null, log?.to ?? null, errorJson(error), name, state, bundle],
    ]);
  }

  commit(): void {
    if (!this.#isInTransaction) return;
    this.#isInTransaction = false;
    this.#statement("commit").run();
  }

  run(): RunRow {
    if (this.isWriter) return this.#readRun();
    return (this.#kept.run ??= this.#readRun());
  }

  tasks(): readonly TaskRow[] {
    if (this.isWriter) return this.#readTasks();
    return (this.#kept.tasks ??= this.#readTasks());
  }

  #readRun(): RunRow {
    const [row] = this.#read("select * from run", []);
    if (!row) throw new FanoutError("store-failed", "The run's database holds no run.");
    return runOf(row);
  }

  #readTasks(): TaskRow[] {
    return this.#read("select * from task order by task_no", []).map(taskOf);
  }

  instances(task: number): InstanceRow[] {
    const sql = "select * from task_instance where id between ? and ? order by id";
    return this.#read(sql, [idOf(task, -1), idOf(task + 1, -1) - 1]).map(instanceOf);
  }

  instance(task: number, map_index: number): InstanceRow | null {
    const [row] = this.#read("select * from task_instance where id = ?", [idOf(task, map_index)]);
    return row ? instanceOf(row) : null;
  }

  progress(task: number): InstanceProgress[] {
    // Runs of earlier versions have fewer columns.
    const sql = this.#hasTable("bundle") ? SELECT_PROGRESS : SELECT_OLD_PROGRESS;
    return this.#read(sql, [idOf(task, -1), idOf(task + 1, -1) - 1]).map(progressOf);
  }

  bundles(): BundleRow[] {
    if (!this.#hasTable("bundle")) return [];
    return this.#read("select * from bundle order by bundle_no", []).map(bundleOf);
  }

  tries(task: number, map_index: number): TryRow[] {
    const sql = "select * from earlier_try where task_no = ? and map_index = ? order by try_number";
    return this.#read(sql, [task, map_index]).map(tryOf);
  }

  xcoms(task: number, from: number, to: number, maxLength: number): string[] {
    return this.xcomRows(task, RETURN_KEY, from, to, maxLength).map(({ json }) => json);
  }

  firstResults(task: number, atMost: number): FirstResults {
    const range = [idOf(task, -1), idOf(task + 1, -1) - 1];
    const rows = this.#read(`select xcom ${OF_RESULTS} order by id limit ?`, [...range, atMost]);
    const [all] = this.#read(`select count(*) as count ${OF_RESULTS}`, range);
    return { texts: rows.map((row) => text(row, "xcom")), count: Number(all?.["count"]) };
  }

  xcomRows(task: number, key: string, from: number, to: number, maxLength: number): XcomRow[] {
    const isResult = key === RETURN_KEY;
    if (!isResult && !this.#hasTable("pushed_xcom")) return [];
    const rows = this.#statement(isResult ? SELECT_RESULTS : SELECT_PUSHED).iterate(
      isResult ? [idOf(task, from), idOf(task, to)] : [task, key, from, to],
    ) as Iterable<Row>;
    const taken = withinLength(rows, (row) => text(row, "value").length, maxLength);
    return taken.map(xcomOf);
  }

  pushedKeys(task: number, map_index: number): string[] {
    if (!this.#hasTable("pushed_xcom")) return [];
    const sql = "select key from pushed_xcom where task_no = ? and map_index = ? order by key";
    return this.#read(sql, [task, map_index]).map((row) => text(row, "key"));
  }

  close(): void {
    this.commit();
    for (const statement of this.#statements.values()) statement.finalize();
    if (this.isWriter) {
      this.database.get("pragma wal_checkpoint(truncate)");
      this.database.exec("pragma synchronous = off");
      this.database.get("pragma journal_mode = delete");
    }
    this.database.close();
  }

  /** Runs of earlier versions, which are read as they are, have not all of them. */
  #hasTable(name: "pushed_xcom" | "bundle"): boolean {
    return this.#read("select 1 from sqlite_master where name = ?", [name]).length > 0;
  }

  #write(sql: string, values: (number | string | null)[]): void {
    if (!this.#isInTransaction) {
      this.#isInTransaction = true;
      this.#statement("begin immediate").run();
    }
    this.#statement(sql).run(values);
  }

  #read(sql: string, values: (number | string | null)[]): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Loaded when the first database is opened: commands that open none do not wait for it. */
function loadDriver(): typeof Driver {
  useSimpleWasm();
  return createRequire(import.meta.url)("node-sqlite3-wasm") as typeof Driver;
}

function openDatabase(file: string): Database {
  try {
    const { Database } = loadDriver();
    return new Database(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FanoutError("store-failed", `The run's database '${file}' cannot be opened: ${reason}.`);
  }
}

function migrate(database: Database): void {
  const version = Number(database.get("pragma user_version")?.["user_version"] ?? 0);
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index >= version) database.exec(`begin; ${step}; pragma user_version = ${String(index + 1)}; commit`);
  }
}

function partJson(part: readonly PartTarget[] | null): string | null {
  return part && JSON.stringify(part);
}

function idOf(task: number, map_index: number): number {
  return task * TASK_STRIDE + map_index + 1;
}
