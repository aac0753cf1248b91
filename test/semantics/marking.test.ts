import { describe, expect, it } from "vitest";
import type { Mark, RunAction } from "#core/model/runAction.js";
import { NotedProject, goOn, task } from "../runtime/support/notedProject.js";
import { start, states } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const mark = (state: Mark, task_id: string, map_index?: number): RunAction => {
  return { name: "mark", state, selection: { task_id, ...(map_index !== undefined && { map_index }) } };
};

const DEFINITIONS = `
const work = task({ task_id: "work", retries: 0 }, async ({ x }: { x: number }) => {
  note(\`work \${x}\`);
  if (given().hangs?.includes(x)) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return x;
});
const beside = work.override({ task_id: "beside" });
const total = task({ task_id: "total", trigger_rule: "all_done" }, (_: { values: unknown }) => note("total"));`;
const BODY = `total({ values: work.expand({ x: [1, 2, 3, 4] }) }); (beside as any)({ x: 9 });`;

/** A run that somebody has cancelled while `work[0]` and `beside` were under way, two at a time. */
async function cancelledRun(): Promise<{ project: NotedProject; run_id: string }> {
  const project = new NotedProject(DEFINITIONS, BODY);
  project.give({ hangs: [1, 2, 3, 4, 9] });
  const handle = await start(project);
  const seen: string[] = [];
  await until(() => seen.push(...project.notes()) === 2);
  handle.cancel();
  await handle.done;
  project.give({});
  return { project, run_id: handle.run_id };
}

describe("§2.12 marking what was stopped", () => {
  it.each<[Mark, string]>([
    ["success", "success"],
    ["failed", "failed"],
  ])("%s ends it, and the rest goes on", async (state, of) => {
    const { project, run_id } = await cancelledRun();
    const { run, result } = await goOn(project, run_id, mark(state, "work", 0));
    expect(project.notes()).toEqual(["total", "work 2", "work 3", "work 4", "work 9"]);
    expect(states(task(run, "work"))).toEqual([of, "success", "success", "success"]);
    expect(result.state).toBe("success");
    const { tries } = project.history().instance(run_id, "work", 0);
    expect(tries).toMatchObject([{ try_number: 1, state: "failed", error: { code: "cancelled" } }]);
  });
});
