import { describe, expect, it } from "vitest";
import type { Selection } from "#core/model/runAction.js";
import { planAction } from "../../runtime/src/engine/actions/plan.js";
import { startRun } from "../../runtime/src/engine/startRun.js";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { runToEnd, states } from "../runtime/support/project.js";

const DEFINITIONS = `
const step = (task_id: string) => task({ task_id }, (_: unknown) => { note(task_id); return task_id; });
const list = task({ task_id: "list" }, () => { note("list"); return [1, 2, 3]; });
const work = task({ task_id: "work", retries: 0 }, async ({ x }: { x: number }) => {
  note(\`work \${x}\`);
  if (given().slow) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return x;
});
const total = task({ task_id: "total" }, (_: { values: readonly number[] }) => note("total"));`;
const BODY = `const ran = work.expand({ x: list() });
chain(total({ values: ran }), step("last")({} as any)); chain(step("apart")({} as any), step("behind")({} as any));`;

/** A run of one of three instances, which is over. */
async function runOfOne(): Promise<{ project: NotedProject; run_id: string }> {
  const project = new NotedProject(DEFINITIONS, BODY);
  const { run_id } = await runToEnd(project, { task: "work", map_index: 1 });
  expect(project.notes()).toEqual(["list", "work 2"]);
  return { project, run_id };
}

describe("a run of a part, once it goes on", () => {
  it.each<[string, Selection, string[]]>([
    ["what belongs to it", { task_id: "work", map_index: 1 }, ["work 2"]],
    ["what it needs", { task_id: "list" }, ["list"]],
    ["all that it has done", {}, ["list", "work 2"]],
    ["another instance", { task_id: "work", map_index: 0 }, ["work 1"]],
    ["all instances", { task_id: "work" }, ["work 1", "work 2", "work 3"]],
    ["what lies behind it, with what that needs", { task_id: "total" }, ["total", "work 1", "work 3"]],
    ["everything behind", { task_id: "total", downstream: true }, ["last", "total", "work 1", "work 3"]],
    ["what lies beside it", { task_id: "behind" }, ["apart", "behind"]],
  ])("runs %s where that is cleared, says so before, and nothing else", async (_, selection, ran) => {
    const { project, run_id } = await runOfOne();
    const planned = planAction(project.home, run_id, clear(selection));
    const { result } = await goOn(project, run_id, clear(selection));
    expect(project.notes()).toEqual(ran);
    const named = planned.map(({ task_id, map_index }) => task_id + (map_index < 0 ? "" : ` ${String(map_index + 1)}`));
    expect(named.sort()).toEqual(ran);
    expect(result.state).toBe("success");
  });

  it("keeps what joined it, and runs nothing else after a mark", async () => {
    const { project, run_id } = await runOfOne();
    await goOn(project, run_id, clear({ task_id: "work", map_index: 0 }));
    project.notes();
    const selection = { task_id: "work" };
    const { run, result } = await goOn(project, run_id, { name: "mark", state: "failed", selection });
    expect(project.notes()).toEqual([]);
    expect(result.state).toBe("failed");
    expect(states(task(run, "work"))).toEqual(["failed", "failed", "none"]);
    await goOn(project, run_id, clear({ only_failed: true }));
    expect(project.notes()).toEqual(["work 1", "work 2"]);
  });

  it("finishes what was stopped, and nothing else", async () => {
    const project = new NotedProject(DEFINITIONS, BODY);
    project.give({ slow: true });
    const handle = await startRun({
      ...{ file: project.path("dag.ts"), parallelism: 2, task: "work", map_index: 1 },
      onEvent: (event) => {
        if (event.type !== "instances_changed" || event.task_id !== "work") return;
        if (event.changes.some(({ state }) => state === "running")) handle.cancel();
      },
    });
    expect(await handle.done).toMatchObject({ cancelled: true });
    project.notes();
    project.give({});
    const { run, result } = await goOn(project, handle.run_id);
    expect(project.notes()).toEqual(["work 2"]);
    expect(result.state).toBe("success");
    const others = ["total", "last", "apart", "behind"].map((one) => task(run, one).state);
    expect(others).toEqual(["none", "none", "none", "none"]);
  });
});

const GUARDED = `
import { setup, teardown } from "fanout";
const create = setup({ task_id: "create" }, () => { note("create"); return "it"; });
const work = task({ task_id: "work", retries: 0 }, ({ n }: { n: number }) => { note(\`work \${n}\`); if (n === given().bad) throw new Error("bad"); });
const other = task({ task_id: "other" }, () => note("other"));
const late = task({ task_id: "late", trigger_rule: "all_done" }, () => note("late"));
const remove = teardown({ task_id: "remove" }, ({ id }: { id: string }) => note(\`remove \${id}\`));
const behind = task({ task_id: "behind" }, () => note("behind"));`;
const GUARDED_BODY = `const id = create();
chain(id, [work.expand({ n: [1, 2] }), other()], late(), remove({ id }).as_teardown({ setups: id }), behind());`;

describe("§2.10 a run of a part with setups", () => {
  it.each<[string, { task: string; map_index?: number }, string[]]>([
    ["a task", { task: "work" }, ["create", "remove it", "work 1", "work 2"]],
    ["an instance", { task: "work", map_index: 1 }, ["create", "remove it", "work 2"]],
    ["an instance that there is not", { task: "work", map_index: 7 }, ["create", "remove it"]],
    ["the setup", { task: "create" }, ["create", "remove it"]],
  ])("tears down at the end what was set up for %s", async (_, part, ran) => {
    const project = new NotedProject(GUARDED, GUARDED_BODY);
    const { result, run } = await runToEnd(project, part);
    expect(project.notes()).toEqual(ran);
    expect(result.error?.code).toBe(part.map_index === 7 ? "unknown-map-index" : undefined);
    expect(["other", "late", "behind"].map((one) => task(run, one).state)).toEqual(["none", "none", "none"]);
  });

  it("does so where it failed, and again where it runs once more", async () => {
    const project = new NotedProject(GUARDED, GUARDED_BODY);
    project.give({ bad: 2 });
    const { result, run_id } = await runToEnd(project, { task: "work", map_index: 1 });
    expect(result.state).toBe("failed");
    expect(project.notes()).toEqual(["create", "remove it", "work 2"]);
    project.give({});
    const cleared = await goOn(project, run_id, clear({ task_id: "work", only_failed: true }));
    expect(cleared.result.state).toBe("success");
    expect(project.notes()).toEqual(["create", "remove it", "work 2"]);
  });
});
