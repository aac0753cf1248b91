import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Ended, root, runCli, startCli, tempProject } from "./support/cliProcess.js";

/** The second task waits for a file `gone`, and fails where it is not empty. */
const waiting = `import { existsSync, readFileSync } from "node:fs";
import { chain, dag, task } from "fanout";
const begin = task({ task_id: "begin" }, () => "begun");
const wait = task({ task_id: "wait" }, async ({ x }: { x: number }) => {
  while (!existsSync("gone")) await new Promise((resolve) => setTimeout(resolve, 20));
  if (readFileSync("gone", "utf8") !== "") throw new Error("as it was told to");
  return x;
});
export default dag({ dag_id: "waiting" }, () => { chain(begin(), wait.expand({ x: [1, 2, 3] })); });
`;

function project(): string {
  const { dir, remove } = tempProject({ "waiting.dag.ts": waiting });
  onTestFinished(remove);
  return dir;
}

/** Runs the DAG with a reader that leaves as soon as there is anything to read. */
async function runWithoutReader(dir: string, gone: string, ...args: readonly string[]): Promise<Ended> {
  const { child, ended } = startCli(["run", "waiting.dag.ts", ...args], dir);
  if (child.stdout === null) throw new Error("stdout is no pipe");
  await once(child.stdout, "data");
  child.stdout.destroy();
  writeFileSync(path.join(dir, "gone"), gone);
  return ended;
}

async function recorded(dir: string): Promise<unknown> {
  return JSON.parse((await runCli(["runs", "--format", "json"], dir)).stdout);
}

describe("a reader that goes away", () => {
  test.each([
    ["success", "text", "", 0],
    ["success", "ndjson", "", 0],
    ["failed", "text", "fail", 1],
  ])("does not end the run, which becomes %s (%s)", async (state, format, gone, code) => {
    const dir = project();
    expect(await runWithoutReader(dir, gone, "--format", format)).toMatchObject({ code, stderr: "" });
    expect(await recorded(dir)).toMatchObject([{ dag_id: "waiting", state, stopped: null }]);
    const left = readdirSync(path.join(dir, ".fanout"), { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => /owner-|\.sock$|journals$/.test(name))).toEqual([]);
  });

  test("does not change how a command that only prints ends", async () => {
    const { child, ended } = startCli(["--help"], project());
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});

test.each([
  [{ NO_COLOR: "", FORCE_COLOR: "" }, false],
  [{ NO_COLOR: "", FORCE_COLOR: "", CI: "true" }, false],
  [{ NO_COLOR: "", FORCE_COLOR: "1" }, true],
  [{ NO_COLOR: "", FORCE_COLOR: "0" }, false],
  [{ NO_COLOR: "", FORCE_COLOR: "false" }, false],
  [{ NO_COLOR: "1", FORCE_COLOR: "1" }, false],
])("what goes into a pipe with %o has colours: %s", async (env, hasColours) => {
  const { code, stderr } = await runCli(["run", "missing.dag.ts"], project(), env);
  expect([code, stderr.includes("\x1b[")]).toEqual([2, hasColours]);
});

describe.skipIf(process.platform !== "linux")("an output that cannot be written", () => {
  /** With stdout on a disk that is full. */
  async function runOnFullDisk(dir: string, ...args: readonly string[]): Promise<{ code: unknown; stderr: string }> {
    const full = openSync("/dev/full", "w");
    const cli = path.join(root, "dist/runtime/cli.cjs");
    const child = spawn(process.execPath, [cli, ...args], { cwd: dir, stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const [code] = (await once(child, "close")) as [unknown];
    return { code, stderr };
  }

  test("does not end the run either; that nothing was written is told, and is no success", async () => {
    const dir = project();
    writeFileSync(path.join(dir, "gone"), "");
    for (const args of [["run", "waiting.dag.ts"], ["runs"]]) {
      const { code, stderr } = await runOnFullDisk(dir, ...args);
      expect(code).toBe(2);
      expect(stderr).toContain("ENOSPC");
      expect(stderr).not.toMatch(/dist\/runtime|node:internal/);
    }
    expect(await recorded(dir)).toMatchObject([{ dag_id: "waiting", state: "success", stopped: null }]);
  });

  test("does not hide that the run failed", async () => {
    const dir = project();
    writeFileSync(path.join(dir, "gone"), "fail");
    expect(await runOnFullDisk(dir, "run", "waiting.dag.ts")).toMatchObject({ code: 1 });
    expect(await recorded(dir)).toMatchObject([{ dag_id: "waiting", state: "failed", stopped: null }]);
  });
});

describe("the report of a run that has ended", () => {
  const work = (body: string): string => `import { readdirSync, rmSync } from "node:fs";
import { dag, task } from "fanout";
const work = task({ task_id: "work" }, () => { ${body} });
export default dag({ dag_id: "work" }, () => { work(); });
`;

  test("needs no temporary folder, nor does anything else that reads a run", async () => {
    const { dir, remove } = tempProject({ "work.dag.ts": work('console.log("here I am");') });
    onTestFinished(remove);
    const nowhere = path.join(dir, "nowhere");
    const env = { TMPDIR: nowhere, TEMP: nowhere, TMP: nowhere };
    const commands = [
      ["run", "work.dag.ts"],
      ["clear", "latest", "work", "--yes"],
      ["show", "latest"],
    ];
    for (const args of commands) expect(await runCli(args, dir, env)).toMatchObject({ code: 0 });
    expect((await runCli(["logs", "latest", "work"], dir, env)).stdout).toBe("here I am\n");
    expect(readdirSync(path.join(dir, ".fanout")).filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  // What is open cannot be removed on Windows.
  test.skipIf(process.platform === "win32").each([
    ["success", "", 0],
    ["failed", 'throw new Error("after all");', 1],
  ])("that cannot be made is told, and changes nothing for a run that is %s", async (state, then, code) => {
    const { dir, remove } = tempProject({
      "work.dag.ts": work(`console.log("lost");
  for (const run of readdirSync(".fanout/runs")) rmSync(\`.fanout/runs/\${run}/logs\`, { recursive: true });
  ${then}`),
    });
    onTestFinished(remove);
    const { stdout, ...ended } = await runCli(["run", "work.dag.ts"], dir);
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(/^error /) as string });
    expect(stdout).toContain(state);
  });
});
