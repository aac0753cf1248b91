import { describe, expect, it } from "vitest";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { runToEnd, states } from "../runtime/support/project.js";

const DEFINITIONS = `
import { task_group, type XComArg } from "fanout";
const list = task({ task_id: "list" }, () => given().list);
const one = task({ task_id: "one" }, ({ x }: { x: number }) => { if (given().skipped?.includes(x)) throw new SkipException("no"); return x; });
const two = task({ task_id: "two" }, ({ x }: { x: number }) => x);
const both = task_group({ group_id: "both" }, ({ x }: { x: XComArg<number> }) => two({ x: one({ x }) }));`;

describe("§2.5 instances that never ran, and that a map has no longer", () => {
  it.each([
    ["the source alone is cleared", false],
    ["all is cleared", true],
  ])("are removed as those beside them, where %s", async (_, downstream) => {
    const project = new NotedProject(DEFINITIONS, `both.expand({ x: list() });`);
    project.give({ list: [1, 2, 3, 4], skipped: [2, 4] });
    const { run_id } = await runToEnd(project);
    expect(states(task(project.history().show(run_id), "both.two"))).toEqual([
      ...["success", "skipped", "success", "skipped"],
    ]);
    project.give({ list: [1] });
    const { run, result } = await goOn(project, run_id, clear({ task_id: "list", downstream }));
    expect(result.state).toBe("success");
    expect(states(task(run, "both.one"))).toEqual(["success", "removed", "removed", "removed"]);
    expect(states(task(run, "both.two"))).toEqual(["success", "removed", "removed", "removed"]);
    project.give({ list: [1, 2, 3, 4] });
    const grown = await goOn(project, run_id, clear({ task_id: "list", downstream: true }));
    expect(states(task(grown.run, "both.two"))).toEqual(Array(4).fill("success"));
    expect(task(grown.run, "both.two").count).toBe(4);
  });
});
