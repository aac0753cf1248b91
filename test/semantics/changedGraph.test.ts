import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunAction } from "#core/model/runAction.js";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { refusalOf, runToEnd, start, states } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const DEFINITIONS = `
const first = task({ task_id: "first" }, async () => { note("first"); if (given().hangs) await new Promise((resolve) => setTimeout(resolve, 60_000)); });
const a = task({ task_id: "a" }, ({ x }: { x: number }) => { note(\`a \${x}\`); return x; });
const b = task({ task_id: "b" }, (_: { xs: unknown }) => note("b"));`;
const ONE = `const xs = a({ x: 9 }); chain(first(), xs, b({ xs }));`;
const MAPPED = `const xs = a.expand({ x: [1, 2] }); chain(first(), xs, b({ xs }));`;

function edit(project: NotedProject, before: string, after: string): void {
  const source = readFileSync(project.path("dag.ts"), "utf8");
  expect(source).toContain(before);
  project.write({ "dag.ts": source.replace(before, after) });
}

describe.each([
  ["is mapped since", ONE, MAPPED],
  ["is not mapped any more", MAPPED, ONE],
])("a run of whose tasks one %s", (_, before, after) => {
  it.each<[string, RunAction | undefined]>([
    ["resumed", undefined],
    ["cleared in part", clear({ task_id: "b" })],
    ["marked", { name: "mark", state: "failed", selection: { task_id: "b" } }],
  ])("is not %s, and stays as it is, until the task is as it was", async (_name, action) => {
    const project = new NotedProject(DEFINITIONS, before);
    const { run_id, run } = await runToEnd(project);
    project.notes();
    edit(project, before, after);
    const { home } = project;
    expect((await refusalOf(resumeRun({ home, run_id, ...(action && { action }) }))).code).toBe("graph-changed");
    expect(project.notes()).toEqual([]);
    expect(project.history().show(run_id)).toEqual(run);
    edit(project, after, before);
    await goOn(project, run_id, clear({ task_id: "b" }));
    expect(project.notes()).toEqual(["b"]);
  });

  it("goes on where that task has not run", async () => {
    const project = new NotedProject(DEFINITIONS, before);
    project.give({ hangs: true });
    const handle = await start(project);
    await until(() => project.notes().length > 0);
    handle.cancel();
    await handle.done;
    project.give({});
    edit(project, before, after);
    const { run, result } = await goOn(project, handle.run_id);
    const [ran, count] = after === MAPPED ? [["a 1", "a 2"], 2] : [["a 9"], 1];
    expect(project.notes()).toEqual([...ran, "b", "first"]);
    expect(result.state).toBe("success");
    expect(states(task(run, "a"))).toEqual(Array(count).fill("success"));
    expect(task(run, "a").count).toBe(count);
  });
});
