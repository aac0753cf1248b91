import { describe, expect, it } from "vitest";
import { type FinishedRun, runDag, states } from "../runtime/support/project.js";

const tasks = `
  import { setup, teardown, task_group } from "fanout";
  const ends = (how: string, index = 0) => {
    if (how === "fail") throw new Error("boom");
    if (how === "skip") throw new SkipException();
    return how;
  };
  const create = (how = "well") => setup({ task_id: "create" }, () => ends(how))();
  const work = (how = "well", options: any = {}) => task({ task_id: "work", ...options }, () => ends(how))();
  const remove = (how = "well", options: any = {}) => teardown({ task_id: "remove", ...options }, () => ends(how))();
  const step = (task_id: string, options: any = {}) => task({ task_id, ...options }, () => task_id)();`;

function stateOf(run: FinishedRun): Record<string, string> {
  return Object.fromEntries(run.run.tasks.map(({ task_id, state }) => [task_id, state]));
}

/** setup → work → teardown, and setup → teardown. */
const guarded = (create = "", work = "", remove = ""): string =>
  `const c = create(${create}); const r = remove(${remove}); chain(c, work(${work}), r); chain(c, r);`;

describe("§2.9 all_done_setup_success: a teardown", () => {
  it.each([
    ["well", "well", "success", "success"],
    ["well", "fail", "failed", "success"],
    ["well", "skip", "skipped", "success"],
    ["fail", "well", "upstream_failed", "upstream_failed"],
    ["skip", "well", "skipped", "skipped"],
  ])("behind a setup that ends %s, and work that ends %s", async (created, worked, work, remove) => {
    const run = await runDag(tasks, guarded(`"${created}"`, `"${worked}"`));
    expect(stateOf(run)).toMatchObject({ work, remove });
  });

  it("runs where one of several setups succeeded, and as all_done where it has none", async () => {
    const several = await runDag(
      tasks,
      `const other = setup({ task_id: "other" }, () => ends("fail"))(); chain([create(), other], remove());`,
    );
    expect(stateOf(several)).toEqual({ other: "failed", create: "success", remove: "success" });
    const none = await runDag(tasks, `chain(work("fail"), remove());`);
    expect(stateOf(none)).toEqual({ work: "failed", remove: "success" });
  });
});

describe("§2.10 work between a setup and its teardown", () => {
  it.each([
    ["fail", "upstream_failed"],
    ["skip", "skipped"],
  ])("does not run where the setup ends %s, whatever its own rule and wherever it stands", async (how, state) => {
    const run = await runDag(
      tasks,
      `const c = create("${how}"); const r = remove(); const done = { trigger_rule: "all_done" };
       chain(c, step("first", done), work("well", done), r); chain(c, r); chain(r, step("after", done));`,
    );
    expect(stateOf(run)).toMatchObject({ first: state, work: state, after: "success" });
  });

  it("belongs to a setup without a teardown wherever it stands behind it", async () => {
    const run = await runDag(
      tasks,
      `chain(create("fail"), step("first", { trigger_rule: "all_done" }), step("second", { trigger_rule: "all_done" }));`,
    );
    expect(stateOf(run)).toMatchObject({ first: "upstream_failed", second: "upstream_failed" });
  });
});

describe("§2.10 the state of a run with teardowns", () => {
  it.each([
    ["well", "fail", "", "success"],
    ["fail", "well", "", "failed"],
    ["well", "fail", "{ on_failure_fail_dagrun: true }", "failed"],
    ["fail", "well", "{ on_failure_fail_dagrun: true }", "success"],
  ])("work ends %s, teardown %s %s: %s", async (work, remove, options, state) => {
    const run = await runDag(tasks, guarded("", `"${work}"`, `"${remove}"${options && `, ${options}`}`));
    expect(run.result.state).toBe(state);
  });
});

describe("§2.10 setups and teardowns that are mapped", () => {
  it("as tasks: work waits for all setups, and teardowns for all work", async () => {
    const run = await runDag(
      `${tasks} const each = setup({ task_id: "each" }, ({ x }: any) => x);
       const clean = teardown({ task_id: "clean" }, ({ x }: any) => x);`,
      `const made = each.expand({ x: [1, 2] }); chain(made, work("fail"), clean.expand({ x: made }));`,
    );
    expect(states(run.task("clean"))).toEqual(["success", "success"]);
  });

  it("in a mapped group: each index has its own", async () => {
    const run = await runDag(
      `${tasks} const own = setup({ task_id: "own" }, ({ x }: any) => ends(x));
       const use = task({ task_id: "use", trigger_rule: "all_done" }, ({ x }: any) => x);
       const clean = teardown({ task_id: "clean" }, () => null);`,
      `task_group({ group_id: "g" }, ({ x }: any) => {
         const o = own({ x }); const c = clean(); chain(o, use({ x: o }), c); chain(o, c);
       }).expand({ x: ["well", "fail", "skip"] });`,
    );
    expect(states(run.task("g.use"))).toEqual(["success", "upstream_failed", "skipped"]);
    expect(states(run.task("g.clean"))).toEqual(["success", "upstream_failed", "skipped"]);
  });
});
