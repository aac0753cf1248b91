import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { MIGRATIONS } from "../../runtime/src/store/migrations.js";
import { Project, dagSource, runToEnd, states } from "../runtime/support/project.js";
import { makeOld } from "./support/oldRun.js";

const DAG = dagSource(
  `const list = task({ task_id: "list" }, () => [1, 2, 3]);
const work = task({ task_id: "work", retries: 1, retry_delay: 0 }, ({ x }: { x: number }, { ti }) => {
  console.log("work", x);
  if (x === 2 && ti.try_number === 1) throw new Error("once");
  return x * 10;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.reduce((a, b) => a + b, 0));`,
  "total({ values: work.expand({ x: list() }) });",
);

/** A run of an earlier version whose process was killed: one instance and what follows it are open. */
async function oldRun(steps: number) {
  const project = new Project({ "dag.ts": DAG });
  const { run_id } = await runToEnd(project);
  makeOld(project.path(`.fanout/runs/${run_id}`), steps, [
    ["work", 2],
    ["total", -1],
  ]);
  rmSync(project.path(".fanout/index.ndjson"));
  return { project, run_id };
}

const earlier = MIGRATIONS.map((_, step) => step + 1).slice(0, -1);

describe.each(earlier)("a run that was written with step %i of the schema", (steps) => {
  it("is listed and shown with all that it kept", async () => {
    const { project, run_id } = await oldRun(steps);
    const history = project.history();
    expect(history.runs()).toMatchObject([{ run_id, run_type: "manual", state: "failed" }]);
    const { tasks, error } = history.show(run_id);
    expect(error?.code).toBe("worker-died");
    expect(tasks.map(states)).toEqual([["success"], ["success", "success", "none"], ["none"]]);
    expect(history.xcom(run_id, "work")).toEqual([10, 20]);
    expect(history.xcom(run_id, "work", 0, "pushed")).toBe(null);
    expect(history.instance(run_id, "work", 1)).toMatchObject({ try_number: 2, rendered: { x: 2 } });
    expect(history.log(run_id, "work", 1, 1)).toContain("work 2");
  });

  it("goes on where it stood, and is brought up to date", async () => {
    const { project, run_id } = await oldRun(steps);
    const { done, isCodeChanged } = await resumeRun({ home: project.home, run_id, parallelism: 2 });
    expect(await done).toMatchObject({ state: "success" });
    // Which code it began with was not kept then.
    expect(isCodeChanged).toBe(false);
    const history = project.history();
    expect(history.xcom(run_id, "total")).toBe(60);
    const [, work] = history.show(run_id).tasks;
    expect(work?.instances.map(({ try_number }) => try_number)).toEqual([1, 2, 1]);
    expect(history.log(run_id, "work", 1, 1)).toContain("work 2");
  });
});
