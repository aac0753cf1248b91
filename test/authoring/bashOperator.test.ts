import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { BashOperator, type BashOperatorArgs } from "fanout";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { SkipException } from "../../runtime/src/authoring/exceptions.js";
import { declare } from "./declare.js";

/** Executes a BashOperator as a worker does, with what it wrote to the console. */
async function bash(args: BashOperatorArgs): Promise<{ result: unknown; log: string[] }> {
  const log: string[] = [];
  const write = (line: unknown): void => void log.push(String(line));
  const spies = [
    vi.spyOn(console, "log").mockImplementation(write),
    vi.spyOn(console, "error").mockImplementation(write),
  ];
  try {
    const [task] = declare(() => new BashOperator({ task_id: "bash", ...args })).tasks;
    return { result: await task?.execute({ ...args }, {}), log };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe("BashOperator", () => {
  let folder: string;
  beforeAll(() => (folder = realpathSync(mkdtempSync(path.join(tmpdir(), "fanout-bash-test-")))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("returns the last line of its output and logs all of it", async () => {
    const bash_command = "echo one; echo oops >&2; echo two; sleep 0.2; echo late >&2; echo three";
    const { result, log } = await bash({ bash_command });
    expect(result).toBe("three");
    expect(log).toEqual(["one", "oops", "two", "late", "three"]);
    // Airflow's hook merges both, so that what came last is the result wherever it was written.
    expect((await bash({ bash_command: "echo out; echo err >&2" })).result).toBe("err");
  });

  it("tells mistakes of the command with its own lines, and knows what is exported", async () => {
    const { log } = await bash({
      bash_command: "call\necho $0\nno_such_command || true",
      env: { "BASH_FUNC_call%%": "() { echo called; }" },
      append_env: true,
    });
    expect(log.slice(0, 2)).toEqual(["called", "bash"]);
    expect(log[2]).toMatch(/^bash: line 3: no_such_command/);
  });

  it("returns an empty text where there is no output", async () => {
    expect((await bash({ bash_command: "true" })).result).toBe("");
  });

  it("runs in cwd, and else in a folder of its own that is removed", async () => {
    expect((await bash({ bash_command: "pwd", cwd: folder })).result).toBe(folder);
    const { result } = await bash({ bash_command: "touch left; pwd" });
    expect((await bash({ bash_command: `ls ${String(result)} 2> /dev/null || echo gone` })).result).toBe("gone");
  });

  it("replaces the environment by env, or adds it", async () => {
    const bash_command = 'echo "$HOME/$CITY"';
    const home = process.env["HOME"] ?? "";
    expect((await bash({ bash_command, env: { CITY: "Oslo" } })).result).toBe("/Oslo");
    expect((await bash({ bash_command, env: { CITY: "Oslo" }, append_env: true })).result).toBe(`${home}/Oslo`);
    expect((await bash({ bash_command })).result).toBe(`${home}/`);
  });

  it("fails for any exit code but 0, and for signals", async () => {
    await expect(bash({ bash_command: "exit 3" })).rejects.toThrow("3");
    await expect(bash({ bash_command: "kill -9 $$" })).rejects.toThrow("SIGKILL");
    await expect(bash({ bash_command: "true", cwd: path.join(folder, "missing") })).rejects.toThrow();
  });

  it("is skipped by exit code 99 or those that it names", async () => {
    const skipped = (args: BashOperatorArgs): Promise<boolean> =>
      bash(args).then(
        () => false,
        (error: unknown) => SkipException.is(error),
      );
    expect(await skipped({ bash_command: "exit 99" })).toBe(true);
    expect(await skipped({ bash_command: "exit 99", skip_on_exit_code: null })).toBe(false);
    expect(await skipped({ bash_command: "exit 7", skip_on_exit_code: 7 })).toBe(true);
    expect(await skipped({ bash_command: "exit 8", skip_on_exit_code: [7, 8] })).toBe(true);
    expect(await skipped({ bash_command: "exit 9", skip_on_exit_code: [7, 8] })).toBe(false);
  });
});
