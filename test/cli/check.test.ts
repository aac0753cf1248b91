import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adder } from "./support/dags.js";
import { runCli, tempProject } from "./support/cliProcess.js";

const wrong = `import { dag, task } from "fanout";
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
export default dag({ dag_id: "wrong", schedule: null }, () => {
  add.partial({ y: 10 }).expand({ x: [1], pool: ["a"] });
});
`;
const twice = `import { dag, task } from "fanout";
const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
export default dag({ dag_id: "twice", schedule: null }, () => {
  add.expand({ x: [1] });
  add.partial({ x: 1 });
});
`;

const project = tempProject({
  "dags/adder.dag.ts": adder,
  "dags/wrong.dag.ts": wrong,
  "warned/package.json": JSON.stringify({ fanout: { rules: { "never-expanded": "warning" } } }),
  "warned/twice.dag.ts": twice,
  "no-dags/other.ts": "export const x = 1;\n",
});
const { dir } = project;
afterAll(project.remove);

describe("check", () => {
  test("exits with 0 where there is nothing to say", async () => {
    expect(await runCli(["check", "dags/adder.dag.ts"], dir)).toMatchObject({ code: 0, stderr: "" });
    expect(await runCli(["check", "dags/adder.dag.ts", "--format", "json"], dir)).toMatchObject({ stdout: "[]\n" });
  });

  test("exits with 1 for an error, and shows it in its line", async () => {
    const { code, stdout } = await runCli(["check", "dags"], dir);
    expect(code).toBe(1);
    expect(stdout).toContain("error dags/wrong.dag.ts:4:43  unmappable-parameter");
    expect(stdout).toContain('4 │   add.partial({ y: 10 }).expand({ x: [1], pool: ["a"] });');
  });

  test("prints problems with their ranges for programs", async () => {
    const { code, stdout } = await runCli(["check", "dags", "--format", "json"], dir);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        file: path.join(dir, "dags/wrong.dag.ts"),
        ...{ line: 4, column: 43, endLine: 4, endColumn: 47 },
        code: "unmappable-parameter",
        severity: "error",
      },
    ]);
  });

  test("looks in the current folder where no path is given", async () => {
    expect((await runCli(["check"], path.join(dir, "dags"))).code).toBe(1);
    expect((await runCli(["check"], path.join(dir, "no-dags"))).code).toBe(0);
  });
});

describe("graph", () => {
  test("is mermaid text, read or executed", async () => {
    const read = await runCli(["graph", "dags/adder.dag.ts"], dir);
    const exact = await runCli(["graph", "dags/adder.dag.ts", "--exact"], dir);
    expect(read).toMatchObject({ code: 0, stderr: "" });
    expect(read.stdout).toMatch(/^flowchart /);
    expect(exact.stdout).toBe(read.stdout);
  });

  test("is the DAG model for programs, which says how it was made", async () => {
    const origins = await Promise.all(
      [["--exact"], []].map(async (flags) => {
        const { stdout } = await runCli(["graph", "dags/adder.dag.ts", "--format", "json", ...flags], dir);
        return JSON.parse(stdout) as { origin: string; tasks: object[] };
      }),
    );
    expect(origins).toMatchObject([
      { origin: "executed", tasks: [{ task_id: "add" }, { task_id: "total" }] },
      { origin: "read", tasks: [{ task_id: "add" }, { task_id: "total" }] },
    ]);
  });
});

test("list names the DAGs of a folder", async () => {
  const { code, stdout } = await runCli(["list", "dags", "--format", "json"], dir);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { dag_id: "adder", file: path.join(dir, "dags/adder.dag.ts"), schedule: null, tasks: 2, mapped_tasks: 1 },
    { dag_id: "wrong" },
  ]);
});
