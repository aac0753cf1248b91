import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { adder, dagFile } from "./support/dags.js";
import { runCli, tempProject } from "./support/cliProcess.js";

interface BadFile {
  readonly text: string;
  readonly code: string;
  /** `line:column`, where there is a place to show. */
  readonly at?: string;
}

const files: Readonly<Record<string, BadFile>> = {
  "empty.dag.ts": { text: 'import "fanout";\n', code: "no-dag" },
  "two.dag.ts": {
    text: `${adder}export const other = dag({ dag_id: "other", schedule: null }, () => void add({ x: 1, y: 2 }));\n`,
    code: "several-dags",
  },
  "syntax.dag.ts": { text: 'import { dag } from "fanout";\nconst x = ;\n', code: "syntax-error", at: "2:11" },
  "throws.dag.ts": {
    text: 'import "fanout";\nthrow new Error("no database");\n',
    code: "import-failed",
    at: "2:7",
  },
  "missing.dag.ts": {
    text: 'import "fanout";\nimport { x } from "./nowhere.js";\nconsole.log(x);\n',
    code: "missing-import",
    at: "2:",
  },
  "cycle.dag.ts": {
    text: dagFile('  const a = one();\n  const b = one.override({ task_id: "two" })({ x: a });\n  a.set_upstream(b);'),
    code: "cycle",
    at: "6:",
  },
  "invalid.dag.ts": { text: dagFile('  one.override({ task_id: "not valid" })();'), code: "invalid-id", at: "4:" },
  "unmappable.dag.ts": {
    text: dagFile("  one.expand({ x: 3 as never });"),
    code: "not-mappable",
    at: "4:",
  },
  "later.dag.ts": {
    text: dagFile('  one.override({ pool: "gpu" })();'),
    code: "unknown-pool",
    at: "4:",
  },
};

const project = tempProject(Object.fromEntries(Object.entries(files).map(([name, { text }]) => [name, text])));
const { dir } = project;
afterAll(project.remove);

describe.each(Object.entries(files))("%s", (name, { code, at }) => {
  test("is refused with one message, its place, and nothing written", async () => {
    const ended = await runCli(["run", name], dir);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(new RegExp(`^error ${code}  `));
    expect(ended.stderr.match(/^error /gm)).toHaveLength(1);
    if (at !== undefined) expect(ended.stderr).toContain(`at ${name}:${at}`);
    expect(ended.stderr).not.toMatch(/dist\/runtime|node:internal|\.fanout\//);
    expect(existsSync(path.join(dir, ".fanout/runs"))).toBe(false);
  });
});

describe("what is asked for and is not there", () => {
  test.each([
    [["run", "nowhere.dag.ts"], "file-not-found"],
    [["run", "package.json"], "not-a-dag-file"],
    [["run", "two.dag.ts", "--dag-id", "third"], "unknown-dag"],
    [["run", "two.dag.ts", "--params", "{"], "invalid-params"],
    [["run", "two.dag.ts", "--params", "[]"], "invalid-params"],
    [["run", "two.dag.ts", "--map-index", "1"], "invalid-option"],
    [["run", "two.dag.ts", "--logical-date", "2024-02-30"], "invalid-option"],
    [["run", "two.dag.ts", "--logical-date", "2023-02-29T00:00Z"], "invalid-option"],
    [["backfill", "two.dag.ts", "--from", "2024-04-31"], "invalid-option"],
    [["backfill", "two.dag.ts", "--to", "2024-02-30T06:00:00+02:00"], "invalid-option"],
    [["graph", "nowhere.dag.ts"], "file-not-found"],
    [["graph", "package.json"], "not-a-dag-file"],
    [["graph", "."], "not-a-dag-file"],
    [["graph", "syntax.dag.ts"], "syntax-error"],
    [["graph", "two.dag.ts", "--dag-id", "third"], "unknown-dag"],
    [["check", "nowhere"], "file-not-found"],
    [["show", "latest"], "unknown-run"],
  ])("%j", async (args, code) => {
    const ended = await runCli(args, dir);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).toMatch(new RegExp(`^error ${code}  `));
  });

  test.each([
    [["rnu"]],
    [["run"]],
    [["run", "two.dag.ts", "--paralelism", "2"]],
    [["run", "two.dag.ts", "--parallelism", "0"]],
    [["run", "two.dag.ts", "--map-index", "-1"]],
    [["run", "two.dag.ts", "--logical-date", "yesterday"]],
    [["run", "two.dag.ts", "--format", "xml"]],
    [["check", "--max-warnings", "some"]],
    [["show"]],
    [[]],
  ])("usage: %j", async (args) => {
    const ended = await runCli(args, dir);
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(ended.stderr).not.toBe("");
  });

  test("no runs are no mistake", async () => {
    expect(await runCli(["runs", "--format", "json"], dir)).toMatchObject({ code: 0, stdout: "[]\n", stderr: "" });
    const empty = tempProject();
    expect(await runCli(["runs", "--format", "json"], empty.dir)).toMatchObject({ code: 0, stdout: "[]\n" });
    empty.remove();
  });

  test("help is no mistake", async () => {
    for (const args of [["--help"], ["run", "--help"], ["--version"]]) {
      expect(await runCli(args, dir)).toMatchObject({ code: 0, stderr: "" });
    }
  });
});
