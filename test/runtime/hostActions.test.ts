import type { RunDetails } from "#core/model/run.js";
import type { PlannedTask } from "#core/model/runAction.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { describe, expect, it } from "vitest";
import { Host, type Started } from "./support/host.js";
import { Project, dagSource } from "./support/project.js";

interface Resumed extends Started {
  readonly code_changed: boolean;
}

/** `add` fails for 2 as long as there is no file 'mended'. */
function mendable(project: Project): string {
  return dagSource(
    `import { existsSync } from "node:fs";
     const add = task({ task_id: "add" }, ({ x }: { x: number }) => {
       if (x === 2 && !existsSync(${JSON.stringify(project.path("mended"))})) throw new Error("not yet");
       return x + 1;
     });
     const total = task({ task_id: "total" }, ({ of }: { of: readonly number[] }) => [...of].reduce((a, b) => a + b, 0));`,
    `total({ of: add.expand({ x: [1, 2, 3] }) });`,
  );
}

const finished = (event: RunEvent): boolean => event.type === "run_finished";

async function failedRun(): Promise<{ project: Project; host: Host; run: Started }> {
  const project = new Project();
  project.write({ "dag.ts": mendable(project) });
  const host = new Host();
  const run = await host.value<Started>("startRun", { file: project.path("dag.ts") });
  await host.until(finished);
  await ended(host, run);
  return { project, host, run };
}

/** Its last event comes before its owner has left. */
async function ended(host: Host, run: Started): Promise<RunDetails> {
  for (;;) {
    const details = await host.value<RunDetails>("showRun", run);
    if (details.end !== null) return details;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function resumed(host: Host, params: object): Promise<Resumed> {
  for (;;) {
    const answer = await host.ask<Resumed>("resumeRun", params);
    if (answer.ok) return answer.value;
    // The record is written a moment before the run can be had.
    if (answer.error.code !== "run-locked") throw new Error(JSON.stringify(answer.error));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("what the editor does with runs", () => {
  it("tells what clearing would change, and changes nothing by that", async () => {
    const { host, run } = await failedRun();
    const { run_id, home } = run;
    const selection = { task_id: "add", map_index: 1, downstream: true };
    expect(await host.value<PlannedTask[]>("planAction", { home, run_id, selection })).toEqual([
      { task_id: "add", counts: { failed: 1 }, first: [{ map_index: 1, state: "failed" }] },
      { task_id: "total", counts: { upstream_failed: 1 }, first: [{ map_index: -1, state: "upstream_failed" }] },
    ]);
    const whole = await host.value<PlannedTask[]>("planAction", { home, run_id, selection: {} });
    expect(whole[0]?.counts).toEqual({ failed: 1, success: 2 });
    expect(await host.value("showRun", run)).toMatchObject({ state: "failed" });
    expect(await host.ask("planAction", { home, run_id: "../x", selection })).toMatchObject({
      error: { code: "unknown-run" },
    });
    expect((await host.raw("planAction", { home, run_id, selection: { map_index: true } })).type).toBe("failure");
  });

  it("clears what failed and goes on with the run, whose events tell why", async () => {
    const { project, host, run } = await failedRun();
    project.write({ mended: "" });
    host.events.length = 0;
    const action = { name: "clear", selection: { only_failed: true } };
    expect(await resumed(host, { ...run, action })).toEqual({ ...run, code_changed: false });
    const resumption = { action: "clear", instances: [{ task_id: "add", map_indexes: [1] }, { task_id: "total" }] };
    expect(await host.until((event) => event.type === "run_started")).toMatchObject({ resumed: resumption });
    expect(await host.until(finished)).toMatchObject({ state: "success" });
    expect((await ended(host, run)).tasks.map(({ instances }) => instances.map((one) => one.try_number))).toEqual([
      [1, 2, 1],
      [1],
    ]);
  });

  it("marks an instance, and refuses what no run can be asked for", async () => {
    const { host, run } = await failedRun();
    host.events.length = 0;
    const action = { name: "mark", state: "success", selection: { task_id: "add", map_index: 1 } };
    const whole = { ...run, ...action, selection: { task_id: "add" } };
    expect(await host.value<PlannedTask[]>("planAction", whole)).toMatchObject([{ counts: { failed: 1 } }]);
    expect(await host.value<PlannedTask[]>("planAction", { ...whole, state: "failed" })).toMatchObject([
      { counts: { success: 2 } },
    ]);
    await resumed(host, { ...run, action });
    await host.until(finished);
    expect((await ended(host, run)).tasks.map(({ counts }) => counts)).toEqual([
      { success: 3 },
      { upstream_failed: 1 },
    ]);
    expect((await host.raw("resumeRun", { ...run, action: { ...action, state: "skipped" } })).type).toBe("failure");
    const unknown = { ...run, action: { ...action, selection: { task_id: "no" } } };
    expect(await host.ask("resumeRun", unknown)).toMatchObject({ error: { code: "unknown-task" } });
  });

  it("runs only one instance, with what it needs", async () => {
    const { project, host } = await failedRun();
    host.events.length = 0;
    const run = await host.value<Started>("startRun", { file: project.path("dag.ts"), task: "add", map_index: 2 });
    await host.until((event) => event.run_id === run.run_id && finished(event));
    const { tasks } = await ended(host, run);
    expect(tasks.map(({ counts }) => counts)).toEqual([{ success: 1, none: 2 }, { none: 1 }]);
  });

  it("cancels and resumes a run of another process, which it may read but not take over", async () => {
    const project = new Project();
    project.write({
      "dag.ts": dagSource(
        `import { existsSync } from "node:fs";
         const slow = task({ task_id: "slow" }, async () => {
           while (!existsSync(${JSON.stringify(project.path("go"))})) await new Promise((resolve) => setTimeout(resolve, 20));
         });`,
        `slow();`,
      ),
    });
    const [owner, other] = [new Host(), new Host()];
    const run = await owner.value<Started>("startRun", { file: project.path("dag.ts") });
    await owner.until((event) => event.type === "instances_changed");
    expect(await other.value("showRun", run)).toMatchObject({ state: "running" });
    expect(await other.ask("resumeRun", run)).toMatchObject({ error: { code: "run-locked" } });
    expect(await other.value("cancelRun", run)).toBe(true);
    expect(await owner.until(finished)).toMatchObject({ cancelled: true });
    await ended(owner, run);
    project.write({ go: "" });
    await resumed(other, run);
    expect(await other.until(finished)).toMatchObject({ state: "success" });
    await ended(other, run);
    expect(owner.events.filter(finished)).toHaveLength(1);
  });
});
