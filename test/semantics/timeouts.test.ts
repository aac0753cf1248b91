import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Project, dagSource, runDag, runToEnd } from "../runtime/support/project.js";

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
