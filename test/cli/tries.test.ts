import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onTestFinished, describe, expect, test } from "vitest";
import type { InstanceDetails, RecordedRun, RunRecord } from "#core/model/run.js";
import { until } from "../support/until.js";
import { type Started, runCli, startCli, tempProject } from "./support/cliProcess.js";

/** Instance `bad` fails, twice; what is mapped over is told by a file. */
const steered = `import { readFileSync } from "node:fs";
import { dag, task } from "fanout";
const given = () => JSON.parse(readFileSync("given.json", "utf8"));
const list = task({ task_id: "list" }, () => given().list);
const work = task({ task_id: "work", retries: 1, retry_delay: 0 }, ({ x }: { x: number }, { ti }: any) => {
  console.log(\`x=\${x} try=\${ti.try_number}\`);
  if (given().bad === x) throw new Error("bad");
  return x * 10;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
export default dag({ dag_id: "steered", schedule: null }, () => {
  total({ values: work.expand({ x: list() }) });
});
`;

/** Instances write down that they run, and wait until they are ended. */
const waiting = `import { writeFileSync } from "node:fs";
import { dag, task } from "fanout";
const wait = task({ task_id: "wait" }, async () => {
  writeFileSync("running.txt", "");
  await new Promise((resolve) => setTimeout(resolve, 1_000_000));
});
export default dag({ dag_id: "waiting", schedule: null }, () => {
  wait();
});
`;

class Steered {
  readonly dir: string;

  constructor(file: string) {
    const { dir, remove } = tempProject({ "some.dag.ts": file });
    this.dir = dir;
    onTestFinished(remove);
  }

  path(name: string): string {
    return path.join(this.dir, name);
  }

  give(value: unknown): void {
    writeFileSync(this.path("given.json"), JSON.stringify(value));
  }

  /** Other code that does the same. */
  changeCode(): void {
    const file = this.path("some.dag.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("return x * 10", "return 10 * x"));
  }

  run(...args: string[]): ReturnType<typeof runCli> {
    return runCli(args, this.dir);
  }

  async json(...args: string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(...args, "--format", "json");
    expect([code, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout);
  }

  /** Until an instance runs. */
  async start(): Promise<Started> {
    const started = startCli(["run", "some.dag.ts"], this.dir);
    onTestFinished(async () => {
      started.child.kill("SIGKILL");
      await started.ended;
    });
    await until(() => existsSync(this.path("running.txt")));
    return started;
  }
}

describe("earlier tries", () => {
  test("stay with how they ended, what they wrote and the code that ran them", async () => {
    const project = new Steered(steered);
    project.give({ list: [1, 2], bad: 2 });
    expect((await project.run("run", "some.dag.ts")).code).toBe(1);
    project.give({ list: [1, 2] });
    project.changeCode();
    const cleared = await project.run("clear", "latest", "work", "--map-index", "1", "--downstream", "--yes");
    expect(cleared.code).toBe(0);
    const shown = (await project.json("show", "latest", "work", "--map-index", "1")) as InstanceDetails;
    expect(shown).toMatchObject({ try_number: 3, state: "success", error: null });
    expect(shown.tries).toMatchObject([
      { try_number: 1, state: "failed", error: { code: "task-failed" } },
      { try_number: 2, state: "failed", error: { code: "task-failed" } },
      { try_number: 3, state: "success", error: null },
    ]);
    const { code_versions } = (await project.json("show", "latest")) as RecordedRun;
    const [before, after, ...others] = code_versions.map(({ hash }) => hash);
    expect(others).toEqual([]);
    expect(shown.tries.map(({ code_hash }) => code_hash)).toEqual([before, before, after]);
    expect(before).not.toBe(after);
    const text = (await project.run("show", "latest", "work", "--map-index", "1")).stdout;
    expect(text).toMatch(/code changed between try 2 and try 3/);
    expect((await project.run("show", "latest")).stdout).toMatch(/code +1 change/);
  });

  test("are read with 'logs --try', of all instances that have had it", async () => {
    const project = new Steered(steered);
    project.give({ list: [1, 2], bad: 2 });
    await project.run("run", "some.dag.ts");
    const lines = async (...args: string[]): Promise<unknown> =>
      ((await project.json("logs", "latest", "work", ...args)) as { try_number: number; lines: string[] }[]).map(
        (one) => [one.try_number, one.lines[0]],
      );
    expect(await lines("--map-index", "1", "--try", "1")).toEqual([[1, "x=2 try=1"]]);
    expect(await lines("--try", "1")).toEqual([
      [1, "x=1 try=1"],
      [1, "x=2 try=1"],
    ]);
    expect(await lines("--try", "2")).toEqual([[2, "x=2 try=2"]]);
    expect(await lines()).toEqual([
      [1, "x=1 try=1"],
      [2, "x=2 try=2"],
    ]);
    const refused = await project.run("logs", "latest", "work", "--map-index", "0", "--try", "2");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(/^error (\S+)/.exec(refused.stderr)?.[1]).toBe("unknown-try");
    // The others had one.
    expect(refused.stderr).toContain("'work[0]'");
  });

  test("that were cleared and have not run again are still there to be read", async () => {
    const project = new Steered(steered);
    project.give({ list: [1], bad: 1 });
    await project.run("run", "some.dag.ts");
    // The source fails now, so that what was cleared behind it does not run.
    project.give(null);
    expect((await project.run("clear", "latest", "--yes")).code).toBe(1);
    const shown = (await project.json("show", "latest", "total")) as InstanceDetails;
    expect(shown).toMatchObject({ state: "upstream_failed", tries: [] });
    const list = (await project.json("show", "latest", "list")) as InstanceDetails;
    expect(list.tries).toMatchObject([{ state: "success" }, { state: "failed" }]);
    const [log] = (await project.json("logs", "latest", "list", "--try", "1")) as { try_number: number }[];
    expect(log).toMatchObject({ try_number: 1, lines: [] });
  });
});

describe("how long a task took", () => {
  test("is the same in the report of a run that went on and in its record", async () => {
    const project = new Steered(steered);
    project.give({ list: [1, 2, 3] });
    const ran = await project.run("run", "some.dag.ts");
    const shown = await project.run("show", "latest");
    const cleared = await project.run("clear", "latest", "work", "--map-index", "1", "--yes");
    const shownAgain = await project.run("show", "latest");
    for (const [report, record] of [
      [ran, shown],
      [cleared, shownAgain],
    ] as const) {
      const [, took] = /^✓ work \[3\] +(\S+ m?s)/m.exec(report.stdout) ?? [];
      expect(/^✓ work \[3\] .* (\S+ m?s)$/m.exec(record.stdout)?.[1]).toBe(took);
      expect(took).toBeDefined();
    }
  });
});

describe("what has no state", () => {
  test("is named where it shall be marked, and nothing is changed", async () => {
    const project = new Steered(steered);
    project.give({ list: [1] });
    await project.run("run", "some.dag.ts", "--task", "work");
    const before = await project.json("show", "latest");
    const ended = await project.run("mark", "latest", "total", "--yes", "--state", "success");
    expect([ended.code, ended.stdout.includes("'total'")]).toEqual([0, true]);
    expect(await project.json("show", "latest")).toEqual(before);
  });
});

describe("instances that a map has no longer", () => {
  test("are shown as removed, with their logs, and belong to no result", async () => {
    const project = new Steered(steered);
    project.give({ list: [1, 2, 3] });
    await project.run("run", "some.dag.ts");
    project.give({ list: [1, 2] });
    expect((await project.run("clear", "latest", "list", "--yes")).code).toBe(0);
    expect(await project.json("show", "latest", "work")).toMatchObject({
      count: 2,
      counts: { success: 2, removed: 1 },
    });
    const at = ["latest", "work", "--map-index", "2"] as const;
    expect(await project.json("show", ...at)).toMatchObject({ state: "removed", tries: [{ try_number: 1 }] });
    expect(await project.json("logs", ...at)).toMatchObject([{ map_index: 2, lines: ["x=3 try=1"] }]);
    expect(await project.json("xcom", "latest", "work")).toEqual([10, 20]);
    expect((await project.run("show", "latest")).stdout).toMatch(/work \[2\].*2 success · 1 removed/);
    expect((await project.run("clear", ...at, "--yes")).stderr).toContain("error unknown-map-index  ");
    await project.run("clear", "latest", "total", "--yes");
    expect(await project.json("show", "latest", "total")).toMatchObject({ rendered: { values: [10, 20] }, xcom: 2 });
  });
});

describe("a run that did not come to its end", () => {
  test.each([["cancelled"], ["lost"]])("says so where it was %s, and how it goes on", async (stopped) => {
    const project = new Steered(waiting);
    const { child, ended } = await project.start();
    if (stopped === "lost") child.kill("SIGKILL");
    else expect((await project.run("cancel", "latest")).code).toBe(0);
    await ended;
    const [run] = (await project.json("runs")) as RunRecord[];
    expect(run).toMatchObject({ state: "failed", stopped, resumable: true });
    const shown = (await project.json("show", "latest")) as RecordedRun;
    expect(shown).toMatchObject({ state: "failed", stopped });
    expect(shown.error?.advice).toContain(`fanout resume ${shown.run_id}`);
    expect((await project.run("runs")).stdout).toMatch(new RegExp(`waiting +${stopped} .*\\n.*fanout resume`));
    const text = (await project.run("show", "latest")).stdout;
    expect(text).toContain(`failed (${stopped})`);
    // What ran when its run was lost, its record may not know yet.
    if (stopped === "cancelled") expect(text).toMatch(/wait +cancelled/);
    expect(text).toContain(`fanout resume ${shown.run_id}`);
  });

  test("tells of what ran when it was lost that it does so no longer", async () => {
    const project = new Steered(waiting);
    const { child, ended } = await project.start();
    const shown = () => project.json("show", "latest", "wait") as Promise<InstanceDetails>;
    while ((await shown()).state !== "running");
    expect(await shown()).not.toHaveProperty("lost");
    child.kill("SIGKILL");
    await ended;
    expect(await shown()).toMatchObject({ state: "running", lost: true });
    const { tasks } = (await project.json("show", "latest")) as RecordedRun;
    expect(tasks.map(({ task_id, instances }) => [task_id, instances[0]?.lost])).toContainEqual(["wait", true]);
    expect((await project.run("show", "latest")).stdout).toMatch(/wait +lost/);
    expect((await project.run("show", "latest", "wait")).stdout).toMatch(/state +lost/);
  });

  test("is one that ended by itself once it was resumed", async () => {
    const project = new Steered(waiting);
    const { child, ended } = await project.start();
    // The record knows it, too: only then there is a try to tell of.
    while (((await project.json("show", "latest", "wait")) as InstanceDetails).state !== "running");
    child.kill("SIGKILL");
    await ended;
    const file = project.path("some.dag.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("1_000_000", "0"));
    expect((await project.run("resume", "latest")).code).toBe(0);
    expect(await project.json("runs")).toMatchObject([{ state: "success", stopped: null, resumable: false }]);
    const { tries } = (await project.json("show", "latest", "wait")) as InstanceDetails;
    expect(tries).toMatchObject([{ state: "failed", error: { code: "worker-died" } }, { state: "success" }]);
    expect(new Set(tries.map(({ code_hash }) => code_hash)).size).toBe(2);
  });
});
