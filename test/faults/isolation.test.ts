import { describe, expect, it } from "vitest";
import type { RunErrorCode } from "#core/errorCodes.js";
import { campaign } from "../support/campaign.js";
import { type FinishedRun, Project, dagSource, runToEnd } from "../runtime/support/project.js";

const MB = 2 ** 20;
const COUNT = 8;
/** The index of the instance that misbehaves. */
const BAD = 3;

interface Case {
  /** What the misbehaving instance does, with `x` at hand. */
  readonly body: string;
  readonly config?: Readonly<Record<string, number>>;
  readonly options?: string;
}

/** A mapped task of which one instance does what the case says, and all the others return twice what they get. */
async function runCase({ body, config = {}, options = "" }: Case): Promise<FinishedRun> {
  const project = new Project({
    "fanout.config.json": JSON.stringify(config),
    "dag.ts": dagSource(
      `import { execSync } from "node:child_process"; import fs from "node:fs"; import os from "node:os";
       const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
       const work = task({ task_id: "work"${options} }, async ({ x }: { x: number }): Promise<unknown> => {
         console.log("begin", x);
         if (x === ${BAD}) { ${body}; }
         return x * 2;
       });
       const after = task({ task_id: "after", trigger_rule: "all_done" }, ({ values }: { values: readonly unknown[] }) => values.length);`,
      `after({ values: work.expand({ x: [${Array.from({ length: COUNT }, (_, x) => x).join(", ")}] }) });`,
    ),
  });
  return await runToEnd(project);
}

/** Nothing of the others is touched by it: their states, results and logs. */
function expectOthersUntouched(run: FinishedRun): void {
  for (let x = 0; x < COUNT; x++) {
    if (x === BAD) continue;
    expect(run.instance("work", x)).toMatchObject({ state: "success", try_number: 1 });
    expect(run.xcom("work", x)).toBe(x * 2);
    expect(run.log("work", x)).toBe(`begin ${x}\n`);
  }
  expect(run.instance("after").state).toBe("success");
}

const TIMEOUT = ", execution_timeout: 0.5";
const BUFFERS_MB = campaign({ small: 512, middle: 2560, full: 2560 });

const FATAL: Readonly<Record<string, Case & { readonly code: RunErrorCode; readonly log: RegExp }>> = {
  throws: { body: `throw new Error("boom")`, code: "task-failed", log: /Error: boom/ },
  "throws late": {
    ...{ body: `setTimeout(() => { throw new Error("late"); }, 5); await wait(60_000)`, code: "task-failed" },
    log: /Error: late/,
  },
  "leaves a rejection unhandled": {
    ...{ body: `void Promise.reject(new Error("nobody")); await wait(60_000)`, code: "task-failed" },
    log: /Error: nobody/,
  },
  "calls process.exit": { body: `process.exit(3)`, code: "worker-died", log: /exit code 3/ },
  "calls process.exit with 0": { body: `process.exit(0)`, code: "worker-died", log: /exit code 0/ },
  "calls process.abort": { body: `process.abort()`, code: "worker-died", log: /SIGABRT/ },
  "hits a segmentation fault": {
    ...{ body: `process.kill(process.pid, "SIGSEGV"); await wait(60_000)`, code: "worker-died", log: /SIGSEGV/ },
  },
  "is killed": {
    body: `process.kill(process.pid, "SIGKILL"); await wait(60_000)`,
    code: "worker-died",
    log: /SIGKILL/,
  },
  "loops for ever": { body: `while (true);`, options: TIMEOUT, code: "task-timeout", log: /execution_timeout/ },
  "backtracks for ever": {
    ...{ body: `/^(a+)+$/.test("a".repeat(60) + "!")`, options: TIMEOUT, code: "task-timeout" },
    log: /execution_timeout/,
  },
  "waits for a child for too long": {
    ...{ body: `execSync("sleep 60")`, options: TIMEOUT, code: "task-timeout", log: /execution_timeout/ },
  },
  "fills the heap": {
    ...{ body: `const all: unknown[] = []; for (;;) all.push(new Array(10_000).fill({ x }))`, code: "memory-exceeded" },
    ...{ config: { workerMemoryMb: 400 }, log: /JavaScript heap out of memory[^]*workerMemoryMb|heap was full/ },
  },
  [`holds ${BUFFERS_MB} MB of buffers`]: {
    body: `const all = Array.from({ length: ${BUFFERS_MB / 32} }, () => Buffer.alloc(${32 * MB}, 1)); await wait(60_000); all.at(0)`,
    ...{ config: BUFFERS_MB > 2048 ? {} : { workerMemoryMb: 256 }, code: "memory-exceeded", log: /MB of memory/ },
  },
  "returns a result of 200 MB": {
    ...{ body: `return "x".repeat(${200 * MB})`, code: "result-too-large", log: /100 MB/ },
  },
  "pushes a value of 200 MB": {
    body: `(await import("fanout")).get_current_context().ti.xcom_push({ key: "k", value: "x".repeat(${200 * MB}) })`,
    ...{ code: "result-too-large", log: /100 MB/ },
  },
};

describe("an instance that", () => {
  it.each(Object.entries(FATAL))("%s ends alone, with the reason in its state and log", async (_, wanted) => {
    const run = await runCase(wanted);
    const bad = run.instance("work", BAD);
    expect(bad).toMatchObject({ state: "failed", error: { code: wanted.code } });
    expect(run.log("work", BAD)).toMatch(wanted.log);
    expect(run.log("work", BAD).startsWith(`begin ${BAD}\n`)).toBe(true);
    expectOthersUntouched(run);
    expect(run.xcom("after")).toBe(COUNT - 1);
  });
});

describe("what an instance does after it has ended", () => {
  /** The first of three instances does something late, when the second one runs in its process; each returns its process. */
  async function lateRun(late: string, options = ""): Promise<FinishedRun> {
    const project = new Project();
    project.write({
      "dag.ts": dagSource(
        `import fs from "node:fs";
         const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
         const [begun, done] = ${JSON.stringify([project.path("begun"), project.path("done")])};
         const fail = () => { throw new Error("too late"); };
         const later = (work: () => void) => {
           const timer = setInterval(() => {
             if (!fs.existsSync(begun)) return;
             clearInterval(timer);
             fs.writeFileSync(done, "");
             work();
           }, 1);
         };
         const work = task({ task_id: "work"${options} }, async ({ x }: { x: number }, { ti }) => {
           console.log("begin", x);
           if (x === 0 && ti.try_number === 1) { ${late}; }
           else if (x < 2) { fs.writeFileSync(begun, ""); while (!fs.existsSync(done)) await wait(1); await wait(20); }
           return process.pid;
         });`,
        `work.expand({ x: [0, 1, 2] });`,
      ),
    });
    return runToEnd(project, { parallelism: 1 });
  }

  it.each([
    ["throws", `later(fail)`, /Error: too late/],
    ["throws again and again", `later(() => { setInterval(fail, 1); fail(); })`, /Error: too late/],
    ["is rejected", `later(() => void wait(1).then(fail))`, /Error: too late/],
    ["leaves", `later(() => process.exit(3))`, /exit code 3/],
  ])("and %s stands in its log and is no concern of the one that runs then", async (_, late, text) => {
    const run = await lateRun(late);
    expect(run.result.state).toBe("success");
    expect(run.instance("work", 0).state).toBe("success");
    expect(run.log("work", 0)).toMatch(text);
    expect(run.log("work", 0).split("too late").length).toBeLessThan(3);
    expect(run.log("work", 0).startsWith("begin 0\n")).toBe(true);
    for (const x of [1, 2]) {
      expect(run.instance("work", x)).toMatchObject({ state: "success", try_number: 1 });
      expect(run.log("work", x)).toBe(`begin ${x}\n`);
    }
    // Its process may be in any state, and is used no longer.
    expect(run.xcom("work", 1)).toBe(run.xcom("work", 0));
    expect(run.xcom("work", 2)).not.toBe(run.xcom("work", 1));
  });

  it("stands in the log of its own try", async () => {
    const run = await lateRun(`later(fail); throw new Error("in time")`, ", retries: 1, retry_delay: 0");
    expect(run.result.state).toBe("success");
    expect(run.instance("work", 0)).toMatchObject({ state: "success", try_number: 2 });
    expect(run.log("work", 0, 1)).toMatch(/^begin 0\n[^]*Error: in time[^]*Error: too late/);
    expect(run.log("work", 0, 2)).toBe("begin 0\n");
    expect(run.log("work", 1)).toBe("begin 1\n");
  });
});

describe("what an instance does to its process", () => {
  it.each([
    ["goes to another folder", `process.chdir(os.tmpdir())`],
    [
      "goes to a folder that is gone",
      `const gone = fs.mkdtempSync(os.tmpdir() + "/gone-"); process.chdir(gone); fs.rmdirSync(gone)`,
    ],
  ])("and %s is of no concern to the next one", async (_, body) => {
    const folders = `const folders = task({ task_id: "folders" }, async (_: { x: unknown }) => process.cwd());`;
    const project = new Project();
    project.write({
      "dag.ts": dagSource(
        `import fs from "node:fs"; import os from "node:os";
         const move = task({ task_id: "move" }, () => { ${body}; });
         ${folders}`,
        `chain(move(), folders.expand({ x: [1, 2, 3] }));`,
      ),
    });
    const run = await runToEnd(project, { parallelism: 1 });
    expect(run.result.state).toBe("success");
    expect(run.xcom("folders")).toEqual([process.cwd(), process.cwd(), process.cwd()]);
  });

  it("such as writing into its descriptors leaves the engine's channels alone", async () => {
    const garbage = String.raw`["garbage", "garbage\n", "R[1,2\tx\n", "C\n", "E\n", "F\n", "J\n", "L{}\n", "P[0,0,1]\n", "P5\n", "X[0]\n", "\n\n", "y".repeat(1_000_000)]`;
    const run = await runCase({
      body: `for (let fd = 3; fd <= 7; fd++) for (const text of ${garbage}) for (const sign of ["", "\\x1e", "\\x1e1:"]) {
          try { fs.writeSync(fd, sign + text); } catch {}
        }
        fs.writeSync(1, "mine\\n"); fs.writeSync(2, "mine too\\n")`,
    });
    expect(run.instance("work", BAD).state).toBe("success");
    expect(run.xcom("work", BAD)).toBe(BAD * 2);
    expect(run.log("work", BAD)).toBe(`begin ${BAD}\nmine\nmine too\n`);
    expectOthersUntouched(run);
  });

  it.each([
    [
      "writing into every descriptor that there is",
      `fs.writeSync(fd, Buffer.alloc(4096, 0x1e)); fs.writeSync(fd, "R[]\\n")`,
    ],
    ["closing every descriptor that there is", `fs.closeSync(fd)`],
  ])("such as %s ends at most the instance itself", async (_, body) => {
    const run = await runCase({
      body: `for (let fd = 63; fd > 2; fd--) { try { ${body}; } catch {} } await wait(20)`,
      options: ", execution_timeout: 5",
    });
    expect(["success", "failed"]).toContain(run.instance("work", BAD).state);
    expectOthersUntouched(run);
  });
});

describe("what an instance prints", () => {
  const [size, logMb] = campaign<readonly [number, number | null]>({
    small: [8, 1],
    middle: [24, 1],
    full: [1024, null],
  });
  const config: Case["config"] = logMb === null ? {} : { logMb };
  const most = (logMb ?? 64) * MB;
  const line = `"${"x".repeat(1023)}"`;

  it.each([
    ["to the console", `for (let left = ${size * 1024}; left > 0; left--) console.log(${line})`],
    [
      "to the standard streams",
      `for (let left = ${size}; left > 0; left--) process.stderr.write(Buffer.alloc(${MB}, "x"))`,
    ],
    ["by the file descriptor", `for (let left = ${size}; left > 0; left--) fs.writeSync(1, Buffer.alloc(${MB}, "x"))`],
    ["by a child", `execSync("yes | head -c ${size * MB}", { stdio: "inherit" })`],
  ])(`%s is kept up to a cap, and says so where there is more`, async (_, body) => {
    const run = await runCase({ body, config });
    expect(run.instance("work", BAD).state).toBe("success");
    const log = run.log("work", BAD);
    expect(log.length).toBeGreaterThan(most / 2);
    expect(log.length).toBeLessThan(most + 2048);
    expect(log.slice(-400)).toContain("'logMb'");
    expectOthersUntouched(run);
  });

  it("past the console without end ends the instance before the disk is full", async () => {
    const run = await runCase({ body: `execSync("yes", { stdio: "inherit" })`, config: { logMb: 1 } });
    expect(run.instance("work", BAD)).toMatchObject({ state: "failed", error: { code: "log-exceeded" } });
    expect(run.log("work", BAD).length).toBeLessThan(MB + 2048);
    expectOthersUntouched(run);
  });
});

it("counts the time that an instance may take from its own start, not from that of its batch", async () => {
  // Quick instances first: the slow ones are then sent together.
  const slow = 8;
  const project = new Project({
    "dag.ts": dagSource(
      `const work = task({ task_id: "work", execution_timeout: 2.5 }, async ({ x }: { x: number }) => {
         if (x >= 400) await new Promise((resolve) => setTimeout(resolve, 500));
         return x;
       });`,
      `work.expand({ x: Array.from({ length: ${400 + slow} }, (_, x) => x) });`,
    ),
  });
  const run = await runToEnd(project, { parallelism: 1 });
  expect(run.task("work").counts).toEqual({ success: 400 + slow });
});
