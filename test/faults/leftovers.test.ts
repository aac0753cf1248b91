import { readdirSync, readlinkSync } from "node:fs";
import { expect, it } from "vitest";
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

const STUCK = `
const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
  note("begin");
  if (x === 1) while (true);
  execSync("sleep 600");
});
export default dag({ dag_id: "fault" }, () => { work.expand({ x: [1, 2] }); });
`;

it.skipIf(process.platform !== "linux").each(["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "no process is left of an engine that is ended by %s, however early and whatever its instances do",
  async (signal) => {
    const project = new FaultProject(`import { execSync } from "node:child_process";${STUCK}`);
    const started = project.start("run", "fault.dag.ts", "--parallelism", "2");
    // At once: nothing has run for long enough to be looked at.
    await until(() => project.notes().length > 0);
    expect(processesIn(project.dir).length).toBeGreaterThan(1);
    started.child.kill(signal);
    await started.ended;
    await until(() => processesIn(project.dir).length === 0);
  },
);
