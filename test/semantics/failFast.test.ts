import { describe, expect, it } from "vitest";
import { startRun } from "../../runtime/src/engine/startRun.js";
import { type FinishedRun, Project, dagSource, refusalOf, runToEnd, states } from "../runtime/support/project.js";

const PAUSE = `const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));`;

function source(definitions: string, body: string): string {
  return dagSource(`import { teardown } from "fanout"; ${PAUSE}\n${definitions}`, body).replace(
    "{ dag_id",
    "{ fail_fast: true, dag_id",
  );
}

function run(definitions: string, body: string, parallelism = 2): Promise<FinishedRun> {
  return runToEnd(new Project({ "dag.ts": source(definitions, body) }), { parallelism });
}

describe("DTM512 fail_fast", () => {
  it("ends what runs, and skips what has not begun, with the first failure", async () => {
    const finished = await run(
      `const slow = task({ task_id: "slow" }, async () => { await pause(60_000); });
       const bad = task({ task_id: "bad" }, async () => { await pause(300); throw new Error("boom"); });
       const list = task({ task_id: "list" }, () => [1, 2]);
       const after = task({ task_id: "after" }, (_: { x: unknown }) => 1);`,
      `const slept = slow(); bad(); after({ x: slept }); chain(slept, list()); after.expand({ x: list() });`,
    );
    expect(finished.result).toMatchObject({ state: "failed", cancelled: false });
    expect(finished.instance("bad").error?.code).toBe("task-failed");
    expect(finished.instance("slow")).toMatchObject({ state: "failed", try_number: 1, error: { code: "fail-fast" } });
    const byTask = Object.fromEntries(finished.run.tasks.map((task) => [task.task_id, states(task)]));
    expect([byTask["after"], byTask["list"]]).toEqual([["skipped"], ["skipped"]]);
  });

  it("fails the run even where the failure is no leaf and its followers are skipped", async () => {
    const { result, run: ended } = await run(
      `const bad = task({ task_id: "bad" }, () => { throw new Error("boom"); }); const after = task({ task_id: "after" }, () => 1);`,
      `chain(bad(), after());`,
    );
    expect(result.state).toBe("failed");
    expect(ended.tasks.map((task) => task.state)).toEqual(["failed", "skipped"]);
  });

  it("is for the last try, and stops those that wait for another one", async () => {
    const finished = await run(
      `const work = task({ task_id: "work", retries: 1, retry_delay: "1h" }, ({ x }: { x: number }) => { throw new Error("boom"); });
       const bad = task({ task_id: "bad", retries: 1, retry_delay: 0.3 }, () => { throw new Error("boom"); });`,
      `work.expand({ x: [1, 2] }); bad();`,
    );
    expect(finished.instance("bad")).toMatchObject({ state: "failed", try_number: 2 });
    expect(states(finished.task("work"))).toEqual(["skipped", "skipped"]);
    expect(finished.instance("work", 1).try_number).toBe(1);
  });

  it("stops the other instances of the same task, and loses none of them", async () => {
    const finished = await run(
      // What follows takes so long that the engine hears of the failure before all of it is done.
      `const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
         if (x === 600) throw new Error("boom");
         if (x > 600) await new Promise((resolve) => setTimeout(resolve, 20)); return x; });`,
      `work.expand({ x: Array.from({ length: 1000 }, (_, index) => index) });`,
    );
    const { success = 0, failed = 0, skipped = 0 } = finished.task("work").counts;
    expect(success + failed + skipped).toBe(1000);
    expect(failed).toBeGreaterThanOrEqual(1);
    expect(skipped).toBeGreaterThan(0);
  });

  it("still runs teardowns", async () => {
    const { result, run: ended } = await run(
      `const create = task({ task_id: "create" }, () => 1); const bad = task({ task_id: "bad" }, () => { throw new Error("boom"); });
       const after = task({ task_id: "after" }, () => 1); const remove = teardown({ task_id: "remove" }, () => 1);`,
      `const made = create(); chain(made, bad(), after(), remove().as_teardown({ setups: made }));`,
    );
    expect(result.state).toBe("failed");
    expect(ended.tasks.map((task) => [task.task_id, task.state])).toEqual([
      ["create", "success"],
      ["bad", "failed"],
      ["after", "skipped"],
      ["remove", "success"],
    ]);
  });

  it("takes no other trigger rule than all_success, but of teardowns", async () => {
    const definitions = `const a = task({ task_id: "a" }, () => 1); const b = task({ task_id: "b", trigger_rule: "all_done" }, () => 1);`;
    const project = new Project({ "dag.ts": source(definitions, `chain(a(), b());`) });
    const refused = await refusalOf(startRun({ file: project.path("dag.ts") }));
    expect(refused).toMatchObject({
      code: "fail-fast-trigger-rule",
      exitCode: 2,
      at: { file: project.path("dag.ts"), line: 5 },
    });
  });
});
