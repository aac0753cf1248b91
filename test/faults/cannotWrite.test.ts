import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { planAction } from "../../runtime/src/engine/actions/plan.js";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { startRun } from "../../runtime/src/engine/startRun.js";
import { FanoutError } from "../../runtime/src/errors.js";
import { openHistory } from "../../runtime/src/store/history.js";
import { RUN_FILES } from "../../runtime/src/store/runFolder.js";
import { SqliteRunStore } from "../../runtime/src/store/sqliteRunStore.js";
import { Project, dagSource, refusalOf, start } from "../runtime/support/project.js";
import { integrity, runFolders } from "./support/durable.js";

afterEach(() => vi.restoreAllMocks());

const DAG = (notes: string) =>
  dagSource(
    `import { appendFileSync } from "node:fs";
const list = task({ task_id: "list" }, () => [1, 2, 3, 4, 5, 6]);
const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
  await new Promise((resolve) => setTimeout(resolve, x * 30));
  appendFileSync(${JSON.stringify(notes)}, x + "\\n");
  return x;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.reduce((a, b) => a + b, 0));`,
    "total({ values: work.expand({ x: list() }) });",
  );

function notedProject(): { project: Project; notes: () => string[] } {
  const project = new Project();
  const file = project.path("notes.txt");
  project.write({ "dag.ts": DAG(file), "notes.txt": "" });
  return { project, notes: () => readFileSync(file, "utf8").split("\n").slice(0, -1) };
}

describe("what cannot be written", () => {
  it("in the middle of a run ends it with the system's reason; with room again it goes on, and nothing is lost", async () => {
    const { project, notes } = notedProject();
    const { value: commit } = Object.getOwnPropertyDescriptor(SqliteRunStore.prototype, "commit") as {
      value: () => void;
    };
    const full = vi.spyOn(SqliteRunStore.prototype, "commit").mockImplementation(function (this: SqliteRunStore) {
      if (notes().length >= 3) throw new Error("database or disk is full");
      commit.call(this);
    });
    const { run_id, done } = await start(project);
    const result = await done;
    expect(result).toMatchObject({ state: "failed", error: { code: "store-failed" } });
    expect(result.error?.message).toContain("database or disk is full");
    full.mockRestore();
    const before = notes();
    const resumed = await resumeRun({ home: project.home, run_id, parallelism: 2 });
    expect(await resumed.done).toMatchObject({ state: "success" });
    expect(project.history().xcom(run_id, "total")).toBe(21);
    // What was over before the disk was full is not done again; what ran then is.
    const again = notes().slice(before.length);
    expect(again.filter((x) => before.slice(0, 2).includes(x))).toEqual([]);
    expect(integrity(runFolders(project.home)[0] ?? "")).toBe("ok");
  });

  it("of callbacks apart from an instance ends the run in the same way, and no other one of the process", async () => {
    const project = new Project();
    // Where the engine adds to a log what callbacks print, there is no folder any more.
    const logs = `path.join(${JSON.stringify(project.home)}, "runs", ti.run_id, "logs")`;
    const definitions = `import { renameSync, writeFileSync } from "node:fs"; import path from "node:path";
      const bad = task({ task_id: "bad", on_failure_callback: () => console.log("told") }, (_: any, { ti }) => {
        renameSync(${logs}, ${logs} + ".away");
        writeFileSync(${logs}, "");
        process.exit(3);
      });`;
    project.write({ "dag.ts": dagSource(definitions, "(bad as any)({});") });
    const other = await start(notedProject().project);
    const { run_id, done, dir } = await start(project);
    expect(await done).toMatchObject({ state: "failed", error: { code: "store-failed" } });
    expect(project.history().show(run_id)).toMatchObject({ state: "failed", error: { code: "store-failed" } });
    expect(readdirSync(dir).filter((name) => name.startsWith("owner-"))).toEqual([]);
    expect(await other.done).toMatchObject({ state: "success" });
  });

  it("at all refuses the run before it begins, and leaves nothing of it", async () => {
    const { project, notes } = notedProject();
    // For whoever may do everything, a folder that is a file is the only one that cannot be written.
    writeFileSync(project.home, "");
    expect((await refusalOf(startRun({ file: project.path("dag.ts") }))).code).toBe("store-failed");
    rmSync(project.home);
    expect(notes()).toEqual([]);
    expect(runFolders(project.home)).toEqual([]);
  });

  it.each([
    ["is no database", "no database".repeat(500)],
    ["is empty", ""],
    ["is gone", null],
  ])("as its file %s can neither be read nor go on", async (_, content) => {
    const { project } = notedProject();
    const { run_id, done, dir } = await start(project);
    await done;
    project.history().close();
    const database = path.join(dir, RUN_FILES.database);
    rmSync(database);
    if (content !== null) writeFileSync(database, content);
    const codeOf = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (thrown) {
        return FanoutError.is(thrown) ? thrown.code : thrown;
      }
    };
    const history = openHistory(project.home);
    expect(codeOf(() => history.show(run_id))).toBe("store-failed");
    expect(codeOf(() => history.xcom(run_id, "total"))).toBe("store-failed");
    expect(codeOf(() => history.log(run_id, "total", -1))).toBe("store-failed");
    history.close();
    expect(codeOf(() => planAction(project.home, run_id, { name: "clear", selection: {} }))).toBe("store-failed");
    expect((await refusalOf(resumeRun({ home: project.home, run_id }))).code).toBe("store-failed");
    // What is broken is not taken for a run without anything in it.
    expect(existsSync(database)).toBe(content !== null);
  });

  it("of a run that is to go on leaves it as it was", async () => {
    const { project } = notedProject();
    const { run_id, done } = await start(project);
    expect((await done).state).toBe("success");
    const database = path.join(project.home, "runs", run_id, "run.db");
    renameSync(database, `${database}.away`);
    writeFileSync(database, "no database");
    expect((await refusalOf(resumeRun({ home: project.home, run_id }))).code).toBe("store-failed");
    renameSync(`${database}.away`, database);
    const resumed = await resumeRun({ home: project.home, run_id, action: { name: "clear", selection: {} } });
    expect((await resumed.done).state).toBe("success");
  });
});
