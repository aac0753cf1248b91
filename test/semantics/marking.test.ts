import { describe, expect, it } from "vitest";
import type { Mark, RunAction } from "#core/model/runAction.js";
import { planAction } from "../../runtime/src/engine/actions/plan.js";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { refusalOf, runToEnd, start, states } from "../runtime/support/project.js";
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
    const marked = [0, 1].map((index) => project.history().instance(run_id, "work", index).marked);
    expect(marked).toEqual([true, undefined]);
  });
});

describe("§2.10 teardowns of a run that was cancelled", () => {
  const GUARDED = `import { setup, teardown } from "fanout";
const create = setup({ task_id: "create" }, () => { note("create"); return "it"; });
const work = task({ task_id: "work", retries: 0 }, async () => {
  note("work");
  if (given().hangs) await new Promise((resolve) => setTimeout(resolve, 60_000));
});
const remove = teardown({ task_id: "remove" }, ({ id }: { id: string }) => note(\`remove \${id}\`));`;
  const GUARDED_BODY = `const id = create(); chain(id, work(), remove({ id }).as_teardown({ setups: id }));`;

  it.each<[string, RunAction | undefined, string[]]>([
    ["when it goes on, behind the work", undefined, ["remove it", "work"]],
    ["alone, where the work is marked", mark("failed", "work"), ["remove it"]],
  ])("run %s", async (_, action, ran) => {
    const project = new NotedProject(GUARDED, GUARDED_BODY);
    project.give({ hangs: true });
    const handle = await start(project);
    const seen: string[] = [];
    await until(() => seen.push(...project.notes()) === 2);
    handle.cancel();
    await handle.done;
    expect(project.notes()).toEqual([]);
    project.give({});
    await goOn(project, handle.run_id, action);
    expect(project.notes()).toEqual(ran);
  });
});

describe("§2.12 marking what has not run", () => {
  it("takes all instances that the task has, and says so before", async () => {
    const { project, run_id } = await cancelledRun();
    const action = mark("success", "work");
    const planned = planAction(project.home, run_id, action).map(({ map_index, state }) => [map_index, state]);
    expect(planned.slice(2)).toEqual([
      [2, "none"],
      [3, "none"],
    ]);
    const { run, result, events } = await goOn(project, run_id, action);
    expect(project.notes()).toEqual(["total", "work 9"]);
    expect(states(task(run, "work"))).toEqual(Array(4).fill("success"));
    expect(result.state).toBe("success");
    const instances = [{ task_id: "work", map_indexes: [0, 1, 2, 3] }];
    expect(events[0]).toMatchObject({ resumed: { action: "mark", instances } });
    expect(project.history().instance(run_id, "work", 3)).toMatchObject({
      ...{ state: "success", marked: true, tries: [], xcom: null },
    });
  });

  it("takes one of them, or a task that is not mapped, and what is cleared", async () => {
    const { project, run_id } = await cancelledRun();
    const stopAtOnce = async (action: RunAction): Promise<void> => {
      const handle = await resumeRun({ home: project.home, run_id, action });
      handle.cancel();
      await handle.done;
    };
    await stopAtOnce(mark("failed", "work", 3));
    await stopAtOnce(mark("success", "total"));
    expect(project.notes()).toEqual([]);
    const { run, result } = await goOn(project, run_id);
    expect(project.notes()).toEqual(["work 1", "work 2", "work 3", "work 9"]);
    expect(states(task(run, "work"))).toEqual(["success", "success", "success", "failed"]);
    expect([task(run, "total").state, result.state]).toEqual(["success", "success"]);
    await stopAtOnce(clear({ task_id: "total" }));
    await goOn(project, run_id, mark("failed", "total"));
    expect(project.notes()).toEqual([]);
    expect(project.history().instance(run_id, "total", -1)).toMatchObject({ error: { code: "marked-failed" } });
  });

  it("changes only what is not marked so already", async () => {
    const { project, run_id } = await cancelledRun();
    await goOn(project, run_id, mark("failed", "work", 2));
    const planned = (state: Mark): unknown[] =>
      planAction(project.home, run_id, mark(state, "work")).map(({ map_index, state: now }) => [map_index, now]);
    expect(planned("success")).toEqual([[2, "failed"]]);
    expect(planned("failed")).toHaveLength(3);
    await goOn(project, run_id, mark("success", "work"));
    expect(planned("success")).toEqual([]);
    project.notes();
    const refused = resumeRun({ home: project.home, run_id, action: mark("success", "work") });
    expect((await refusalOf(refused)).code).toBe("nothing-to-do");
    // Of an instance that has run, how it ended stays to be read.
    await goOn(project, run_id, mark("failed", "work", 0));
    await goOn(project, run_id, mark("success", "work", 0));
    const { tries } = project.history().instance(run_id, "work", 0);
    expect(tries.map(({ state }) => state)).toEqual(["failed", "success"]);
  });

  it("is refused where nobody knows yet which instances there are, and changes nothing", async () => {
    const project = new NotedProject(
      `const list = task({ task_id: "list" }, async () => { note("list"); if (given().hangs) await new Promise((resolve) => setTimeout(resolve, 60_000)); return [1, 2]; });
${DEFINITIONS}`,
      `total({ values: work.expand({ x: list() }) });`,
    );
    project.give({ hangs: true });
    const handle = await start(project);
    await until(() => project.notes().length > 0);
    handle.cancel();
    await handle.done;
    const { home } = project;
    const { run_id } = handle;
    for (const action of [mark("success", "work"), mark("success", "work", 0)]) {
      expect((await refusalOf(resumeRun({ home, run_id, action }))).code).toBe("unknown-map-index");
      expect(() => planAction(home, run_id, action)).toThrow(expect.objectContaining({ code: "unknown-map-index" }));
    }
    project.give({});
    expect((await goOn(project, run_id)).result.state).toBe("success");
    expect(project.notes()).toEqual(["list", "total", "work 1", "work 2"]);
    // Cleared, as a map whose length nobody knows any more.
    const cleared = await resumeRun({ home, run_id, action: clear({}) });
    cleared.cancel();
    await cleared.done;
    const action = mark("success", "work");
    expect((await refusalOf(resumeRun({ home, run_id, action }))).code).toBe("unknown-map-index");
  });

  it("takes nothing that lies outside of the part that a run is of", async () => {
    const project = new NotedProject(DEFINITIONS, BODY);
    const { run_id } = await runToEnd(project, { task: "work", map_index: 1 });
    project.notes();
    const marked = (action: RunAction): number[] =>
      planAction(project.home, run_id, action).map(({ map_index }) => map_index);
    expect(marked(mark("failed", "work"))).toEqual([1]);
    expect(marked(mark("failed", "total"))).toEqual([]);
  });
});
