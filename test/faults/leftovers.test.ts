import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunEvent } from "#core/model/runEvent.js";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isAlive } from "../../runtime/src/store/isAlive.js";
import { SqliteRunStore } from "../../runtime/src/store/sqliteRunStore.js";
import { root } from "../cli/support/cliProcess.js";
import { Host } from "../runtime/support/host.js";
import { Project, dagSource, start } from "../runtime/support/project.js";
import { until } from "../support/until.js";
import { FaultProject } from "./support/killedRun.js";

/** Processes that work in the project's folder: engine, workers, what they started, and who guards them. */
function processesIn(dir: string): string[] {
  return readdirSync("/proc").filter((name) => {
    try {
      return /^\d+$/.test(name) && readlinkSync(`/proc/${name}/cwd`) === dir;
    } catch {
      return false;
    }
  });
}

/** What this process has open. */
function openFiles(): string[] {
  return readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

/** Locks, sockets, journals and files that were not meant to stay, anywhere in the history. */
function leftIn(home: string): string[] {
  const names = existsSync(home) ? readdirSync(home, { recursive: true, encoding: "utf8" }) : [];
  return names.filter((name) =>
    /^(?:tmp\.|owner-|journals$)|\.(?:sock|claims|partial|db-wal)$/.test(path.basename(name)),
  );
}

/** In a world of processes of its own, whose first process stays until it is killed. */
function startApart(script: string, ...args: readonly string[]): ChildProcess {
  const apart = ["--pid", "--fork", "--mount-proc", "--kill-child", "sh", "-c", `${script}; sleep 600`, ...args];
  return spawn("unshare", apart, { stdio: "ignore" });
}

/** Only root may have one, and not in every container. */
function canStartApart(): boolean {
  const script = "echo 100 > /proc/sys/kernel/ns_last_pid";
  return isLinux && spawnSync("unshare", ["--pid", "--fork", "--mount-proc", "sh", "-c", script]).status === 0;
}

const isLinux = process.platform === "linux";
const STUCK = `
const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
  note("begin");
  if (x === 1) while (true);
  execSync("sleep 600");
});
export default dag({ dag_id: "fault" }, () => { work.expand({ x: [1, 2] }); });
`;

describe.skipIf(!isLinux)("of an engine that is ended", () => {
  it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s nothing is left, whatever its instances do",
    async (signal) => {
      const project = new FaultProject(`import { execSync } from "node:child_process";${STUCK}`);
      const started = project.start("run", "fault.dag.ts", "--parallelism", "2");
      // At once: nothing has run for long enough to be looked at.
      await until(() => project.notes().length > 0);
      expect(processesIn(project.dir).length).toBeGreaterThan(1);
      expect(leftIn(project.home)).not.toEqual([]);
      started.child.kill(signal);
      await started.ended;
      await until(() => processesIn(project.dir).length === 0);
      // What nobody could defend itself against leaves what the run needs to go on.
      if (signal !== "SIGKILL") expect(leftIn(project.home)).toEqual([]);
    },
  );

  it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s while it loads a file nothing is left",
    async (signal) => {
      const project = new FaultProject(`note("begin"); for (;;);${STUCK}`);
      const started = project.start("run", "fault.dag.ts");
      await until(() => project.notes().length > 0);
      expect(leftIn(project.home)).not.toEqual([]);
      started.child.kill(signal);
      await started.ended;
      await until(() => processesIn(project.dir).length === 0);
      writeFileSync(path.join(project.dir, "other.dag.ts"), dagSource("", ""));
      // The next one that starts finds what was killed.
      if (signal === "SIGKILL") expect(await project.run("run", "other.dag.ts")).toMatchObject({ code: 0 });
      expect(leftIn(project.home)).toEqual([]);
    },
  );

  it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s in a backfill nothing is left, of the workers either that wait between two runs",
    async (signal) => {
      const project = new FaultProject(`
const work = task({ task_id: "work" }, async ({ x }: { x: number }, { ds }) => {
  note(String(process.pid));
  if (ds === "2024-01-02") { note("stuck"); for (;;); }
  await wait(500);
});
const list = task({ task_id: "list" }, (_: object, { ds }) => ds === "2024-01-01" ? [1, 2] : [1]);
export default dag({ dag_id: "fault", schedule: "@daily", max_active_runs: 1 }, () => { work.expand({ x: list() }); });`);
      const span = ["--from", "2024-01-01", "--to", "2024-01-03", "--parallelism", "2"];
      const started = project.start("backfill", "fault.dag.ts", ...span);
      await until(() => project.notes().includes("stuck"));
      const pids = new Set(project.notes().filter((note) => note !== "stuck"));
      // One of them is stuck, the other waits.
      expect([...pids].map((pid) => isAlive(Number(pid), null))).toEqual([true, true]);
      started.child.kill(signal);
      await started.ended;
      await until(() => processesIn(project.dir).length === 0);
      if (signal !== "SIGKILL") expect(leftIn(project.home)).toEqual([]);
    },
  );

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s while it loads the file of a run that is to go on, that run stays as it was, and nobody's",
    async (signal) => {
      const project = new FaultProject(`import { existsSync } from "node:fs";
if (existsSync("loop")) { note("loading"); for (;;); }
const one = task({ task_id: "one" }, () => 1);
export default dag({ dag_id: "fault" }, () => { one(); });`);
      expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 0 });
      const before = await project.json("show", "latest");
      writeFileSync(path.join(project.dir, "loop"), "");
      const started = project.start("clear", "latest", "--yes");
      await until(() => project.notes().includes("loading"));
      started.child.kill(signal);
      expect(await started.ended).toMatchObject({ code: 130 });
      await until(() => processesIn(project.dir).length === 0);
      expect(leftIn(project.home)).toEqual([]);
      expect(await project.json("show", "latest")).toEqual(before);
    },
  );

  it.each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "the end of the editor"] as const)(
    "by %s nothing is left of its runs, nor of the files that it executes for their graphs",
    async (how) => {
      const project = new Project();
      const notes = project.path("notes");
      const loop = `import { appendFileSync } from "node:fs";
        const stuck = (): void => { appendFileSync(${JSON.stringify(notes)}, "stuck\\n"); for (;;); };`;
      project.write({
        notes: "",
        "run.ts": dagSource(`${loop}\nconst work = task({ task_id: "work" }, () => stuck());`, "work();"),
        "graph.ts": dagSource(`${loop}\nstuck();`, ""),
      });
      const host = new Host(project.folder);
      void host.raw("startRun", { file: project.path("run.ts") });
      void host.raw("exactGraphs", { file: project.path("graph.ts") });
      await until(() => readFileSync(notes, "utf8").split("\n").length === 3);
      expect(leftIn(project.home)).not.toEqual([]);
      if (how === "the end of the editor") host.child.stdin.destroy();
      else host.child.kill(how);
      await host.exited;
      await until(() => processesIn(project.folder).length === 0);
      if (how !== "SIGKILL") expect(leftIn(project.home)).toEqual([]);
    },
  );
});

it.skipIf(!canStartApart())(
  "a killed engine takes nobody along who has the number of a worker that was gone (needs root, who may give numbers)",
  async () => {
    const elsewhere = new Project();
    // What is somebody else's begins when the engine knows that the worker is gone, and with its number.
    const project = new FaultProject(`import { existsSync, readFileSync, writeFileSync } from "node:fs";
      import { spawn } from "node:child_process";
      const leaves = task({ task_id: "leaves" }, async () => {
        while (!existsSync("busy")) await wait(10);
        writeFileSync("left", String(process.pid));
        process.exit(1);
      });
      const stays = task({ task_id: "stays" }, async (_: any, { ti }) => {
        writeFileSync("busy", "");
        while (!readFileSync(".fanout/runs/" + ti.run_id + "/events.ndjson", "utf8").includes("worker-died")) await wait(10);
        const left = Number(readFileSync("left", "utf8"));
        writeFileSync("/proc/sys/kernel/ns_last_pid", String(left - 1));
        const other = spawn("sleep", ["600"], { detached: true, stdio: "ignore", cwd: ${JSON.stringify(elsewhere.folder)} });
        writeFileSync("same", String(other.pid === left));
        process.kill(process.ppid, "SIGKILL");
        for (;;);
      });
      export default dag({ dag_id: "fault" }, () => { leaves(); (stays as any)({}); });`);
    const command = [
      process.execPath,
      path.join(root, "dist/runtime/cli.cjs"),
      "run",
      "fault.dag.ts",
      "--parallelism",
      "2",
    ];
    const apart = startApart(`(cd "$0" && exec "$@")`, project.dir, ...command);
    const gone = once(apart, "exit");
    onTestFinished(async () => {
      apart.kill("SIGKILL");
      await gone;
    });
    await until(() => existsSync(path.join(project.dir, "same")));
    await until(() => processesIn(project.dir).length === 0);
    expect(readFileSync(path.join(project.dir, "same"), "utf8")).toBe("true");
    expect(processesIn(elsewhere.folder)).toHaveLength(1);
  },
);

describe.skipIf(!isLinux)("of a run that has ended", () => {
  it.each(["by itself", "by being cancelled", "because it could not be written"])(
    "%s its engine keeps no file open",
    async (how) => {
      const project = new Project();
      const fails = how === "because it could not be written";
      if (fails)
        vi.spyOn(SqliteRunStore.prototype, "putInstance").mockImplementation(() => {
          throw new Error("full");
        });
      onTestFinished(() => void vi.restoreAllMocks());
      const work = `const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
        await new Promise((resolve) => setTimeout(resolve, ${how === "by being cancelled" ? 60_000 : 200}));
        return x;
      });`;
      project.write({ "dag.ts": dagSource(work, "work.expand({ x: [1, 2] });") });
      const open = (): string[] => openFiles().filter((file) => file.startsWith(project.home));
      const seen: RunEvent[] = [];
      const handle = await start(project, { onEvent: (event) => seen.push(event) });
      expect(open()).not.toEqual([]);
      if (how === "by being cancelled") {
        await until(() => JSON.stringify(seen).includes(`"running"`));
        handle.cancel();
      }
      expect((await handle.done).error?.code).toBe(
        fails ? "store-failed" : how === "by itself" ? undefined : "cancelled",
      );
      expect(open()).toEqual([]);
    },
  );
});

describe.skipIf(!isLinux)("of a command that is stopped", () => {
  const source = `import { BashOperator } from "fanout";
    const bash = (options: object) =>
      new BashOperator({ task_id: "bash", bash_command: 'pwd >> "$FANOUT_NOTES"; touch left; sleep 600', ...options });`;

  it("by its time nothing is left, neither of its processes nor of its folder", async () => {
    const project = new FaultProject(
      `${source} dag({ dag_id: "fault" }, () => { bash({ execution_timeout: 0.5 }); });`,
    );
    expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 1 });
    const [folder = ""] = project.notes();
    expect([path.basename(folder).startsWith("fanout-bash-"), existsSync(folder)]).toEqual([true, false]);
    expect(processesIn(folder)).toEqual([]);
  });

  it.each(["SIGTERM", "SIGKILL"] as const)(
    "by %s to its engine nothing is left, or goes with the next",
    async (signal) => {
      const project = new FaultProject(`${source} dag({ dag_id: "fault" }, () => { bash({}); });`);
      const started = project.start("run", "fault.dag.ts");
      await until(() => project.notes().length > 0);
      const [folder = ""] = project.notes();
      expect(existsSync(folder)).toBe(true);
      started.child.kill(signal);
      await started.ended;
      await until(() => processesIn(project.dir).length === 0 && processesIn(folder).length === 0);
      writeFileSync(path.join(project.dir, "other.dag.ts"), dagSource("", ""));
      if (signal === "SIGKILL") expect(await project.run("run", "other.dag.ts")).toMatchObject({ code: 0 });
      expect(existsSync(folder)).toBe(false);
    },
  );
});
