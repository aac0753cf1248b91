import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { root, runCli, tempProject } from "../cli/support/cliProcess.js";

const CLI = path.join(root, "dist/runtime/cli.cjs");
const OTHER = { uid: 12345, gid: 12345 };
const dagOf = (text: string): string => `import { dag, task } from "fanout";
const one = task({ task_id: "one" }, () => ${JSON.stringify(text)});
export default dag({ dag_id: "shared" }, () => { one(); });
`;

/** Only root may start processes of others, and not every folder that this lies in is open to them. */
function canBeOther(): boolean {
  if (process.getuid?.() !== 0) return false;
  return spawnSync(process.execPath, ["-e", `fs.accessSync(${JSON.stringify(CLI)})`], OTHER).status === 0;
}

function shareAll(folder: string): void {
  chmodSync(folder, 0o777);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink())
      chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o777 : 0o666);
  }
}

describe.skipIf(!canBeOther())("a project that users share (needs root, who can be others)", () => {
  it.each([
    ["are not others'", 0o755, []],
    ["are each person's own", 0o1777, ["startup"]],
  ])("says so where files in its cache %s", async (_, mode, edited) => {
    const { dir, remove } = tempProject({ "shared.dag.ts": dagOf("first") });
    onTestFinished(remove);
    expect(await runCli(["run", "shared.dag.ts"], dir)).toMatchObject({ code: 0 });
    if (edited.length > 0) writeFileSync(path.join(dir, "shared.dag.ts"), dagOf("second"));
    shareAll(dir);
    chmodSync(path.join(dir, ".fanout/cache"), mode);
    for (const command of [["run"], ["graph", "--exact"]]) {
      const { status, stderr } = spawnSync(process.execPath, [CLI, ...command, "shared.dag.ts"], {
        cwd: dir,
        ...OTHER,
      });
      expect([command, status, stderr.toString().split(" ").slice(0, 2)]).toEqual([
        command,
        2,
        ["error", "store-failed"],
      ]);
    }
  });

  it("is read by those who may only read it", async () => {
    const { dir, remove } = tempProject({ "shared.dag.ts": dagOf("first") });
    onTestFinished(remove);
    expect(await runCli(["run", "shared.dag.ts"], dir)).toMatchObject({ code: 0 });
    shareAll(dir);
    // Whoever it belongs to has taken the right to write away from everybody, themselves among them.
    const files = readdirSync(path.join(dir, ".fanout"), { recursive: true, withFileTypes: true });
    for (const owner of [0, OTHER.uid]) {
      for (const file of files.toReversed()) {
        const name = path.join(file.parentPath, file.name);
        chownSync(name, owner, owner);
        chmodSync(name, file.isDirectory() ? 0o555 : 0o444);
      }
      for (const command of [["show", "latest"], ["show", "latest", "one"], ["logs", "latest", "one"], ["runs"]]) {
        const { status, stderr } = spawnSync(process.execPath, [CLI, ...command], { cwd: dir, ...OTHER });
        expect([owner, command, status, stderr.toString()]).toEqual([owner, command, 0, ""]);
      }
      const { stdout } = spawnSync(process.execPath, [CLI, "xcom", "latest", "one"], { cwd: dir, ...OTHER });
      expect(stdout.toString()).toBe("first\n");
    }
  });

  it("is run by each of them, whoever made the bundle that is kept", async () => {
    const { dir, remove } = tempProject({ "shared.dag.ts": dagOf("first") });
    onTestFinished(remove);
    const runAsOther = async (): Promise<unknown> => {
      shareAll(dir);
      const child = spawn(process.execPath, [CLI, "run", "shared.dag.ts"], { cwd: dir, ...OTHER, stdio: "ignore" });
      return ((await once(child, "exit")) as [unknown])[0];
    };
    expect(await runCli(["run", "shared.dag.ts"], dir)).toMatchObject({ code: 0 });
    expect(await runAsOther()).toBe(0);
    writeFileSync(path.join(dir, "shared.dag.ts"), dagOf("second"));
    expect(await runAsOther()).toBe(0);
    expect(await runCli(["xcom", "latest", "one"], dir)).toMatchObject({ code: 0, stdout: "second\n" });
  });
});
