import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRunEvent } from "#core/protocol/modelGuards.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { adder, endless, failing, many, stubborn } from "./support/dags.js";
import { runCli, startCli, tempProject } from "./support/cliProcess.js";

const project = tempProject({
  "dags/adder.dag.ts": adder,
  "dags/failing.dag.ts": failing,
  "dags/endless.dag.ts": endless,
  "dags/many.dag.ts": many,
  "dags/stubborn.dag.ts": stubborn,
});
const { dir } = project;
afterAll(project.remove);

function eventsOf(stdout: string): RunEvent[] {
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const event: unknown = JSON.parse(line);
      if (!isRunEvent(event)) throw new Error(`not a run event: ${line}`);
      return event;
    });
}

describe("a run that goes well", () => {
  test("ends with 0 and shows every instance with its input and result", async () => {
    const { code, stdout, stderr } = await runCli(["run", "dags/adder.dag.ts"], dir);
    expect([code, stderr]).toEqual([0, ""]);
    for (const row of [/0\s+✓ success.*x: 1\s+11/, /1\s+✓ success.*x: 2\s+12/, /2\s+✓ success.*x: 3\s+13/]) {
      expect(stdout).toMatch(row);
    }
    expect(stdout).toContain("add [3]");
    expect(stdout).toMatch(/total .*→ 36/);
    expect(stdout).toContain("fanout logs latest add --map-index 0");
  });

  test("prints what every instance wrote where logs are asked for", async () => {
    const { stdout } = await runCli(["run", "dags/adder.dag.ts", "--logs"], dir);
    for (const line of ["add[0] │ 1 + 10 = 11", "add[1] │ 2 + 10 = 12", "add[2] │ 3 + 10 = 13"]) {
      expect(stdout).toContain(line);
    }
  });

  test("prints nothing but its events for programs", async () => {
    const { code, stdout, stderr } = await runCli(["run", "dags/adder.dag.ts", "--format", "ndjson"], dir);
    expect([code, stderr]).toEqual([0, ""]);
    const events = eventsOf(stdout);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]).toMatchObject({ type: "run_started", dag_id: "adder" });
    expect(events.filter((event) => event.type === "task_expanded")).toMatchObject([{ task_id: "add", count: 3 }]);
    expect(events.at(-1)).toMatchObject({ type: "run_finished", state: "success", cancelled: false });
  });

  test("is for the date that was asked for", async () => {
    const { stdout } = await runCli(
      ["run", "dags/adder.dag.ts", "--logical-date", "2022-04-02T06:00:00Z", "--format", "ndjson"],
      dir,
    );
    const [started] = eventsOf(stdout);
    if (started?.type !== "run_started") throw new Error("the first event is not the run's start");
    expect(new Date(started.logical_date).toISOString()).toBe("2022-04-02T06:00:00.000Z");
  });

  test("says how to reach its history from another folder", async () => {
    const { stdout } = await runCli(["run", path.join(dir, "dags/adder.dag.ts")], path.dirname(dir));
    expect(stdout).toContain(`FANOUT_HOME=${path.basename(dir)}/.fanout fanout logs latest add`);
  });
});

describe("a run that fails", () => {
  let ended: Awaited<ReturnType<typeof runCli>>;
  beforeAll(async () => {
    ended = await runCli(["run", "dags/failing.dag.ts"], dir);
  });

  test("ends with 1", () => {
    expect(ended.code).toBe(1);
  });

  test("shows the failing instance, its code and its place in the TypeScript source", () => {
    expect(ended.stdout).toContain("check[1] failed task-failed");
    expect(ended.stdout).toContain("dags/failing.dag.ts:4:");
    expect(ended.stdout).toContain('4 │   if (x === 2) throw new Error("two is not allowed");');
    expect(ended.stdout).toContain("fanout logs latest check --map-index 1");
  });

  test("shows the other instances and what could not run", () => {
    expect(ended.stdout).toMatch(/0\s+✓ success/);
    expect(ended.stdout).toMatch(/1\s+✗ failed/);
    expect(ended.stdout).toMatch(/2\s+✓ success/);
    expect(ended.stdout).toMatch(/⊘ after.*upstream_failed/);
  });

  test("shows no frame of ours or of Node's", () => {
    expect(ended.stdout + ended.stderr).not.toMatch(/dist\/runtime|node:internal|\.fanout\//);
  });
});

describe("a large run", () => {
  let stdout: string;
  beforeAll(async () => {
    ({ stdout } = await runCli(["run", "dags/many.dag.ts"], dir));
  });

  test("shows as many instances as fit, failing ones first, and how to see the others", () => {
    const rows = [...stdout.matchAll(/^\s+(\d+)\s+[✓✗] /gm)].map(([, index]) => Number(index));
    expect(rows).toEqual([...Array.from({ length: 18 }, (_, index) => index), 30, 35]);
    expect(stdout).toMatch(/20 more: fanout show \S+ work/);
  });

  test("shows a cause once, with every instance that it made fail", () => {
    expect(stdout).toContain("work[30] failed task-failed");
    expect(stdout).toContain("also: work[35]");
    expect(stdout).not.toContain("work[35] failed task-failed");
  });

  test("shows how often an instance was tried, and what had nothing to map over", () => {
    expect(stdout).toMatch(/30\s+✗ failed\s+2\s/);
    expect(stdout).toMatch(/– never \[0\].*skipped/);
  });
});

/** Waits for the process to have written something that matches. */
async function until(started: ReturnType<typeof startCli>, pattern: RegExp): Promise<void> {
  while (!pattern.test(started.stdout())) {
    await new Promise((resolve) => started.child.stdout?.once("data", resolve));
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === "win32")("Ctrl-C", () => {
  test("cancels the run, keeps its record and says so", async () => {
    const started = startCli(["run", "dags/endless.dag.ts", "--format", "ndjson"], dir);
    await until(started, /"state":"running","try_number"/);
    started.child.kill("SIGINT");
    const { code, stdout, stderr } = await started.ended;
    expect(code).toBe(1);
    expect(stderr).not.toBe("");
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: "run_finished", state: "failed", cancelled: true });
    const show = await runCli(["show", "latest", "--format", "json"], dir);
    expect(JSON.parse(show.stdout)).toMatchObject({ dag_id: "endless", state: "failed" });
  });

  test("a second time ends the command at once, and with it what would not leave", async () => {
    const started = startCli(["run", "dags/stubborn.dag.ts", "--parallelism", "2", "--format", "ndjson"], dir);
    await until(started, /"task_id":"quick","state":"success"/);
    const workers = ["wait", "quick"].map((task) => Number(readFileSync(path.join(dir, `${task}.pid`), "utf8")));
    started.child.kill("SIGINT");
    await new Promise((resolve) => started.child.stderr?.once("data", resolve));
    started.child.kill("SIGINT");
    expect((await started.ended).code).toBe(130);
    while (workers.some(isAlive)) await pause();
  });

  test("while the file is still being loaded ends at once and leaves nothing behind", async () => {
    const marker = path.join(dir, "loading");
    const looping = tempProject({
      "loop.dag.ts": `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(marker)}, String(process.pid));
for (;;);
`,
    });
    const started = startCli(["run", "loop.dag.ts"], looping.dir);
    while (!existsSync(marker) || readFileSync(marker, "utf8") === "") await pause();
    const worker = Number(readFileSync(marker, "utf8"));
    started.child.kill("SIGINT");
    expect((await started.ended).code).toBe(130);
    expect(existsSync(path.join(looping.dir, ".fanout/runs"))).toBe(false);
    while (isAlive(worker)) await pause();
    looping.remove();
  });
});
