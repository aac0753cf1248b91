import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { Database, Statement } from "node-sqlite3-wasm";
import type * as Driver from "node-sqlite3-wasm";
import type { Fsync } from "#core/configuration.js";
import { FanoutError } from "../errors.js";
import type { Row } from "./sqliteRows.js";
import { useSimpleWasm } from "./wasmFlags.js";

/** A writer moves its journal into the database file from time to time, in pages of 4 kB. */
const CHECKPOINT_PAGES = 16_384;

/** In the order of the statement's question marks. */
export type Values = (number | string | null)[];

/**
 * A database file, through SQLite compiled to WebAssembly: one driver on every platform. Statements are prepared once.
 * What is written is in one transaction until `commit`.
 */
export class SqliteDatabase {
  readonly #statements = new Map<string, Statement>();
  #isInTransaction = false;

  private constructor(
    readonly driver: Database,
    readonly isWriter: boolean,
  ) {}

  /** Makes an empty database, to be moved to where it will be written. */
  static prepare(file: string, migrations: readonly string[]): void {
    // An empty file has nothing to lose, so nobody waits for the disk.
    migrateFile(file, migrations, "pragma locking_mode = exclusive; pragma synchronous = off");
  }

  /** Opens a prepared database as its only writer. */
  static write(file: string, fsync: Fsync): SqliteDatabase {
    const driver = openFile(file);
    const pages = String(CHECKPOINT_PAGES);
    driver.exec(`pragma locking_mode = exclusive; pragma synchronous = ${fsync}; pragma wal_autocheckpoint = ${pages}`);
    return new SqliteDatabase(driver, true);
  }

  /** Opens one that was closed, or whose writer was killed, as its only writer; an earlier schema is brought up to date. */
  static reopen(file: string, migrations: readonly string[], fsync: Fsync): SqliteDatabase {
    // A process that was killed leaves the driver's own lock behind; that nobody writes the caller has made sure.
    rmSync(`${file}.lock`, { recursive: true, force: true });
    migrateFile(file, migrations, "pragma locking_mode = exclusive");
    return SqliteDatabase.write(file, fsync);
  }

  /** Opens a database that nobody writes. */
  static open(file: string): SqliteDatabase {
    const driver = openFile(file);
    driver.exec("pragma locking_mode = exclusive");
    return new SqliteDatabase(driver, false);
  }

  setFsync(fsync: Fsync): void {
    this.driver.exec(`pragma synchronous = ${fsync}`);
  }

  write(sql: string, values: Values): void {
    if (!this.#isInTransaction) {
      this.#isInTransaction = true;
      this.#statement("begin immediate").run();
    }
    this.#statement(sql).run(values);
  }

  read(sql: string, values: Values): Row[] {
    return this.#statement(sql).all(values) as Row[];
  }

  /** One row after the other, for whom may not want all of them. */
  iterate(sql: string, values: Values): Iterable<Row> {
    return this.#statement(sql).iterate(values) as Iterable<Row>;
  }

  hasTable(name: string): boolean {
    return this.read("select 1 from sqlite_master where name = ?", [name]).length > 0;
  }

  commit(): void {
    if (!this.#isInTransaction) return;
    this.#isInTransaction = false;
    this.#statement("commit").run();
  }

  /** A writer leaves one plain database file. */
  close(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    if (this.isWriter) {
      this.driver.get("pragma wal_checkpoint(truncate)");
      this.driver.exec("pragma synchronous = off");
      this.driver.get("pragma journal_mode = delete");
    }
    this.driver.close();
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.driver.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Loaded when the first database is opened: commands that open none do not wait for it. */
function loadDriver(): typeof Driver {
  useSimpleWasm();
  return createRequire(import.meta.url)("node-sqlite3-wasm") as typeof Driver;
}

function openFile(file: string): Database {
  try {
    const { Database } = loadDriver();
    return new Database(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FanoutError("store-failed", `The run's database '${file}' cannot be opened: ${reason}.`);
  }
}

/** Does the steps that the file has not seen yet, and counts them in it. */
function migrateFile(file: string, migrations: readonly string[], pragmas: string): void {
  const driver = openFile(file);
  driver.exec(pragmas);
  driver.get("pragma journal_mode = wal");
  const version = Number(driver.get("pragma user_version")?.["user_version"] ?? 0);
  for (const [index, step] of migrations.entries()) {
    if (index >= version) driver.exec(`begin; ${step}; pragma user_version = ${String(index + 1)}; commit`);
  }
  driver.close();
}
