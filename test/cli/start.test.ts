import { type Dirent, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ended, runCli, tempProject } from "./support/cliProcess.js";

const dagFile = `import { dag, task } from "fanout";
const list = task({ task_id: "list" }, async () => (await import("./numbers.mjs")).numbers);
const work = task({ task_id: "work" }, ({ x }: { x: number }) => x + 1);
export default dag({ dag_id: "started" }, () => { work.expand({ x: list() }); });
`;

describe("compiled code that is kept between two starts", () => {
  let project: ReturnType<typeof tempProject>;
  let cache = "";

  beforeEach(() => {
    project = tempProject({ "started.dag.ts": dagFile, "numbers.mjs": "export const numbers = [1, 2];\n" });
    cache = path.join(project.dir, "cache");
  });
  afterEach(() => project.remove());

  const start = (...args: string[]): Promise<Ended> =>
    runCli(args, project.dir, { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache });

  async function expectRun(): Promise<void> {
    const { code, stdout, stderr } = await start("run", "started.dag.ts", "--format", "ndjson");
    const last = JSON.parse(stdout.trim().split("\n").pop() ?? "") as unknown;
    expect({ code, stderr, last }).toMatchObject({
      code: 0,
      stderr: "",
      last: { type: "run_finished", state: "success" },
    });
  }

  const kept = (): string[] =>
    readdirSync(cache, { recursive: true, withFileTypes: true })
      .filter((entry: Dirent) => entry.isFile())
      .map(({ parentPath, name }) => path.join(parentPath, name));

  const programsOf = (files: readonly string[]): string[] =>
    files.map((file) => path.basename(file).replace(/-.*/, "")).sort();

  it("is written by the first command and its worker, and by no further one of the kind", async () => {
    await expectRun();
    const first = kept();
    expect(programsOf(first)).toEqual(["cliProgram", "workerProgram"]);
    const times = first.map((file) => statSync(file).mtimeMs);
    await expectRun();
    expect(kept()).toEqual(first);
    expect(first.map((file) => statSync(file).mtimeMs)).toEqual(times);
    // It needs other functions of the program.
    expect((await start("runs")).code).toBe(0);
    expect(programsOf(kept())).toEqual(["cliProgram", "cliProgram", "workerProgram"]);
  });

  it("is made again where it is damaged", async () => {
    await expectRun();
    const files = kept();
    for (const file of files) writeFileSync(file, "damaged");
    await expectRun();
    expect(kept()).toEqual(files);
    for (const file of files) expect(statSync(file).size).toBeGreaterThan(10_000);
  });

  it("is not needed where nothing can be written", async () => {
    writeFileSync(cache, "no folder");
    await expectRun();
  });

  it("is not made of a command line that cannot be read", async () => {
    expect((await start("rnu", "started.dag.ts")).code).toBe(2);
    expect((await start("run", "started.dag.ts", "--no-such-option")).code).toBe(2);
    expect((await start("--help")).code).toBe(0);
    expect(programsOf(kept())).toEqual(["cliProgram"]);
  });
});
