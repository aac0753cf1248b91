import { task } from "fanout";
import { describe, expect, it } from "vitest";
import { loose, refusal } from "../authoring/declare.js";
import type { FinishedRun } from "../runtime/support/project.js";
import { runDag } from "../runtime/support/project.js";

const tasks = `
  const branch = (id: string, follow: any) => task.branch({ task_id: id }, () => follow)();
  const step = (task_id: string, options: any = {}) => task({ task_id, ...options }, () => task_id)();`;

function stateOf(run: FinishedRun): Record<string, string> {
  return Object.fromEntries(run.run.tasks.map(({ task_id, state }) => [task_id, state]));
}

describe("§2.10 task.branch", () => {
  it("skips the tasks right behind it that it does not name, and what follows them", async () => {
    const run = await runDag(
      tasks,
      `const b = branch("b", "left"); const [l, r] = [step("left"), step("right")];
       chain(b, [l, r]); chain(l, step("after_left")); chain(r, step("after_right"));`,
    );
    expect(run.result.state).toBe("success");
    expect(stateOf(run)).toEqual({
      ...{ b: "success", left: "success", right: "skipped", after_left: "success", after_right: "skipped" },
    });
    expect(run.xcom("b")).toBe("left");
    expect(run.log("b")).toContain("right");
  });

  it("goes several ways, or none", async () => {
    const body = (follow: string): string =>
      `chain(branch("b", ${follow}), [step("one"), step("two"), step("three")]);`;
    const two = await runDag(tasks, body(`["one", "three"]`));
    expect(stateOf(two)).toEqual({ b: "success", one: "success", two: "skipped", three: "success" });
    for (const none of ["[]", "null", "undefined"]) {
      const run = await runDag(tasks, body(none));
      expect(stateOf(run)).toEqual({ b: "success", one: "skipped", two: "skipped", three: "skipped" });
    }
  });

  it("does not skip the task that joins the ways, even where it leads to it directly", async () => {
    const run = await runDag(
      tasks,
      `const b = branch("b", "one"); const one = step("one");
       const join = step("join", { trigger_rule: "none_failed_min_one_success" });
       chain(b, [one, step("two")], [join, join]); chain(b, join);`,
    );
    expect(stateOf(run)).toEqual({ b: "success", one: "success", two: "skipped", join: "success" });
  });

  it("that is skipped itself skips what it leads to", async () => {
    const run = await runDag(
      `${tasks} const skip = task({ task_id: "skip" }, () => { throw new SkipException(); });`,
      `chain(skip(), branch("b", "one"), [step("one"), step("two")]);`,
    );
    expect(stateOf(run)).toEqual({ skip: "skipped", b: "skipped", one: "skipped", two: "skipped" });
  });

  it("skips every instance of a mapped task, as one while its number is not known", async () => {
    const run = await runDag(
      `${tasks} const each = task({ task_id: "each" }, ({ x }: { x: number }) => x);`,
      `const numbers = task({ task_id: "numbers" }, () => [1, 2, 3])();
       const later = each.override({ task_id: "later" }).expand({ x: numbers });
       chain(branch("b", "one"), [step("one"), each.expand({ x: [1, 2, 3] }), later]);`,
    );
    expect(run.task("each")).toMatchObject({ state: "skipped", count: 3, counts: { skipped: 3 } });
    expect(run.task("later")).toMatchObject({ state: "skipped", count: null, counts: { skipped: 1 } });
  });

  it.each([
    ["branch-unknown-task", `"nowhere"`],
    ["branch-unknown-task", `["one", "nowhere"]`],
    ["branch-not-task-ids", "5"],
    ["branch-not-task-ids", `["one", 5]`],
    ["branch-not-task-ids", "{ one: true }"],
  ])("fails with %s when it returns %s (DTM514)", async (code, follow) => {
    const run = await runDag(tasks, `chain(branch("b", ${follow}), step("one"));`);
    expect(run.instance("b")).toMatchObject({ state: "failed", error: { code } });
    expect(run.task("one").state).toBe("upstream_failed");
  });

  it("is tried again when it returned something that is no task", async () => {
    const run = await runDag(
      `${tasks} const b = task.branch({ task_id: "b", retries: 1, retry_delay: 0 },
         (_: {}, { ti }: any) => ti.try_number === 1 ? "nowhere" : "one");`,
      `chain(b(), [step("one"), step("two")]);`,
    );
    expect(stateOf(run)).toEqual({ b: "success", one: "success", two: "skipped" });
  });
});

describe("§2.10 task.short_circuit", () => {
  const stop = `const stop = (options: any, value: any) => task.short_circuit({ task_id: "stop", ...options }, () => value)();`;
  const chainOf = (options: string, value: string): string =>
    `chain(stop(${options}, ${value}), step("next"), step("anyway", { trigger_rule: "all_done" }));`;

  it.each(["false", "null", "0", `""`])(
    "skips everything downstream on %s, whatever its trigger rule",
    async (value) => {
      const run = await runDag(`${tasks} ${stop}`, chainOf("{}", value));
      expect(run.result.state).toBe("success");
      expect(stateOf(run)).toEqual({ stop: "success", next: "skipped", anyway: "skipped" });
    },
  );

  it("lets everything go on when it is true, and keeps its result", async () => {
    const run = await runDag(`${tasks} ${stop}`, chainOf("{}", `"rows"`));
    expect(stateOf(run)).toEqual({ stop: "success", next: "success", anyway: "success" });
    expect(run.xcom("stop")).toBe("rows");
  });

  it("leaves what comes later to its trigger rules without ignore_downstream_trigger_rules", async () => {
    const run = await runDag(`${tasks} ${stop}`, chainOf("{ ignore_downstream_trigger_rules: false }", "false"));
    expect(stateOf(run)).toEqual({ stop: "success", next: "skipped", anyway: "success" });
  });

  it("does not touch what is not downstream, nor what already runs", async () => {
    const run = await runDag(
      `${tasks} ${stop}`,
      `const s = stop({}, false); const first = step("first", { trigger_rule: "always" });
       chain(s, first); chain(step("other"), step("after_other")); chain(s, step("next"));`,
    );
    expect(stateOf(run)).toEqual({
      ...{ stop: "success", first: "success", other: "success", after_other: "success", next: "skipped" },
    });
  });
});

describe("§2.2 task.bash", () => {
  it("runs what its function returns, with its inputs, and keeps the last line", async () => {
    const run = await runDag(
      `const say = task.bash({ task_id: "say" }, ({ x }: { x: number }) => \`echo first; echo \${x}\`);`,
      `say.expand({ x: [1, 2] });`,
    );
    expect([run.xcom("say", 0), run.xcom("say", 1)]).toEqual(["1", "2"]);
    expect(run.log("say", 1)).toContain("first");
  });

  it.each([
    ["exit 99", "skipped", undefined],
    ["exit 3", "failed", "task-failed"],
    ["", "failed", "invalid-argument"],
    ["echo '{{ nobody }}'", "failed", "template-failed"],
    ["echo '{{ ds }}'", "success", undefined],
  ])("'%s' is %s", async (command, state, code) => {
    const run = await runDag(`const say = task.bash({ task_id: "say" }, () => ${JSON.stringify(command)});`, `say();`);
    expect(run.instance("say").state).toBe(state);
    expect(run.instance("say").error?.code).toBe(code);
  });
});

describe("options of task.short_circuit", () => {
  const options = { task_id: "s", ignore_downstream_trigger_rules: 1 };
  it.each([
    ["invalid-argument", () => loose(task.short_circuit(options as object, () => true))()],
    ["invalid-argument", () => loose(task(options as object, () => true))()],
    ["none", () => task.short_circuit({ ...options, ignore_downstream_trigger_rules: false }, () => true)()],
  ])("give %s (%#)", (code, body) => {
    expect(refusal(body)).toBe(code);
  });
});

describe("DTM515 a branch or short circuit that is mapped itself", () => {
  it.each([
    ["branch", () => loose(task.branch({ task_id: "b" }, (_: object) => "a")).expand({ x: [1] })],
    ["branch with kwargs", () => loose(task.branch({ task_id: "b" }, (_: object) => "a")).expand_kwargs([{ x: 1 }])],
    ["short circuit", () => loose(task.short_circuit({ task_id: "b" }, (_: object) => true)).expand({ x: [1] })],
  ])("is refused: nobody could tell which of its instances decides (%s)", (_name, body) => {
    expect(refusal(body)).toBe("mapped-branch");
  });
});
