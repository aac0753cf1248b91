import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { Database, Statement } from "node-sqlite3-wasm";
import type * as Driver from "node-sqlite3-wasm";
import type { Fsync } from "#core/configuration.js";
import { FanoutError } from "../errors.js";
import { databaseError } from "./databaseError.js";
import type { Row } from "./sqliteRows.js";
import { reasonOf } from "./systemError.js";
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
    readonly file: string,
    readonly isWriter: boolean,
  ) {}

  /** Makes an empty database, to be moved to where it will be written. */
  static prepare(file: string, migrations: readonly string[]): void {
    // An empty file has nothing to lose, so nobody waits for the disk.
    migrateFile(file, migrations, "pragma locking_mode = exclusive; pragma synchronous = off", false);
  }

  /** Opens a prepared database as its only writer. */
  static write(file: string, fsync: Fsync): SqliteDatabase {
    const pages = String(CHECKPOINT_PAGES);
    const pragmas = `pragma locking_mode = exclusive; pragma synchronous = ${fsync}; pragma wal_autocheckpoint = ${pages}`;
    return new SqliteDatabase(openFile(file, pragmas), file, true);
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
    return new SqliteDatabase(openFile(file, "pragma locking_mode = exclusive"), file, false);
  }

  setFsync(fsync: Fsync): void {
    this.driver.exec(`pragma synchronous = ${fsync}`);
  }

  write(sql: string, values: Values): void {
    try {
      if (!this.#isInTransaction) {
        this.#isInTransaction = true;
        this.#statement("begin immediate").run();
      }
      this.#statement(sql).run(values);
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  read(sql: string, values: Values): Row[] {
    try {
      return this.#statement(sql).all(values) as Row[];
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  /** One row after the other, for whom may not want all of them. */
  *iterate(sql: string, values: Values): Iterable<Row> {
    try {
      yield* this.#statement(sql).iterate(values) as Iterable<Row>;
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  hasTable(name: string): boolean {
    return this.read("select 1 from sqlite_master where name = ?", [name]).length > 0;
  }

  commit(): void {
    if (!this.#isInTransaction) return;
    this.#isInTransaction = false;
    try {
      this.#statement("commit").run();
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  /** A writer leaves one plain database file. */
  close(): void {
    try {
      this.#dropStatements();
      if (this.isWriter) {
        this.driver.get("pragma wal_checkpoint(truncate)");
        this.driver.exec("pragma synchronous = off");
        this.driver.get("pragma journal_mode = delete");
      }
    } catch (thrown) {
      throw databaseError(thrown, this.file);
    } finally {
      this.driver.close();
    }
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.driver.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** A statement that failed would say of its next use that it failed, in place of what happens then. */
  #failed(thrown: unknown): unknown {
    this.#dropStatements();
    this.#isInTransaction = this.driver.inTransaction;
    return databaseError(thrown, this.file);
  }

  #dropStatements(): void {
    for (const statement of this.#statements.values()) {
      try {
        statement.finalize();
      } catch {
        // One that failed says so once more, and is gone all the same.
      }
    }
    this.#statements.clear();
  }
}

/** Loaded when the first database is opened: commands that open none do not wait for it. */
function loadDriver(): typeof Driver {
  useSimpleWasm();
  return createRequire(import.meta.url)("node-sqlite3-wasm") as typeof Driver;
}

function openFile(file: string, pragmas: string, fileMustExist = true): Database {
  const driver = connect(file, fileMustExist);
  try {
    driver.exec(pragmas);
    return driver;
  } catch (thrown) {
    driver.close();
    throw databaseError(thrown, file);
  }
}

function connect(file: string, fileMustExist: boolean): Database {
  try {
    const { Database } = loadDriver();
    return new Database(file, { fileMustExist });
  } catch (cause) {
    throw new FanoutError("store-failed", `The run's database '${file}' cannot be opened: ${reasonOf(cause)}.`);
  }
}

/** Does the steps that the file has not seen yet, and counts them in it. */
function migrateFile(file: string, migrations: readonly string[], pragmas: string, fileMustExist = true): void {
  const driver = openFile(file, pragmas, fileMustExist);
  try {
    driver.get("pragma journal_mode = wal");
    const version = Number(driver.get("pragma user_version")?.["user_version"] ?? 0);
    for (const [index, step] of migrations.entries()) {
      if (index >= version) driver.exec(`begin; ${step}; pragma user_version = ${String(index + 1)}; commit`);
    }
  } catch (thrown) {
    throw databaseError(thrown, file);
  } finally {
    driver.close();
  }
}
