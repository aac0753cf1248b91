import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { campaign } from "../support/campaign.js";
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

  it("that is full lets no run begin, and that is said", async () => {
    const project = new FaultProject(DAG);
    mount(project.home, 1);
    const filler = path.join(project.home, "filler");
    try {
      writeFileSync(filler, Buffer.alloc(2 ** 20));
    } catch {
      // As much as there was room for.
    }
    const { code, stderr, stdout } = await project.run("run", "fault.dag.ts");
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain("store-failed");
    expect(project.notes()).toEqual([]);
    rmSync(filler);
    resize(project.home, 64);
    expect(await project.run("run", "fault.dag.ts")).toMatchObject({ code: 0 });
  });
});
