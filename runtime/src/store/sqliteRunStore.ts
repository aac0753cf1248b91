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
import { SqliteDatabase } from "./sqliteDatabase.js";
import { bundleOf, errorCodeOf, instanceOf, progressOf, runOf, taskOf, text, tryOf, xcomOf } from "./sqliteRows.js";
import { errorJson, idOf, idsOf, instanceValues, moreValues, partJson, runValues, tryValues } from "./sqliteValues.js";
import {
  OF_RESULTS,
  PUT_INSTANCE,
  PUT_INSTANCE_WITH_MORE,
  SELECT_ERROR_CODES,
  SELECT_OLD_PROGRESS,
  SELECT_PROGRESS,
  SELECT_PUSHED,
  SELECT_RESULTS,
  SETTLE_INSTANCES,
} from "./statements.js";

/** What is kept of a run as rows of a database: which statement says what. */
export class SqliteRunStore implements RunStore {
  /** Of a database that nobody writes: a report asks for them with each of its instances. */
  readonly #kept: { run?: RunRow; tasks?: readonly TaskRow[] } = {};

  private constructor(readonly database: SqliteDatabase) {}

  /** Makes a database without a run in it, to be moved to where the run will be: the slow part of beginning one. */
  static prepare(file: string): void {
    SqliteDatabase.prepare(file, MIGRATIONS);
  }

  /** Opens a prepared database as its only writer. */
  static write(file: string, fsync: Fsync = "normal"): SqliteRunStore {
    return new SqliteRunStore(SqliteDatabase.write(file, fsync));
  }

  /** Opens the database of a run that is not live, as its only writer; one of an earlier version is brought up to date. */
  static reopen(file: string): SqliteRunStore {
    return new SqliteRunStore(SqliteDatabase.reopen(file, MIGRATIONS, "normal"));
  }

  /** Opens a database that nobody writes: see `readableCopy.ts` for how to come by one. */
  static open(file: string): SqliteRunStore {
    return new SqliteRunStore(SqliteDatabase.open(file));
  }

  /** How hard a commit tries to outlive the machine's own end, not only the process's. */
  setFsync(fsync: Fsync): void {
    this.database.setFsync(fsync);
  }

  begin(run: RunRow): void {
    this.database.write("insert into run values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", runValues(run));
    for (const [position, task] of run.model.tasks.entries()) {
      const count = isMapped(task, run.model) ? null : 1;
      this.database.write("insert into task values (?, ?, ?, null)", [position, task.task_id, count]);
    }
  }

  goOn(model: DagModel, node: string, part: readonly PartTarget[] | null): void {
    const values = [JSON.stringify(model), node, partJson(part)];
    this.database.write(
      `update run set model = ?, node = ?, part = ?, state = 'running', "end" = null, error = null`,
      values,
    );
  }

  setRunState(state: RunState, end: number | null, error: RunError | null): void {
    this.database.write(`update run set state = ?, "end" = ?, error = ?`, [state, end, errorJson(error)]);
  }

  setCount(task: number, count: number | null): void {
    this.database.write("update task set instance_count = ? where task_no = ?", [count, task]);
  }

  setInputs(task: number, json: string): void {
    this.database.write("update task set inputs = ? where task_no = ?", [json, task]);
  }

  putInstance(row: InstanceRow): void {
    const values = instanceValues(row);
    if (row.more === null) this.database.write(PUT_INSTANCE, values);
    else this.database.write(PUT_INSTANCE_WITH_MORE, [...values, ...moreValues(row.more)]);
  }

  deleteInstance(task: number, map_index: number): void {
    this.database.write("delete from task_instance where id = ?", [idOf(task, map_index)]);
  }

  putBundle({ bundle, hash, at }: BundleRow): void {
    this.database.write("insert or replace into bundle values (?, ?, ?)", [bundle, hash, at]);
  }

  settleInstances(
    task: number,
    from: number,
    count: number,
    state: InstanceState,
    error: RunError | null = null,
  ): void {
    const values = [from, from + count - 1, idOf(task, -1), task, state, errorJson(error)];
    this.database.write(SETTLE_INSTANCES, values);
  }

  putXcom(task: number, map_index: number, key: string, json: string): void {
    this.database.write("insert or replace into pushed_xcom values (?, ?, ?, ?)", [task, map_index, key, json]);
  }

  clearXcoms(task: number, map_index: number): void {
    this.database.write("delete from pushed_xcom where task_no = ? and map_index = ?", [task, map_index]);
  }

  putTry(row: TryRow): void {
    this.database.write(
      "insert or replace into earlier_try values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      tryValues(row),
    );
  }

  commit(): void {
    this.database.commit();
  }

  run(): RunRow {
    if (this.database.isWriter) return this.#readRun();
    return (this.#kept.run ??= this.#readRun());
  }

  tasks(): readonly TaskRow[] {
    if (this.database.isWriter) return this.#readTasks();
    return (this.#kept.tasks ??= this.#readTasks());
  }

  #readRun(): RunRow {
    const [row] = this.database.read("select * from run", []);
    if (!row) throw new FanoutError("store-failed", "The run's database holds no run.");
    return runOf(row);
  }

  #readTasks(): TaskRow[] {
    return this.database.read("select * from task order by task_no", []).map(taskOf);
  }

  instances(task: number): InstanceRow[] {
    const sql = "select * from task_instance where id between ? and ? order by id";
    return this.database.read(sql, idsOf(task)).map(instanceOf);
  }

  instance(task: number, map_index: number): InstanceRow | null {
    const [row] = this.database.read("select * from task_instance where id = ?", [idOf(task, map_index)]);
    return row ? instanceOf(row) : null;
  }

  progress(task: number): InstanceProgress[] {
    // Runs of earlier versions have fewer columns.
    const sql = this.#has("bundle") ? SELECT_PROGRESS : SELECT_OLD_PROGRESS;
    return this.database.read(sql, idsOf(task)).map(progressOf);
  }

  errorCodes(task: number, state: InstanceState): ReadonlyMap<number, RunError["code"]> {
    return new Map(this.database.read(SELECT_ERROR_CODES, [...idsOf(task), state]).map(errorCodeOf));
  }

  bundles(): BundleRow[] {
    if (!this.#has("bundle")) return [];
    return this.database.read("select * from bundle order by bundle_no", []).map(bundleOf);
  }

  tries(task: number, map_index: number): TryRow[] {
    const sql = "select * from earlier_try where task_no = ? and map_index = ? order by try_number";
    return this.database.read(sql, [task, map_index]).map(tryOf);
  }

  xcoms(task: number, from: number, to: number, maxLength: number): string[] {
    return this.xcomRows(task, RETURN_KEY, from, to, maxLength).map(({ json }) => json);
  }

  firstResults(task: number, atMost: number): FirstResults {
    const rows = this.database.read(`select xcom ${OF_RESULTS} order by id limit ?`, [...idsOf(task), atMost]);
    const [all] = this.database.read(`select count(*) as count ${OF_RESULTS}`, idsOf(task));
    return { texts: rows.map((row) => text(row, "xcom")), count: Number(all?.["count"]) };
  }

  xcomRows(task: number, key: string, from: number, to: number, maxLength: number): XcomRow[] {
    const isResult = key === RETURN_KEY;
    if (!isResult && !this.#has("pushed_xcom")) return [];
    const rows = isResult
      ? this.database.iterate(SELECT_RESULTS, [idOf(task, from), idOf(task, to)])
      : this.database.iterate(SELECT_PUSHED, [task, key, from, to]);
    const taken = withinLength(rows, (row) => text(row, "value").length, maxLength);
    return taken.map(xcomOf);
  }

  pushedKeys(task: number, map_index: number): string[] {
    if (!this.#has("pushed_xcom")) return [];
    const sql = "select key from pushed_xcom where task_no = ? and map_index = ? order by key";
    return this.database.read(sql, [task, map_index]).map((row) => text(row, "key"));
  }

  close(): void {
    this.commit();
    this.database.close();
  }

  /** Runs of earlier versions, which are read as they are, have not all of them. */
  #has(table: "pushed_xcom" | "bundle"): boolean {
    return this.database.hasTable(table);
  }
}
