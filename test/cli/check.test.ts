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
});
const { dir } = project;
afterAll(project.remove);

describe("check", () => {
  test("exits with 0 where there is nothing to say", async () => {
    expect(await runCli(["check", "dags/adder.dag.ts"], dir)).toMatchObject({ code: 0, stderr: "" });
  });

  test("exits with 1 for an error, and shows it in its line", async () => {
    const { code, stdout } = await runCli(["check", "dags"], dir);
    expect(code).toBe(1);
    expect(stdout).toContain("error dags/wrong.dag.ts:4:43  unmappable-parameter");
    expect(stdout).toContain('4 │   add.partial({ y: 10 }).expand({ x: [1], pool: ["a"] });');
  });

  test("looks in the current folder where no path is given, and prints ranges for programs", async () => {
    const { code, stdout } = await runCli(["check", "--format", "json"], path.join(dir, "dags"));
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

  test("lets as many warnings pass as it is told", async () => {
    const codes = [[], ["--max-warnings", "1"], ["--max-warnings", "0"]].map(async (flags) => {
      return (await runCli(["check", "warned", ...flags], dir)).code;
    });
    expect(await Promise.all(codes)).toEqual([0, 0, 1]);
  });
});

test("graph is the same, read or executed, and says which of them it is", async () => {
  const read = await runCli(["graph", "dags/adder.dag.ts"], dir);
  const exact = await runCli(["graph", "dags/adder.dag.ts", "--exact"], dir);
  expect(read).toMatchObject({ code: 0, stderr: "" });
  expect(read.stdout).toMatch(/^flowchart /);
  expect(exact.stdout).toBe(read.stdout);
  const model = await runCli(["graph", "dags/adder.dag.ts", "--exact", "--format", "json"], dir);
  expect(JSON.parse(model.stdout)).toMatchObject({
    origin: "executed",
    tasks: [{ task_id: "add" }, { task_id: "total" }],
  });
});
