import { describe, expect, it } from "vitest";
import type { RunAction } from "#core/model/runAction.js";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { dagSource, refusalOf, runToEnd, states } from "../runtime/support/project.js";

const MAPPED = `
const list = task({ task_id: "list" }, () => { note("list"); return given().list; });
const work = task({ task_id: "work", retries: 0 }, ({ x }: { x: number }) => {
  note(\`work \${x}\`);
  console.log("seen", given().bad);
  if (given().bad === x) throw new Error("bad");
  return x * 10;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => {
  note("total");
  return values.reduce((sum, value) => sum + value, 0);
});`;
const MAPPED_BODY = `total({ values: work.expand({ x: list() }) });`;

describe("§2.12 clearing", () => {
  it("runs one instance once more, with what follows where that is asked for, and keeps its earlier try", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1, 2, 3], bad: 2 });
    const { run_id, result, events } = await runToEnd(project);
    expect(result.state).toBe("failed");
    project.notes();
    project.give({ list: [1, 2, 3] });
    const cleared = await goOn(project, run_id, clear({ task_id: "work", map_index: 1, downstream: true }));
    expect(project.notes()).toEqual(["total", "work 2"]);
    expect(cleared.result.state).toBe("success");
    expect(task(cleared.run, "work").instances.map(({ try_number }) => try_number)).toEqual([1, 2, 1]);
    const history = project.history();
    expect(history.xcom(run_id, "total")).toBe(60);
    expect(history.log(run_id, "work", 1, 1)).toContain("seen 2");
    expect(history.log(run_id, "work", 1)).toContain("seen undefined");
    const [started] = cleared.events;
    expect(started).toMatchObject({
      type: "run_started",
      resumed: {
        action: "clear",
        code_changed: false,
        instances: [
          { task_id: "work", map_indexes: [1] },
          { task_id: "total", map_indexes: [-1] },
        ],
      },
    });
    const seqs = [...events, ...cleared.events].map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, place) => place + 1));
  });

  it("leaves alone what is not asked for: what follows a cleared instance stays as it was", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1, 2, 3] });
    const { run_id } = await runToEnd(project);
    project.notes();
    await goOn(project, run_id, clear({ task_id: "work", map_index: 0 }));
    expect(project.notes()).toEqual(["work 1"]);
  });

  it("clears of everything only what failed, or was not run because of that", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1, 2, 3], bad: 3 });
    const { run_id } = await runToEnd(project);
    project.notes();
    project.give({});
    const { result } = await goOn(project, run_id, clear({ only_failed: true }));
    expect(project.notes()).toEqual(["total", "work 3"]);
    expect(result.state).toBe("success");
  });

  it("gives a map the new length of its source: what is new runs, what is gone is removed, what stays stays", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1, 2, 3] });
    const { run_id } = await runToEnd(project);
    project.notes();
    project.give({ list: [1, 2, 3, 4, 5] });
    const longer = await goOn(project, run_id, clear({ task_id: "list" }));
    expect(project.notes()).toEqual(["list", "work 4", "work 5"]);
    expect(states(task(longer.run, "work"))).toEqual(Array(5).fill("success"));
    project.give({ list: [1, 2] });
    const shorter = await goOn(project, run_id, clear({ task_id: "list" }));
    expect(project.notes()).toEqual(["list"]);
    expect(states(task(shorter.run, "work"))).toEqual(["success", "success", "removed", "removed", "removed"]);
    const again = await goOn(project, run_id, clear({ task_id: "total" }));
    expect(project.notes()).toEqual(["total"]);
    expect(again.result.state).toBe("success");
    expect(project.history().xcom(run_id, "total")).toBe(30);
  });

  it("expands anew what had nothing to map over", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [] });
    const { run_id } = await runToEnd(project);
    project.notes();
    project.give({ list: [7] });
    const { run } = await goOn(project, run_id, clear({ task_id: "list", downstream: true }));
    expect(project.notes()).toEqual(["list", "total", "work 7"]);
    expect(states(task(run, "work"))).toEqual(["success"]);
  });

  it("counts retries anew", async () => {
    const project = new NotedProject(
      `const flaky = task({ task_id: "flaky", retries: 1, retry_delay: 0 }, () => { note("flaky"); throw new Error("no"); });`,
      "flaky();",
    );
    const { run_id } = await runToEnd(project);
    expect(project.notes()).toHaveLength(2);
    const { run } = await goOn(project, run_id, clear({ task_id: "flaky" }));
    expect(project.notes()).toHaveLength(2);
    expect(task(run, "flaky").instances[0]?.try_number).toBe(4);
  });

  it("tells the instance and its callbacks of the tries that it has now", async () => {
    const project = new NotedProject(
      `const told = (what: string) => ({ ti }: any) => note(\`\${what} of \${ti.try_number}\`);
const flaky = task({ task_id: "flaky", retries: 1, retry_delay: 0, on_retry_callback: told("retry"), on_failure_callback: told("failure") },
  ({ x }: { x: number }, { ti }: any) => {
    note(\`try \${ti.try_number}, at most \${ti.max_tries} retries\`);
    if (given().dies) process.kill(process.pid, "SIGKILL");
    throw new Error("no");
  });`,
      "flaky.expand({ x: [1] });",
    );
    const { run_id } = await runToEnd(project);
    const first = ["failure of 2", "retry of 1", "try 1, at most 1 retries", "try 2, at most 1 retries"];
    expect(project.notes()).toEqual(first);
    await goOn(project, run_id, clear({ task_id: "flaky" }));
    const second = ["failure of 4", "retry of 3", "try 3, at most 3 retries", "try 4, at most 3 retries"];
    expect(project.notes()).toEqual(second);
    project.give({ dies: true });
    await goOn(project, run_id, clear({ task_id: "flaky" }));
    const third = ["failure of 6", "retry of 5", "try 5, at most 5 retries", "try 6, at most 5 retries"];
    expect(project.notes()).toEqual(third);
  });

  it("clears behind an instance of a mapped group only what has its index, and all that is outside", async () => {
    const project = new NotedProject(
      `import { task_group, type XComArg } from "fanout";
const one = task({ task_id: "one" }, ({ x }: { x: number }) => { note(\`one \${x}\`); return x; });
const two = task({ task_id: "two" }, ({ x }: { x: number }) => { note(\`two \${x}\`); return x; });
const after = task({ task_id: "after" }, ({ values }: { values: readonly number[] }) => { note("after"); return values.length; });
const both = task_group({ group_id: "both" }, ({ x }: { x: XComArg<number> }) => two({ x: one({ x }) }));`,
      "after({ values: both.expand({ x: [1, 2, 3] }) });",
    );
    const { run_id } = await runToEnd(project);
    project.notes();
    await goOn(project, run_id, clear({ task_id: "both.one", map_index: 1, downstream: true }));
    expect(project.notes()).toEqual(["after", "one 2", "two 2"]);
  });

  it("refuses what is not there, and changes nothing", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1] });
    const { run_id } = await runToEnd(project);
    const { home } = project;
    const refusal = (selection: RunAction["selection"]) =>
      refusalOf(resumeRun({ home, run_id, action: clear(selection) }));
    expect((await refusal({ task_id: "nobody" })).code).toBe("unknown-task");
    expect((await refusal({ task_id: "work", map_index: 1 })).code).toBe("unknown-map-index");
    expect((await refusal({ map_index: 1 })).code).toBe("unknown-map-index");
    expect((await refusalOf(resumeRun({ home, run_id: "nothing" }))).code).toBe("unknown-run");
    project.write({ "dag.ts": dagSource(`const other = task({ task_id: "other" }, () => 1);`, "other();") });
    expect((await refusalOf(resumeRun({ home, run_id }))).code).toBe("graph-changed");
    expect(project.history().show(run_id).state).toBe("success");
  });
});

describe("§2.12 marking", () => {
  it("lets an instance count as done, so that what is cleared behind it runs", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1, 2, 3], bad: 2 });
    const { run_id } = await runToEnd(project);
    project.notes();
    const selection = { task_id: "work", map_index: 1 };
    const marked = await goOn(project, run_id, { name: "mark", state: "success", selection });
    expect(project.notes()).toEqual([]);
    expect(states(task(marked.run, "work"))).toEqual(["success", "success", "success"]);
    expect(marked.result.state).toBe("failed");
    const { result } = await goOn(project, run_id, clear({ task_id: "total" }));
    expect(result.state).toBe("success");
    expect(project.history().xcom(run_id, "total")).toBe(40);
  });

  it("lets one that has succeeded count as failed, with the reason", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1] });
    const { run_id } = await runToEnd(project);
    const { result } = await goOn(project, run_id, { name: "mark", state: "failed", selection: { task_id: "total" } });
    expect(result.state).toBe("failed");
    expect(project.history().instance(run_id, "total", -1).error?.code).toBe("marked-failed");
    await goOn(project, run_id, clear({ task_id: "total" }));
    // How the try ended does not change by it.
    const { tries } = project.history().instance(run_id, "total", -1);
    expect(tries).toMatchObject([{ state: "success", error: null }, { state: "success" }]);
  });
});

describe("a run of one task, or one instance", () => {
  it("runs it and what it needs, and nothing else", async () => {
    const project = new NotedProject(MAPPED, MAPPED_BODY);
    project.give({ list: [1, 2, 3] });
    const { run, result } = await runToEnd(project, { task: "work" });
    expect(project.notes()).toEqual(["list", "work 1", "work 2", "work 3"]);
    expect(result.state).toBe("success");
    expect(task(run, "total").state).toBe("none");
    await runToEnd(project, { task: "work", map_index: 2 });
    expect(project.notes()).toEqual(["list", "work 3"]);
    const beyond = await runToEnd(project, { task: "work", map_index: 3 });
    expect(beyond.result).toMatchObject({ state: "failed", error: { code: "unknown-map-index" } });
  });

  it.each([
    ["ends before those before it", `"one_success"`, `note("fast")`, "success"],
    ["cannot run any more", `"all_success"`, `throw new Error("boom")`, "failed"],
  ])("whose task %s stops none of them", async (_, rule, fast, state) => {
    const project = new NotedProject(
      `const fast = task({ task_id: "fast" }, () => { ${fast}; });
       const slow = task({ task_id: "slow", retries: 1, retry_delay: 0 }, async (_: any, { ti }) => {
         await new Promise((resolve) => setTimeout(resolve, 500));
         if (ti.try_number === 1) throw new Error("again");
         note("slow");
       });
       const behind = task({ task_id: "behind" }, () => note("behind"));
       const join = task({ task_id: "join", trigger_rule: ${rule} }, () => note("join"));
       const after = task({ task_id: "after" }, () => note("after"));`,
      `const joined = join(); chain(fast(), joined, after()); chain((slow as any)({}), behind(), joined);`,
    );
    const { run, result } = await runToEnd(project, { task: "join" });
    expect(result).toEqual({ state, cancelled: false });
    expect(run.state).toBe(state);
    const [ended, started] = state === "success" ? [state, ["fast", "join"]] : ["upstream_failed", []];
    expect(project.notes()).toEqual(["behind", ...started, "slow"]);
    expect(["slow", "behind", "join", "after"].map((one) => task(run, one).state)).toEqual([
      ...["success", "success", ended, "none"],
    ]);
  });
});
