import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { MemoryRunStore } from "../../runtime/src/store/memoryRunStore.js";
import { RunReader } from "../../runtime/src/store/readableCopy.js";
import { HOST } from "../../runtime/src/store/scratch.js";
import { SqliteRunStore } from "../../runtime/src/store/sqliteRunStore.js";
import { describeRunStore, row, run } from "./runStore.conformance.js";
import { Project } from "./support/project.js";

function makeSqlite(): { store: SqliteRunStore; project: Project } {
  const project = new Project();
  SqliteRunStore.prepare(project.path("run.db"));
  return { store: SqliteRunStore.write(project.path("run.db")), project };
}

describeRunStore("MemoryRunStore", () => new MemoryRunStore());
describeRunStore("SqliteRunStore", () => makeSqlite().store);

describe("a run's database", () => {
  it("is one plain file when the run has ended, readable by any SQLite tool", () => {
    const { store, project } = makeSqlite();
    store.begin(run);
    store.putInstance(row(1, 3));
    store.close();
    expect(readdirSync(project.folder).sort()).toEqual(["package.json", "run.db"]);
    const sql = "select task_id, map_index, state from instances; pragma integrity_check; pragma journal_mode";
    const tool = findTool();
    if (tool)
      expect(execFileSync(tool, [project.path("run.db"), sql], { encoding: "utf8" })).toBe(
        "mapped|3|success\nok\ndelete\n",
      );
  });

  // The numbers are SQLite's own.
  it.each([
    ["off", 0],
    ["normal", 1],
    ["full", 2],
  ] as const)("is put on the disk as hard as 'fsync' says: %s", (fsync, synchronous) => {
    const project = new Project();
    SqliteRunStore.prepare(project.path("run.db"));
    const store = SqliteRunStore.write(project.path("run.db"), fsync);
    expect(store.database.driver.get("pragma synchronous")).toEqual({ synchronous });
    store.setFsync("normal");
    expect(store.database.driver.get("pragma synchronous")).toEqual({ synchronous: 1 });
    store.close();
  });

  it("is read while it is written without being opened, up to the last commit", () => {
    const { store, project } = makeSqlite();
    store.begin(run);
    store.putInstance(row(1, 0));
    store.commit();
    const reader = new RunReader();
    const indexes = () =>
      reader.read(project.folder, (reading) => reading.instances(1).map(({ map_index }) => map_index));
    expect(indexes()).toEqual([0]);
    store.putInstance(row(1, 1));
    expect(indexes()).toEqual([0]);
    store.commit();
    expect(indexes()).toEqual([0, 1]);
    for (let index = 2; index < 5000; index++)
      store.putInstance(row(1, index, { xcom: JSON.stringify("x".repeat(2000)) }));
    store.commit();
    expect(indexes()).toHaveLength(5000);
    store.putInstance(row(1, 5000));
    store.close();
    expect(indexes()).toHaveLength(5001);
    reader.close();
    expect(existsSync(project.path("run.db-wal"))).toBe(false);
  });

  it("is read up to its last commit when its writer was killed", () => {
    const { store, project } = makeSqlite();
    store.begin(run);
    store.putInstance(row(1, 0));
    store.commit();
    store.putInstance(row(1, 1));
    const reader = new RunReader();
    expect(reader.read(project.folder, (reading) => reading.instances(1))).toEqual([row(1, 0)]);
    reader.close();
    store.close();
  });

  it("that is gone cannot be read, with a code", () => {
    const project = new Project({ "runs/one/run.json": "{}" });
    const refusal = (): unknown => {
      try {
        return new RunReader().read(project.path("runs/one"), (reading) => reading.instances(1));
      } catch (thrown) {
        return thrown;
      }
    };
    expect(refusal()).toMatchObject({ code: "store-failed" });
    expect(readdirSync(project.folder).sort()).toEqual(["package.json", "runs"]);
  });

  it("leaves no copy behind, even where a reader was killed", () => {
    const { store, project } = makeSqlite();
    store.begin(run);
    store.close();
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    const left = mkdtempSync(path.join(tmpdir(), `fanout-read-${HOST}-${pid}-`));
    // Its process may live: nobody can tell from here.
    const elsewhere = mkdtempSync(path.join(tmpdir(), `fanout-read-another_machine-${pid}-`));
    onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }));
    const reader = new RunReader();
    reader.read(project.folder, (reading) => reading.instances(1));
    reader.close();
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`fanout-read-${HOST}-${process.pid}-`))).toEqual([]);
    expect([existsSync(left), existsSync(elsewhere)]).toEqual([false, true]);
  });
});

function findTool(): string | null {
  return ["/usr/bin/sqlite3", "/usr/local/bin/sqlite3"].find((file) => existsSync(file)) ?? null;
}
