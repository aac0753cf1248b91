import { rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { InstanceDetails, RecordedRun } from "#core/model/run.js";
import { RUN_FILES } from "../../runtime/src/store/runFolder.js";
import { until } from "../support/until.js";
import { runFolders } from "./support/durable.js";
import { FaultProject, killHard } from "./support/killedRun.js";

const SLOW = `
const list = task({ task_id: "list" }, () => [0, 1, 2, 3, 4, 5, 6, 7]);
const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
  note(\`begin \${x}\`);
  await wait(x === 5 ? 60_000 * Number(process.env["FANOUT_STUCK"] ?? 0) : 5);
  note(\`end \${x}\`);
  return x * 2;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.reduce((a, b) => a + b, 0));
export default dag({ dag_id: "fault" }, () => {
  total({ values: work.expand({ x: list() }) });
});
`;

/** Runs until one instance hangs and the others have ended. */
async function hangingRun(project: FaultProject) {
  process.env["FANOUT_STUCK"] = "1";
  const started = project.start("run", "fault.dag.ts", "--parallelism", "2");
  delete process.env["FANOUT_STUCK"];
  await until(() => project.notes().filter((line) => line.startsWith("end")).length === 7);
  return started;
}

describe("a run whose engine was killed", () => {
  it("goes on with the part that it was of, and not at all when that has ended", async () => {
    const project = new FaultProject(SLOW);
    process.env["FANOUT_STUCK"] = "1";
    const part = ["--task", "work", "--map-index", "5"];
    const started = project.start("run", "fault.dag.ts", "--parallelism", "2", ...part);
    delete process.env["FANOUT_STUCK"];
    await until(() => project.notes().length === 1);
    await killHard(started);
    expect(await project.run("resume", "latest")).toMatchObject({ code: 0 });
    const ran = ["begin 5", "begin 5", "end 5"];
    expect(project.notes()).toEqual(ran);
    const { tasks, state, end } = (await project.json("show", "latest")) as RecordedRun;
    expect([state, tasks.find(({ task_id }) => task_id === "total")?.state]).toEqual(["success", "none"]);
    expect(await project.run("resume", "latest")).toMatchObject({ code: 0 });
    expect(await project.json("show", "latest")).toMatchObject({ end });
    expect(project.notes()).toEqual(ran);
  });

  it("goes on with what had not ended, and with nothing else", async () => {
    const project = new FaultProject(SLOW);
    await killHard(await hangingRun(project));
    const before = project.notes();
    expect(await project.run("resume", "latest")).toMatchObject({ code: 0 });
    expect(project.notes().slice(before.length)).toEqual(["begin 5", "end 5"]);
    expect(await project.json("xcom", "latest", "total")).toBe(56);
    const { tasks } = (await project.json("show", "latest")) as RecordedRun;
    const [, work] = tasks;
    expect(work?.counts).toEqual({ success: 8 });
  });

  it("does not run what is marked, though it was under way", async () => {
    const project = new FaultProject(SLOW);
    await killHard(await hangingRun(project));
    const before = project.notes();
    const marked = ["mark", "latest", "work", "--map-index", "5", "--state", "success", "--yes"];
    expect(await project.run(...marked)).toMatchObject({ code: 0 });
    expect(project.notes()).toEqual(before);
    expect(await project.json("xcom", "latest", "total")).toBe(46);
  });

  it("is refused to everybody else while it is under way, and ends where it is cancelled", async () => {
    const project = new FaultProject(SLOW);
    const live = await hangingRun(project);
    const refused = await project.run("resume", "latest");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("run-locked");
    expect(await project.run("cancel", "latest")).toMatchObject({ code: 0 });
    expect((await live.ended).code).toBe(1);
    const gone = await project.run("cancel", "latest");
    expect(gone.code).toBe(2);
    expect(gone.stderr).toContain("run-not-live");
    expect(await project.run("resume", "latest")).toMatchObject({ code: 0 });
    expect(project.notes().filter((line) => line === "begin 5")).toHaveLength(2);
    expect(project.notes().filter((line) => line === "begin 4")).toHaveLength(1);
  });

  it("has used up the retries that it had used up before", async () => {
    const project = new FaultProject(`
const flaky = task({ task_id: "flaky", retries: 1, retry_delay: 0 }, async (_: object, { ti }: any) => {
  note(\`\${ti.try_number} of \${ti.max_tries + 1}\`);
  if (ti.try_number === 2) await wait(1_000_000);
  throw new Error("no");
});
export default dag({ dag_id: "fault" }, () => { flaky(); });
`);
    const started = project.start("run", "fault.dag.ts");
    const shown = () => project.json("show", "latest", "flaky") as Promise<InstanceDetails>;
    await until(() => project.notes().length === 2);
    // The record knows it, too.
    while ((await shown()).state !== "running");
    await killHard(started);
    expect(await project.run("resume", "latest")).toMatchObject({ code: 1 });
    expect(project.notes()).toEqual(["1 of 2", "2 of 2", "3 of 3"]);
    const { tries } = await shown();
    expect(tries.map(({ try_number, state, error }) => [try_number, state, error?.code])).toEqual([
      [1, "failed", "task-failed"],
      [2, "failed", "worker-died"],
      [3, "failed", "task-failed"],
    ]);
  });

  it.each([
    ["in the journal of its worker", true],
    ["in the record alone, as its worker had left while nothing ran", false],
  ])("gives a sensor that looks again no more time than it had, known %s", async (_, isInJournal) => {
    const project = new FaultProject(`
const look = task.sensor({ task_id: "look", mode: "reschedule", poke_interval: 0.1, timeout: 2 }, async () => {
  note(String(Date.now()));
  if (process.env["FANOUT_STUCK"] === "1" && looks() === 3) await wait(1_000_000);
  return false;
});
const looks = () => readFileSync(process.env["FANOUT_NOTES"]!, "utf8").split("\\n").length - 1;
import { readFileSync } from "node:fs";
export default dag({ dag_id: "fault" }, () => { look(); });
`);
    process.env["FANOUT_STUCK"] = "1";
    const started = project.start("run", "fault.dag.ts");
    delete process.env["FANOUT_STUCK"];
    const shown = () => project.json("show", "latest", "look") as Promise<InstanceDetails>;
    await until(() => project.notes().length === 3);
    while ((await shown()).state !== "running");
    const [first = 0] = project.notes().map(Number);
    await until(() => Date.now() > first + 2000);
    await killHard(started);
    const [dir = ""] = runFolders(project.home);
    if (!isInJournal) rmSync(path.join(dir, RUN_FILES.journals), { recursive: true });
    expect(await project.run("resume", "latest")).toMatchObject({ code: 1 });
    expect(project.notes()).toHaveLength(4);
    const { state, try_number, error, start, tries } = await shown();
    // What was lost is one look of its try, and no try.
    expect([state, try_number, error?.code, tries.length]).toEqual(["failed", 1, "sensor-timeout", 1]);
    expect(Date.parse(start ?? "")).toBeLessThanOrEqual(first);
  });
});
