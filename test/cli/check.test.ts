import path from "node:path";
import { readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import type { Log } from "sarif";
import type { CheckProblem } from "#core/protocol/batch.js";
import { afterAll, describe, expect, test } from "vitest";
import { adder } from "./support/dags.js";
import { root, runCli, tempProject } from "./support/cliProcess.js";

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

const fixable = `import { dag, task } from "fanout";
const nums = task({ task_id: "nums" }, () => [1]);
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
export default dag({ dag_id: "fixable", schedule: null }, () => {
  add.override({ task_id: "a" }).partial({ y: 1 }).expand({ x: nums });
  add.partial({ y: 2 }).expand({ x: [1], pool: ["gpu"] });
  add.partial({ y: 3 }).expand({ x: 5 });
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
  test("exits with 1 for an error, and shows it in its line", async () => {
    const { code, stdout } = await runCli(["check", "dags"], dir);
    expect(code).toBe(1);
    expect(stdout).toContain("error dags/wrong.dag.ts:4:43  unmappable-parameter");
    expect(stdout).toContain('4 │   add.partial({ y: 10 }).expand({ x: [1], pool: ["a"] });');
  });

  test("looks in the current folder where no path is given, prints ranges for programs, and exits with 0 for warnings", async () => {
    const { code, stdout, stderr } = await runCli(["check", "--format", "json"], path.join(dir, "warned"));
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        file: path.join(dir, "warned/twice.dag.ts"),
        ...{ line: 5, column: 3, endLine: 5, endColumn: 14 },
        code: "never-expanded",
        severity: "warning",
      },
    ]);
  });

  test("speaks the languages of code hosts and build servers", async () => {
    const sarif = await runCli(["check", "dags", "--format", "sarif"], dir);
    const log = JSON.parse(sarif.stdout) as Log;
    expect([sarif.code, log.version]).toEqual([1, "2.1.0"]);
    expect(log.runs[0]?.results?.map(({ ruleId }) => ruleId)).toEqual(["unmappable-parameter"]);
    expect(log.runs[0]?.tool.driver.rules?.map(({ id }) => id)).toContain("unmappable-parameter");
    const junit = await runCli(["check", "dags", "--format", "junit"], dir);
    expect(junit.code).toBe(1);
    expect(junit.stdout.match(/<testcase /g)).toHaveLength(2);
    expect(junit.stdout.match(/<failure /g)).toHaveLength(1);
  });

  test("fixes what leaves nothing to decide, keeps the rest of the file, and says what it did and what is left", async () => {
    const own = tempProject({
      "fanout.config.json": '{ "pools": { "gpu": 1 } }',
      "fix.dag.ts": `\uFEFF${fixable.replaceAll("\n", "\r\n")}`,
      "dags/good.dag.ts": adder,
    });
    const file = path.join(own.dir, "fix.dag.ts");
    const found = await runCli(["check", "."], own.dir);
    expect([found.code, found.stdout.includes("--fix")]).toEqual([1, true]);
    const { code, stdout } = await runCli(["check", "--fix"], own.dir);
    expect([code, stdout.match(/^fixed fix\.dag\.ts:\d+:\d+ {2}/gm)?.length]).toEqual([1, 2]);
    expect(stdout).toContain("error fix.dag.ts:7:37  not-mappable");
    const fixed = fixable.replace("x: nums }", "x: nums() }").replace(', pool: ["gpu"] }', " }");
    const given = fixed.replace("add.partial({ y: 2 })", 'add.override({ pool: "gpu" }).partial({ y: 2 })');
    expect(readFileSync(file, "utf8")).toBe(`\uFEFF${given.replaceAll("\n", "\r\n")}`);
    const again = await runCli(["check", "--fix", "--format", "json"], own.dir);
    expect([again.code, again.stderr, (JSON.parse(again.stdout) as unknown[]).length]).toEqual([1, "", 2]);
    own.remove();
  });

  test.each([
    ["a rule that there is not", { rules: { "never-expandet": "off" } }],
    ["a severity that there is not", { rules: { cycle: "fatal" } }],
    ["a name that nothing reads", { maxMapLenght: 3 }],
  ])("refuses a configuration with %s, and says where", async (_name, configuration) => {
    const text = JSON.stringify(configuration, null, 2);
    const own = tempProject({ "fanout.config.json": text, "good.dag.ts": adder });
    const { code, stdout, stderr } = await runCli(["check"], own.dir);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^error invalid-option .*\n {2}at fanout\.config\.json:[23]:[35]\n/);
    own.remove();
  });

  test("executes files where it is asked to, and tells once of what reading knows already", async () => {
    const add = `import { dag, task } from "fanout";
export const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
`;
    const own = tempProject({
      "dags/tasks.ts": add,
      "dags/known.dag.ts": `${add}export default dag({ dag_id: "known" }, () => { add.expand({ x: 5 }); });\n`,
      "dags/suspected.dag.ts": `${add}const five: any = JSON.parse("5");
export default dag({ dag_id: "suspected" }, () => { add.expand({ x: five }); });\n`,
      "dags/throws.dag.ts": `${add}if (String(add) !== "") throw new Error("not here");\n`,
      "dags/two.dag.ts": `${add}const pool = String(JSON.parse('"gpu"'));
export const one = dag({ dag_id: "one" }, () => { add({ x: 1 }); });
export const two = dag({ dag_id: "two" }, () => { add.override({ pool })({ x: 1 }); });\n`,
    });
    const { code, stdout } = await runCli(["check", "--exact", "--format", "json"], own.dir);
    const problems = JSON.parse(stdout) as CheckProblem[];
    expect(code).toBe(1);
    expect(
      problems.map(({ file, line, code, severity, executed }) => [path.basename(file), line, code, severity, executed]),
    ).toEqual([
      ["known.dag.ts", 3, "not-mappable", "error", undefined],
      ["suspected.dag.ts", 4, "not-mappable", "error", true],
      ["throws.dag.ts", 3, "import-failed", "error", true],
      ["two.dag.ts", 5, "unknown-pool", "error", true],
    ]);
    const text = await runCli(["check", "dags/throws.dag.ts", "--exact"], own.dir);
    expect(text.stdout).toMatch(/^error dags\/throws\.dag\.ts:3:\d+ {2}import-failed \(executed\)$/m);
    own.remove();
  });

  const jq = spawnSync("jq", ["--version"]).status === 0;
  test.skipIf(!jq)("becomes annotations by the script that the documents show", () => {
    const documents = readFileSync(path.join(root, "docs/cli.md"), "utf8");
    const [, block = ""] =
      /<!-- executed: annotations -->\s*```yaml\n[\s\S]*?run: \|\n([\s\S]*?)```/.exec(documents) ?? [];
    const script = block.replace("npx fanout", `"${process.execPath}" "${path.join(root, "dist/runtime/cli.cjs")}"`);
    const { status, stdout } = spawnSync("bash", ["-c", script], { cwd: dir, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=dags\/wrong\.dag\.ts,line=4,col=43,title=unmappable-parameter::\S.*$/m);
    expect(stdout).toMatch(/^::warning file=warned\/twice\.dag\.ts,line=5,col=3,title=never-expanded::\S.*$/m);
  });

  test.each([
    ["1", 0],
    ["0", 1],
  ])("exits by the number of warnings that may pass: %s", async (most, code) => {
    expect((await runCli(["check", "warned", "--max-warnings", most], dir)).code).toBe(code);
  });
});

test("graph is the same, read or executed, and says which of them it is", async () => {
  const read = await runCli(["graph", "dags/adder.dag.ts"], dir);
  const exact = await runCli(["graph", "dags/adder.dag.ts", "--exact"], dir);
  expect(read).toMatchObject({ code: 0, stderr: "" });
  expect(read.stdout).toMatch(/^flowchart /);
  expect(exact.stdout).toBe(read.stdout);
  const drawn = await runCli(["graph", "dags/adder.dag.ts", "--format", "svg"], dir);
  expect(drawn).toMatchObject({ code: 0, stderr: "" });
  expect(drawn.stdout).toMatch(/^<svg [\s\S]*>add \[3\]<[\s\S]*<\/svg>\n$/);
  const model = await runCli(["graph", "dags/adder.dag.ts", "--exact", "--format", "json"], dir);
  expect(JSON.parse(model.stdout)).toMatchObject({
    origin: "executed",
    tasks: [{ task_id: "add" }, { task_id: "total" }],
  });
});
