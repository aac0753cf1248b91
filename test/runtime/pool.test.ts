import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../cli/support/cliProcess.js";
import { Project, dagSource, runDag, runToEnd, start, states } from "./support/project.js";

it.each([
  ["pulls", `ti.xcom_pull({ key: "k" });`],
  ["pushes", `ti.xcom_push({ key: "k", value: 1 });`],
  ["reads results", "for (const x of xs) if (x > 1e9) break;"],
])("an instance that goes on and %s when its run is over disturbs nobody", async (_name, ask) => {
  const project = new Project({
    "dag.ts": dagSource(
      `const many = task({ task_id: "many" }, ({ x }: { x: number }) => x);
const work = task({ task_id: "work" }, ({ xs }: { xs: readonly number[] }, { ti }) => {
  void (async () => {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      ${ask}
    }
  })();
});`,
      `work({ xs: many.expand({ x: Array.from({ length: 600 }, (_, index) => index) }) });`,
    ),
  });
  // As a command: nothing may be thrown in the engine either.
  const run = spawnSync(process.execPath, [path.join(root, "dist/runtime/cli.cjs"), "run", "dag.ts"], {
    cwd: project.folder,
    encoding: "utf8",
  });
  expect([run.status, run.stderr]).toEqual([0, ""]);
});

const WAIT = `const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const late = (ms: number) => { setTimeout(() => { throw new Error("late"); }, ms).unref(); };`;

it("what is thrown late while its process makes callbacks of another instance stops nobody", async () => {
  const run = await runDag(
    `${WAIT}
const left = task({ task_id: "left" }, async () => { await wait(300); late(900); });
const dies = task({ task_id: "dies", on_failure_callback: () => wait(1500) }, async () => { await wait(500); process.abort(); });
const third = task({ task_id: "third", trigger_rule: "all_done" }, () => 1);`,
    "left({}); chain(dies({}), third({}));",
  );
  expect(run.run.tasks.map(({ state }) => state)).toEqual(["success", "failed", "success"]);
  expect(run.log("left")).toContain("Error: late");
});

it("what a callback throws late is added to the log of the instance that died, in whichever process it ran", async () => {
  const run = await runDag(
    `${WAIT}
const dies = task({ task_id: "dies", on_failure_callback: () => { console.log("told"); late(300); } }, async () => {
  console.log("before");
  await wait(300);
  process.abort();
});
const other = task({ task_id: "other" }, async () => {
  for (let n = 0; n < 10; n++) { console.log("other", n); await wait(150); }
});`,
    "dies({}); other({});",
  );
  expect(run.log("dies")).toMatch(/^before\n[^]*told\n[^]*Error: late/);
  expect(run.log("other")).toBe(Array.from({ length: 10 }, (_, n) => `other ${String(n)}\n`).join(""));
});

describe("a worker that dies", () => {
  it.each([
    ["exits", "process.exit(7)", "worker-died"],
    ["is killed", "process.kill(process.pid, 'SIGKILL')", "worker-died"],
    ["aborts", "process.abort()", "worker-died"],
    [
      "throws where nobody waits",
      "setTimeout(() => { throw new Error('late'); }); await new Promise(() => {})",
      "task-failed",
    ],
    [
      "rejects where nobody waits",
      "Promise.reject(new Error('late')); await new Promise((r) => setTimeout(r, 5000))",
      "task-failed",
    ],
  ])("because its instance %s fails that instance alone", async (_, end, code) => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
         console.log("begin", x);
         if (x === 40) { ${end}; }
         return x; });`,
      `work.expand({ x: Array.from({ length: 100 }, (_, index) => index) });`,
    );
    expect(run.task("work").counts).toEqual({ success: 99, failed: 1 });
    expect(run.instance("work", 40).error?.code).toBe(code);
    expect(run.instance("work", 40).error?.at?.file).toMatch(/dag\.ts$/);
    expect(run.log("work", 40)).toMatch(/^begin 40\n/);
    expect(run.log("work", 40).split("Error: late")).toHaveLength(code === "task-failed" ? 2 : 1);
    if (code === "task-failed") expect(run.log("work", 40)).not.toMatch(/worker\.cjs|runtime\/src/);
    expect(run.log("work", 41)).toBe("begin 41\n");
    expect(run.xcom("work")).toHaveLength(99);
  });

  it("is replaced for the next try", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", retries: 1, retry_delay: 0 }, (_: {}, { ti }: any) => {
         if (ti.try_number === 1) process.exit(1); return ti.try_number; });`,
      `work();`,
      { parallelism: 1 },
    );
    expect(run.result.state).toBe("success");
    expect(run.xcom("work")).toBe(2);
  });

  it("runs nothing twice and loses nothing", async () => {
    const project = new Project();
    project.write({
      "dag.ts": dagSource(
        `import { appendFileSync } from "node:fs";
         const work = task({ task_id: "work" }, ({ x }: { x: number }) => {
           appendFileSync(${JSON.stringify(project.path("side.txt"))}, x + "\\n");
           if (x % 97 === 5) process.exit(1); });`,
        `work.expand({ x: Array.from({ length: 1000 }, (_, index) => index) });`,
      ),
      "side.txt": "",
    });
    const run = await runToEnd(project);
    const executed = readFileSync(project.path("side.txt"), "utf8").trim().split("\n");
    expect(executed.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(run.task("work").counts).toEqual({ success: 989, failed: 11 });
  });
});

describe("batches", () => {
  it.each([
    ["waits", "await new Promise((resolve) => setTimeout(resolve, 1500))"],
    ["computes", "for (const end = Date.now() + 1500; Date.now() < end; );"],
  ])("never hold quick instances behind one that %s", async (_, slow) => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, async ({ x }: { x: number }) => { if (x === 500) { ${slow}; } return x; });`,
      `work.expand({ x: Array.from({ length: 1000 }, (_, index) => index) });`,
    );
    const ends = run.task("work").instances.map(({ end }) => Date.parse(end ?? ""));
    const slowest = ends[500] ?? 0;
    expect(ends.filter((end) => end > slowest)).toEqual([]);
    expect(run.task("work").counts).toEqual({ success: 1000 });
  });

  it("run slow instances beside each other, as many as there may be workers", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
         await new Promise((resolve) => setTimeout(resolve, 800)); return process.pid; });`,
      `work.expand({ x: [1, 2, 3, 4, 5, 6] });`,
      { parallelism: 3 },
    );
    expect(new Set(run.xcom("work") as number[]).size).toBe(3);
  });

  it("use one process for few quick instances, and never more than allowed", async () => {
    const quick = await runDag(
      `const pid = task({ task_id: "pid" }, (_: { x: number }) => process.pid);`,
      `pid.expand({ x: [1, 2, 3] });`,
    );
    expect(new Set(quick.xcom("pid") as number[]).size).toBe(1);
    const single = await runDag(
      `const pid = task({ task_id: "pid" }, async (_: { x: number }) => { await new Promise((r) => setTimeout(r, 100)); return process.pid; });`,
      `pid.expand({ x: [1, 2, 3, 4] });`,
      { parallelism: 1 },
    );
    expect(new Set(single.xcom("pid") as number[]).size).toBe(1);
  });
});

describe("what an instance prints", () => {
  it("is its own log, whoever prints it, in order", async () => {
    const run = await runDag(
      `import { execSync } from "node:child_process"; import { writeSync } from "node:fs";
       const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
         console.log("log %d", x); console.error("error"); process.stdout.write("raw ä€😀\\n");
         writeSync(1, "descriptor\\n"); execSync("echo child", { stdio: "inherit" });
         await null; console.warn("end", { x }); });`,
      `work.expand({ x: [1, 2] });`,
    );
    for (const x of [1, 2]) {
      expect(run.log("work", x - 1)).toBe(`log ${x}\nerror\nraw ä€😀\ndescriptor\nchild\nend { x: ${x} }\n`);
    }
  });

  it("ends with the error's stack", async () => {
    const run = await runDag(
      `const bad = task({ task_id: "bad" }, () => { console.log("a"); throw new Error("boom"); });`,
      `bad();`,
    );
    expect(run.log("bad")).toMatch(/^a\nError: boom\n {4}at .*dag\.ts:2:\d+\)?\n$/);
  });
});

describe("a graph that changes with every execution", () => {
  it("ends the run, naming the task", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, async ({ x }: { x: number }) => { await new Promise((r) => setTimeout(r, 500)); return x; });`,
      `work.expand({ x: [Math.random(), 2, 3, 4, 5, 6] });`,
    );
    expect(run.result).toMatchObject({ state: "failed", cancelled: false });
    expect(run.result.error).toMatchObject({ code: "graph-not-deterministic", at: { line: 4 } });
    expect(run.result.error?.message).toContain("'work'");
    expect(run.run.error?.code).toBe("graph-not-deterministic");
  });
});

describe("cancelling", () => {
  const alive = (pid: number) => {
    try {
      process.kill(pid, 0);
      // What has ended but was not waited for by its new parent is not alive.
      return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
      return false;
    }
  };

  it.each([
    ["waits", "await new Promise((resolve) => setTimeout(resolve, 60_000))"],
    ["loops", "while (true);"],
    ["waits for a child", `execSync("sleep 60")`],
  ])("ends an instance that %s, its processes and the run's record", async (_, slow) => {
    const project = new Project();
    project.write({
      "dag.ts": dagSource(
        `import { execSync, spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
         const first = task({ task_id: "first" }, () => 1);
         const slow = task({ task_id: "slow" }, async (_: any) => {
           const child = spawn("sleep", ["60"]);
           writeFileSync(${JSON.stringify(project.path("pids"))}, process.pid + " " + child.pid); console.log("working");
           ${slow}; });
         const never = task({ task_id: "never" }, () => 1);`,
        `const mapped = slow.expand({ x: [first(), 2] } as any); chain(mapped, never());`,
      ),
    });
    const handle = await start(project, { parallelism: 1 });
    while (!existsSync(project.path("pids")) || readFileSync(project.path("pids"), "utf8") === "") {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await new Promise((resolve) => setTimeout(resolve, 120));
    const live = project.history().show(handle.run_id);
    expect(live.tasks.find((task) => task.task_id === "slow")?.instances[0]?.state).toBe("running");
    expect(project.history().log(handle.run_id, "slow", 0)).toBe("working\n");

    handle.cancel();
    expect(await handle.done).toMatchObject({ state: "failed", cancelled: true, error: { code: "cancelled" } });
    const pids = readFileSync(project.path("pids"), "utf8").split(" ").map(Number);
    expect(pids.filter(alive)).toEqual([]);
    const run = project.history().show(handle.run_id);
    expect(run).toMatchObject({ state: "failed", error: { code: "cancelled" } });
    expect(run.tasks.map((task) => states(task))).toEqual([["success"], ["failed", "none"], ["none"]]);
    expect(project.history().instance(handle.run_id, "slow", 0).error?.code).toBe("cancelled");
  });

  it("before anything runs, and twice, is no trouble", async () => {
    const project = new Project({ "dag.ts": dagSource(`const t = task({ task_id: "t" }, () => 1);`, "t();") });
    const handle = await start(project);
    handle.cancel();
    handle.cancel();
    expect(await handle.done).toMatchObject({ cancelled: true });
    expect(project.history().show(handle.run_id).state).toBe("failed");
  });

  it("stops a file that never finishes loading", async () => {
    const project = new Project({ "dag.ts": `while (true);` });
    const closing = new AbortController();
    setTimeout(() => closing.abort(), 300);
    await expect(start(project, { signal: closing.signal })).rejects.toMatchObject({ code: "cancelled" });
  });
});
