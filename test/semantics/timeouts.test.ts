import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../runtime/src/engine/clock.js";
import { Project, dagSource, runDag, runToEnd, start, states } from "../runtime/support/project.js";
import { until } from "../support/until.js";

describe("§2.11 execution_timeout", () => {
  it.each([
    ["loops", "while (true);"],
    ["waits", "await new Promise((resolve) => setTimeout(resolve, 60_000));"],
    ["waits for a command", `execSync("sleep 60");`],
    ["searches for ever", `/^(a+)+$/.test("a".repeat(40) + "b");`],
  ])("ends an instance that %s, and no other", async (_, slow) => {
    const project = new Project({ "side.txt": "" });
    project.write({
      "dag.ts": dagSource(
        `import { execSync } from "node:child_process"; import { appendFileSync } from "node:fs";
         const work = task({ task_id: "work", execution_timeout: "700ms" }, async ({ x }: { x: number }) => {
           appendFileSync(${JSON.stringify(project.path("side.txt"))}, x + "\\n");
           console.log("begin", x);
           if (x === 150) { ${slow} }
           return x; });`,
        `work.expand({ x: Array.from({ length: 300 }, (_, index) => index) });`,
      ),
    });
    const run = await runToEnd(project);
    expect(run.task("work").counts).toEqual({ success: 299, failed: 1 });
    expect(run.instance("work", 150).error).toMatchObject({
      ...{ code: "task-timeout", at: { file: project.path("dag.ts"), line: 9 } },
      advice: expect.any(String) as string,
    });
    expect(run.log("work", 150)).toMatch(/^begin 150\n/);
    const begun = readFileSync(project.path("side.txt"), "utf8").trim().split("\n").map(Number);
    expect(begun.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index));
  });

  it("counts from the instance's own start, not from that of its batch", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", execution_timeout: 1 }, async (_: { x: number }) => {
         await new Promise((resolve) => setTimeout(resolve, 150)); });`,
      `work.expand({ x: Array.from({ length: 12 }, (_, index) => index) });`,
      { parallelism: 1 },
    );
    expect(run.task("work").counts).toEqual({ success: 12 });
  });

  it("takes a try, which others follow", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", execution_timeout: 0.4, retries: 1, retry_delay: 0 }, (_: {}, { ti }: any) => {
         if (ti.try_number === 1) while (true); return ti.try_number; });`,
      `work();`,
    );
    expect(run.result.state).toBe("success");
    expect(run.instance("work")).toMatchObject({ state: "success", try_number: 2, xcom: 2 });
  });
});

describe("§2.11 dagrun_timeout", () => {
  const inTime = (definitions: string, body: string): Project => {
    const source = dagSource(definitions, body).replace("{ dag_id", `{ dagrun_timeout: "2h", dag_id`);
    return new Project({ "dag.ts": source });
  };

  it("fails the run, and skips whatever has not ended", async () => {
    const project = inTime(
      `const quick = task({ task_id: "quick" }, () => [1, 2]);
       const retried = task({ task_id: "retried", retries: 1, retry_delay: "5h" }, () => { throw new Error("boom"); });
       const slow = task({ task_id: "slow" }, async (_: { x: number }) => { await new Promise((resolve) => setTimeout(resolve, 60_000)); });
       const never = task({ task_id: "never" }, (_: { x: unknown }) => 1);`,
      `const list = quick(); retried(); const slept = slow.expand({ x: list }); never({ x: slept }); never.expand({ x: slept });`,
    );
    const clock = new ManualClock(Date.now());
    const seen: string[] = [];
    const handle = await start(project, {
      clock,
      parallelism: 3,
      onEvent: (event) => {
        if (event.type === "instances_changed")
          seen.push(...event.changes.map(({ state }) => `${event.task_id} ${state}`));
      },
    });
    await until(() => seen.includes("slow running") && seen.includes("retried up_for_retry"));
    clock.advance(2 * 3_600_000 - 1);
    expect(clock.pending).toHaveLength(1);
    clock.advance(1);
    expect(await handle.done).toMatchObject({ state: "failed", cancelled: false, error: { code: "dagrun-timeout" } });
    const run = project.history().show(handle.run_id);
    expect(run).toMatchObject({ state: "failed", resumable: false, error: { code: "dagrun-timeout" } });
    expect(run.tasks.map((task) => [task.task_id, ...states(task)])).toEqual([
      ["quick", "success"],
      ["retried", "skipped"],
      ["slow", "skipped", "skipped"],
      ["never", "skipped"],
      ["never__1", "skipped"],
    ]);
  });

  it.each(["5h", "0s"])(
    "leaves nothing to do of a try that fails meanwhile, though another one follows %s later",
    async (delay) => {
      const project = new Project({ tries: "" });
      const file = (name: string): string => JSON.stringify(project.path(name));
      const definitions = `import { appendFileSync, existsSync } from "node:fs";
       const seen = async (name: string) => { while (!existsSync(name)) await new Promise((resolve) => setTimeout(resolve, 5)); };
       const fails = task({ task_id: "fails", retries: 1, retry_delay: ${JSON.stringify(delay)} }, async () => {
         appendFileSync(${file("tries")}, "try\\n");
         await seen(${file("told")});
         appendFileSync(${file("failed")}, "");
         throw new Error("boom");
       });
       const told = async () => {
         appendFileSync(${file("told")}, "");
         await seen(${file("failed")});
         await new Promise((resolve) => setTimeout(resolve, 500));
       };`;
      const options = `dagrun_timeout: "2h", on_failure_callback: told, `;
      project.write({ "dag.ts": dagSource(definitions, "fails();").replace("{ dag_id", `{ ${options}dag_id`) });
      const clock = new ManualClock(Date.now());
      const handle = await start(project, { clock });
      await until(() => readFileSync(project.path("tries"), "utf8") !== "");
      clock.advance(2 * 3_600_000);
      expect(await handle.done).toMatchObject({ state: "failed", error: { code: "dagrun-timeout" } });
      expect(clock.pending).toEqual([]);
      expect(readFileSync(project.path("tries"), "utf8")).toBe("try\n");
      expect(
        project
          .history()
          .show(handle.run_id)
          .tasks.map((task) => states(task)),
      ).toEqual([["skipped"]]);
    },
  );

  it("is nothing to a run that ends in time", async () => {
    const clock = new ManualClock(Date.now());
    const project = inTime(`const quick = task({ task_id: "quick" }, () => 1);`, `quick();`);
    expect((await runToEnd(project, { clock })).result.state).toBe("success");
    expect(clock.pending).toEqual([]);
  });
});

describe("§2.11 start_date and end_date of a task", () => {
  it.each([
    ["2026-01-01", "skipped", "success"],
    ["2026-01-02", "success", "success"],
    ["2026-01-03", "success", "success"],
    ["2026-01-04", "success", "skipped"],
  ])("a run for %s", async (date, late, early) => {
    const run = await runDag(
      `const late = task({ task_id: "late", start_date: new Date("2026-01-02") }, () => 1);
       const early = task({ task_id: "early", end_date: new Date("2026-01-03") }, () => 1);`,
      `late(); early();`,
      { logical_date: new Date(date) },
    );
    expect([run.instance("late").state, run.instance("early").state]).toEqual([late, early]);
    if (late === "skipped") expect(run.log("late")).toContain("2026-01-02");
    if (early === "skipped") expect(run.log("early")).toContain("2026-01-03");
  });
});
