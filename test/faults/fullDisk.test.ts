import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { RunRecord } from "#core/model/run.js";
import { RUN_FILES } from "../../runtime/src/store/runFolder.js";
import { Project, dagSource, start } from "../runtime/support/project.js";
import { campaign } from "../support/campaign.js";
import { until } from "../support/until.js";
import { integrity, runFolders } from "./support/durable.js";
import { FaultProject } from "./support/killedRun.js";

const SIZE = 24;
/** Each result takes this much twice: in the journal of its worker, and in the database. */
const RESULT_KB = 300;

const DAG = `
const work = task({ task_id: "work" }, ({ x }: { x: number }) => { note("end " + x); return "r".repeat(${RESULT_KB} * 1024); });
const total = task({ task_id: "total" }, ({ values }: { values: readonly string[] }) => values.length);
export default dag({ dag_id: "fault" }, () => {
  total({ values: work.expand({ x: Array.from({ length: ${SIZE} }, (_, x) => x) }) });
});
`;

const mounted: string[] = [];
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync("umount", [folder]);
});

/** A disk of its own of so many megabytes. */
function mount(folder: string, megabytes: number): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
  mounted.push(folder);
}

function resize(folder: string, megabytes: number): void {
  execFileSync("mount", ["-o", `remount,size=${Math.round(megabytes * 1024)}k`, folder]);
}

/** Takes all of a disk but so many kilobytes; returns the file that does. */
function fill(folder: string, leftKb = 0): string {
  const filler = path.join(folder, "filler");
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(filler, Buffer.alloc(bavail * bsize - leftKb * 1024));
  } catch {
    // As much as there was room for.
  }
  return filler;
}

/** Only root may have such a disk, and not in every container. */
function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-mount-"));
  try {
    mount(folder, 1);
    execFileSync("umount", mounted.splice(0));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!canMount())("a small disk (needs root, who may mount one)", () => {
  const sizes = campaign({
    small: [4],
    middle: [4.25, 6.75],
    full: Array.from({ length: 24 }, (_, step) => 1.5 + step * 0.25),
  });

  it.each(sizes.map((size) => [size]))(
    "of %s MB that becomes full ends the run with a code, and what had finished is not done again when there is more room",
    async (megabytes) => {
      const project = new FaultProject(DAG);
      mount(project.home, 64);
      // The bundle is there already: the run itself is what fills the disk.
      expect(await project.run("list", "fault.dag.ts")).toMatchObject({ code: 0 });
      resize(project.home, megabytes);
      const { code, stderr, stdout } = await project.run("run", "fault.dag.ts", "--parallelism", "2");
      expect(code, stdout + stderr).not.toBe(0);
      expect(stdout + stderr).toContain("store-failed");
      resize(project.home, 64);
      const [dir] = runFolders(project.home);
      if (dir === undefined) return;
      expect(await project.run("resume", "latest")).toMatchObject({ code: 0 });
      expect(integrity(dir)).toBe("ok");
      expect(await project.json("xcom", "latest", "total")).toBe(SIZE);
      // At most those again of which each of the two processes could not write any more how they had ended.
      const repeated = project.notes().length - SIZE;
      expect(repeated).toBeGreaterThanOrEqual(0);
      expect(repeated).toBeLessThanOrEqual(2);
    },
  );

  it("that the callbacks of a failure fill ends the run with the code, and takes nothing else along", async () => {
    const project = new FaultProject(`import { existsSync } from "node:fs";
const flood = () => { for (let line = 0; line < 200; line++) console.log("x".repeat(1023)); };
const bad = task({ task_id: "bad", on_failure_callback: flood }, async () => {
  note("bad");
  while (!existsSync("full")) await wait(10);
  process.exit(3);
});
const slow = task({ task_id: "slow" }, async () => { note("slow"); while (!existsSync("room")) await wait(50); });
export default dag({ dag_id: "fault" }, () => { bad(); slow(); });`);
    mount(project.home, 64);
    const started = project.start("run", "fault.dag.ts", "--parallelism", "2", "--format", "ndjson");
    await until(() => project.notes().length === 2);
    // There is room for what is printed, and not for the copy of it in the log of the instance.
    const filler = fill(project.home, 300);
    writeFileSync(path.join(project.dir, "full"), "");
    const { code, stdout } = await started.ended;
    expect(code).toBe(1);
    const last: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ type: "run_finished", state: "failed", error: { code: "store-failed" } });
    rmSync(filler);
    writeFileSync(path.join(project.dir, "room"), "");
    expect(await project.run("resume", "latest")).toMatchObject({ code: 1 });
    const shown = (await project.json("show", "latest")) as { tasks: { task_id: string; state: string }[] };
    expect(shown.tasks.map(({ task_id, state }) => [task_id, state])).toEqual([
      ["bad", "failed"],
      ["slow", "success"],
    ]);
  });

  it("that lies in the way of the journals' removal keeps no run from its end", async () => {
    const project = new Project({ "dag.ts": dagSource(`const one = task({ task_id: "one" }, () => 1);`, "one();") });
    const { done, dir } = await start(project);
    mount(path.join(dir, RUN_FILES.journals), 1);
    expect(await done).toMatchObject({ state: "success" });
    expect(readdirSync(dir).filter((name) => name.startsWith("owner-"))).toEqual([]);
  });

  it("that has the temporary folder, and is full, does not keep a run from being read", async () => {
    const project = new FaultProject(DAG);
    const temporary = path.join(project.dir, "temporary");
    mount(temporary, 1);
    fill(temporary);
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 0, stderr: "" });
    expect(await project.json("xcom", "latest", "total")).toBe(SIZE);
    expect(readdirSync(temporary)).toEqual(["filler"]);
    expect(readdirSync(project.home).filter((name) => name.startsWith("tmp."))).toEqual([]);
  });

  it("that is full lets runs be removed, but for those that are under way", async () => {
    const project = new FaultProject(`import { existsSync } from "node:fs";
const one = task({ task_id: "one" }, async () => { note("one"); while (existsSync("stay")) await wait(20); });
export default dag({ dag_id: "fault" }, () => { one(); });`);
    mount(project.home, 64);
    for (let run = 0; run < 2; run++) expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 0 });
    const stay = path.join(project.dir, "stay");
    writeFileSync(stay, "");
    const live = project.start("run", "fault.dag.ts");
    await until(() => project.notes().length === 3);
    fill(project.home);
    for (const command of ["clear", "mark", "resume"]) {
      const flags = command === "resume" ? [] : ["one", "--yes", ...(command === "mark" ? ["--state", "failed"] : [])];
      const [, older] = runFolders(project.home);
      const { code, stderr } = await project.run(command, path.basename(older ?? ""), ...flags);
      expect([command, code, /^error (\S+)/m.exec(stderr)?.[1]]).toEqual([command, 2, "store-failed"]);
    }
    expect(await project.run("runs", "prune", "--keep", "0", "--yes")).toMatchObject({ code: 0 });
    expect(await project.json("runs")).toMatchObject([{ state: "running" }]);
    rmSync(stay);
    expect(await live.ended).toMatchObject({ code: 0 });
    expect(await project.json("runs")).toMatchObject([{ state: "success" }]);
  });

  it.each([8, 24, 40, 120, 200])("with %s KB left says so, whatever command finds it", async (left) => {
    const project =
      new FaultProject(`const work = task({ task_id: "work" }, ({ x }: { x: number }) => "r".repeat(4000 + x));
export default dag({ dag_id: "fault" }, () => { work.expand({ x: Array.from({ length: 100 }, (_, x) => x) }); });`);
    mount(project.home, 64);
    expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 0 });
    const [whole] = (await project.json("runs")) as readonly RunRecord[];
    const { run_id = "" } = whole ?? {};
    fill(project.home, left);
    for (const command of ["run fault.dag.ts", `clear ${run_id} --yes`, `mark ${run_id} work --state failed --yes`]) {
      const { code, stdout, stderr } = await project.run(...command.split(" "), "--format", "ndjson");
      const told = code === 2 ? stderr : (stdout.trimEnd().split("\n").at(-1) ?? "");
      expect([command, code === 0 || /^error store-failed .*ENOSPC|"store-failed".*ENOSPC/m.test(told), told]).toEqual([
        command,
        true,
        told,
      ]);
    }
    expect((await project.run("run", "fault.dag.ts")).code).not.toBe(0);
  });

  it.each([120, 160, 200])("with %s KB left tells afterwards what it told then: the run is lost", async (left) => {
    const project =
      new FaultProject(`const work = task({ task_id: "work" }, ({ x }: { x: number }) => "r".repeat(4000 + x));
export default dag({ dag_id: "fault" }, () => { work.expand({ x: Array.from({ length: 100 }, (_, x) => x) }); });`);
    mount(project.home, 64);
    expect(await project.run("list", "fault.dag.ts")).toMatchObject({ code: 0 });
    await project.run("graph", "fault.dag.ts", "--exact");
    const filler = fill(project.home, left);
    const { code, stdout } = await project.run("run", "fault.dag.ts", "--format", "ndjson");
    expect([code, JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")]).toMatchObject([
      1,
      { type: "run_finished", state: "failed", error: { code: "store-failed" } },
    ]);
    for (const isFull of [true, false]) {
      if (!isFull) rmSync(filler);
      expect(await project.json("runs")).toMatchObject([
        { state: "failed", stopped: "lost", end: expect.any(String) as string },
      ]);
      expect(await project.json("show", "latest")).toMatchObject({ stopped: "lost", error: { code: "store-failed" } });
    }
    expect(await project.run("resume", "latest")).toMatchObject({ code: 0 });
    expect(await project.json("runs")).toMatchObject([{ state: "success", stopped: null }]);
  });

  it("that is full lets no run begin, and that is said", async () => {
    const project = new FaultProject(DAG);
    mount(project.home, 1);
    const filler = fill(project.home);
    const { code, stderr, stdout } = await project.run("run", "fault.dag.ts");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("store-failed");
    expect(project.notes()).toEqual([]);
    rmSync(filler);
    resize(project.home, 64);
    expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 0 });
  });
});
