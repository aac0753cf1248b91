import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adder, failing } from "./support/dags.js";
import { runCli, tempProject } from "./support/cliProcess.js";

const project = tempProject({ "adder.dag.ts": adder, "failing.dag.ts": failing });
const { dir } = project;
afterAll(project.remove);

beforeAll(async () => {
  await runCli(["run", "failing.dag.ts"], dir);
  await runCli(["run", "adder.dag.ts"], dir);
});

async function jsonOf(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runCli([...args, "--format", "json"], dir);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

async function textOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, dir);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("runs", () => {
  test("are listed newest first", async () => {
    expect(await jsonOf("runs")).toMatchObject([
      { dag_id: "adder", state: "success" },
      { dag_id: "failing", state: "failed" },
    ]);
    expect(await textOf("runs")).toMatch(/adder\s+success[\s\S]*failing\s+failed/);
  });

  test("of one DAG can be picked out", async () => {
    expect(await jsonOf("runs", "--dag-id", "failing")).toMatchObject([{ dag_id: "failing" }]);
  });
});

describe("show", () => {
  test("a run by its id, or the latest", async () => {
    const [, older] = (await jsonOf("runs")) as { run_id: string }[];
    expect(await jsonOf("show", older?.run_id ?? "")).toMatchObject({ dag_id: "failing", state: "failed" });
    expect(await jsonOf("show", "latest")).toMatchObject({
      dag_id: "adder",
      tasks: [
        { task_id: "add", mapped: true, count: 3, instances: [{ map_index: 0 }, { map_index: 1 }, { map_index: 2 }] },
        { task_id: "total", mapped: false, instances: [{ map_index: -1 }] },
      ],
    });
    expect(await textOf("show", "latest")).toContain("add [3]");
  });

  test("a mapped task with all its instances", async () => {
    expect(await jsonOf("show", "latest", "add")).toMatchObject({ task_id: "add", counts: { success: 3 } });
    expect(await textOf("show", "latest", "add")).toMatch(/1\s+✓ success.*x: 2\s+12/);
  });

  test("one instance with its inputs and result", async () => {
    expect(await jsonOf("show", "latest", "add", "--map-index", "2")).toMatchObject({
      map_index: 2,
      rendered: { x: 3, y: 10 },
      xcom: 13,
      error: null,
    });
    expect(await textOf("show", "latest", "total")).toContain("36");
  });

  test("why an instance failed, and where", async () => {
    const [, older] = (await jsonOf("runs")) as { run_id: string }[];
    const run = await textOf("show", older?.run_id ?? "");
    expect(run).toContain("check[1] failed task-failed");
    const text = await textOf("show", older?.run_id ?? "", "check", "--map-index", "1");
    expect(text).toContain("task-failed");
    expect(text).toContain("failing.dag.ts:4:");
  });
});

describe("logs", () => {
  test("of one instance as they were written", async () => {
    expect(await textOf("logs", "latest", "add", "--map-index", "1")).toBe("2 + 10 = 12\n");
  });

  test("of all instances, each line with its instance", async () => {
    expect(await textOf("logs", "latest", "add")).toBe(
      "add[0] │ 1 + 10 = 11\nadd[1] │ 2 + 10 = 12\nadd[2] │ 3 + 10 = 13\n",
    );
    expect(await jsonOf("logs", "latest", "add")).toEqual(
      [1, 2, 3].map((x, map_index) => ({ map_index, try_number: 1, lines: [`${x} + 10 = ${x + 10}`] })),
    );
  });
});

describe("xcom", () => {
  test("is the value itself", async () => {
    expect(await jsonOf("xcom", "latest", "add")).toEqual([11, 12, 13]);
    expect(await jsonOf("xcom", "latest", "add", "--map-index", "0")).toBe(11);
    expect(await jsonOf("xcom", "latest", "total")).toBe(36);
  });
});

describe("what is not there", () => {
  test.each([
    [["show", "never"], "unknown-run"],
    [["show", "../../etc"], "unknown-run"],
    [["logs", "latest", "nobody"], "unknown-task"],
    [["xcom", "latest", "add", "--map-index", "3"], "unknown-map-index"],
    [["show", "latest", "total", "--map-index", "0"], "unknown-map-index"],
  ])("%j", async (args, code) => {
    const ended = await runCli(args, dir);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(new RegExp(`^error ${code}  `));
  });
});
