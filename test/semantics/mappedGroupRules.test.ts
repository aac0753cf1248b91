import { describe, expect, it } from "vitest";
import { groupTasks as tasks, instances } from "../runtime/support/groupTasks.js";
import { type FinishedRun, runDag, states } from "../runtime/support/project.js";

describe("§2.8 dependencies of tasks in mapped groups", () => {
  it("go depth first: instance k waits for instance k of the group only", async () => {
    const run = await runDag(
      tasks,
      `task_group({ group_id: "g" }, ({ x }: any) => { plus({ x: failsAt("first", 2)({ x }) }); }).expand({ x: nums() });`,
    );
    expect(instances(run, "g.first", "g.plus")).toEqual({
      "g.first": ["success", "failed", "success"],
      "g.plus": ["success", "upstream_failed", "success"],
    });
    expect(run.xcom("g.plus")).toEqual([101, 103]);
  });

  it("an instance starts before other instances of the task before it have ended", async () => {
    const run = await runDag(
      `${tasks} import { existsSync, writeFileSync } from "node:fs"; import path from "node:path";
       const file = (n: number) => path.join(process.env.FLAGS!, String(n));
       const first = task({ task_id: "first" }, async ({ x }: any) => {
         for (let waited = 0; x === 1 && waited < 30_000 && !existsSync(file(2)); waited += 20) {
           await new Promise((resolve) => setTimeout(resolve, 20));
         }
         if (x === 1 && !existsSync(file(2))) throw new Error("the other instance waited");
         return x; });
       const second = task({ task_id: "second" }, ({ x }: any) => writeFileSync(file(x), ""));
       process.env.FLAGS ??= import.meta.dirname;`,
      `task_group({ group_id: "g" }, ({ x }: any) => { second({ x: first({ x }) }); }).expand({ x: [1, 2] });`,
    );
    expect(run.result.state).toBe("success");
  });

  it("look at all instances of mapped tasks outside, and are looked at with all of theirs", async () => {
    const run = await runDag(
      tasks,
      `const outside = failsAt("outside", 2).expand({ x: nums() });
       const xs = task_group({ group_id: "g" }, ({ x }: any) => {
         const inside = echo({ x }); chain(outside, inside); return inside; }).expand({ x: [1, 2] });
       chain(xs, step("after"));`,
    );
    expect(instances(run, "g.echo", "after")).toEqual({
      "g.echo": ["upstream_failed", "upstream_failed"],
      after: ["upstream_failed"],
    });
  });
});

describe("§2.9 trigger rules in mapped groups", () => {
  const ruled = (rule: string, before: string): Promise<FinishedRun> =>
    runDag(
      tasks,
      `task_group({ group_id: "g" }, ({ x }: any) => { chain(${before}({ x }), step("after", { trigger_rule: "${rule}" })); })
         .expand({ x: nums() });`,
    );

  it.each([
    ["one_failed", `failsAt("t", 2)`, ["skipped", "success", "skipped"]],
    ["one_success", `failsAt("t", 2)`, ["success", "upstream_failed", "success"]],
    ["one_done", `skipsAt("t", 2)`, ["success", "skipped", "success"]],
    ["none_failed", `skipsAt("t", 2)`, ["success", "success", "success"]],
    ["none_failed_min_one_success", `skipsAt("t", 2)`, ["success", "skipped", "success"]],
    ["all_failed", `failsAt("t", 2)`, ["skipped", "success", "skipped"]],
    ["all_done", `failsAt("t", 2)`, ["success", "success", "success"]],
    ["all_skipped", `skipsAt("t", 2)`, ["skipped", "success", "skipped"]],
  ] as const)("%s decides for each index, and skips none too early", async (rule, before, after) => {
    const run = await ruled(rule, before);
    expect(states(run.task("g.after"))).toEqual(after);
  });

  it.each(["all_done", "one_failed", "none_failed", "all_failed"])(
    "whatever the rule (%s), nothing runs without what the group is mapped over",
    async (rule) => {
      for (const [source, state] of [
        ["bad", "upstream_failed"],
        ["skip", "skipped"],
      ] as const) {
        const run = await runDag(
          tasks,
          `task_group({ group_id: "g" }, ({ x }: any) => {
             echo.override({ task_id: "first", trigger_rule: "${rule}" })({ x });
             chain(step("other"), step("inner", { trigger_rule: "${rule}" })); }).expand({ x: ${source}() });`,
        );
        const expected = { "g.first": [state], "g.inner": [state] };
        const settled = instances(run, "g.first", "g.inner");
        // What the rule itself says of the failed or skipped task before it may come first.
        if (rule === "all_failed" && source === "skip") expected["g.inner"] = ["skipped"];
        expect(settled).toEqual(expected);
      }
    },
  );

  it("come before the sources of the mapping for an instance, as they do for a whole task", async () => {
    const run = await runDag(
      `import { task_group } from "fanout";
       const none = task({ task_id: "none" }, (): any => null);
       const g = task_group({ group_id: "g" }, ({ x }: any) => {
         task({ task_id: "rule", trigger_rule: "all_skipped" }, ({ x }: any) => x)({ x });
         task({ task_id: "none" }, ({ x }: any) => x)({ x }); });`,
      `(g as any).expand_kwargs([none()]);`,
    );
    expect(run.instance("none").error?.code).toBe("xcom-not-pushed");
    expect([run.task("g.rule").state, run.task("g.none").state]).toEqual(["skipped", "upstream_failed"]);
  });

  it("one_failed outside starts at the first instance that fails, and counts each of them", async () => {
    const run = await runDag(
      tasks,
      `const xs = task_group({ group_id: "g" }, ({ x }: any) => failsAt("t", 1)({ x })).expand({ x: nums() });
       chain(xs, step("alarm", { trigger_rule: "one_failed" })); chain(xs, step("never", { trigger_rule: "all_failed" }));`,
    );
    expect([run.task("alarm").state, run.task("never").state]).toEqual(["success", "skipped"]);
  });
});

describe("§2.10 branches in mapped groups", () => {
  const routed = `${tasks} const route = task.branch({ task_id: "route" }, ({ x }: any) => (x === 2 ? "g.even" : "g.odd"));
    const joinRule = "none_failed_min_one_success";`;

  it("decide for their own index, and others follow by their trigger rules", async () => {
    const run = await runDag(
      routed,
      `const xs = task_group({ group_id: "g" }, ({ x }: any) => {
         const join = step("join", { trigger_rule: joinRule });
         chain(route({ x }), [step("even"), step("odd")], join as any); return join; }).expand({ x: nums() });
       chain(xs, step("after"));`,
    );
    expect(instances(run, "g.even", "g.odd", "g.join", "after")).toEqual({
      "g.even": ["skipped", "success", "skipped"],
      "g.odd": ["success", "skipped", "success"],
      "g.join": ["success", "success", "success"],
      after: ["success"],
    });
  });

  it("do not skip what is outside of the group: its rule decides", async () => {
    const run = await runDag(
      routed,
      `const outside = step("outside"); const later = step("later", { trigger_rule: "all_done" });
       task_group({ group_id: "g" }, ({ x }: any) => {
         const r = route({ x }); chain(r, [step("even"), step("odd")]); chain(r, outside); chain(r, later);
       }).expand({ x: nums() });`,
    );
    expect(instances(run, "outside", "later")).toEqual({ outside: ["success"], later: ["success"] });
  });

  it("DTM514: must return ids with the group's", async () => {
    const run = await runDag(
      `${tasks} const route = task.branch({ task_id: "route" }, () => "even");`,
      `task_group({ group_id: "g" }, ({ x }: any) => { echo({ x }); chain(route(), step("even")); }).expand({ x: [1] });`,
    );
    expect(run.instance("g.route", 0).error).toMatchObject({ code: "branch-unknown-task" });
    expect(run.instance("g.route", 0).error?.advice).toContain("g.even");
  });

  it.each([
    ["true", ["skipped"], ["success", "skipped", "success"]],
    ["false", ["success"], ["success", "success", "success"]],
  ] as const)(
    "a short circuit with ignore_downstream_trigger_rules %s cuts off its own index inside only",
    async (ignore, after, last) => {
      const run = await runDag(
        `${tasks} const go = task.short_circuit({ task_id: "go", ignore_downstream_trigger_rules: ${ignore} }, ({ x }: any) => x !== 2);`,
        `const xs = task_group({ group_id: "g" }, ({ x }: any) => {
           const last = step("last", { trigger_rule: "all_done" }); chain(go({ x }), step("next"), last); return last; })
           .expand({ x: nums() });
         chain(xs, step("after")); chain(xs, step("anyway", { trigger_rule: "all_done" }));`,
      );
      expect(instances(run, "g.next", "g.last", "after", "anyway")).toEqual({
        "g.next": ["success", "skipped", "success"],
        "g.last": last,
        after,
        anyway: ["success"],
      });
    },
  );

  it("outside of the group skip all of its instances", async () => {
    const run = await runDag(
      `${tasks} const go = task.short_circuit({ task_id: "go" }, () => false);`,
      `const group = task_group({ group_id: "g" }, ({ x }: any) => { plus({ x: echo({ x }) }); }).expand({ x: [1, 2] });
       chain(go(), group as any);`,
    );
    expect(instances(run, "g.echo", "g.plus")).toEqual({
      "g.echo": ["skipped", "skipped"],
      "g.plus": ["skipped", "skipped"],
    });
  });
});

describe("§2.11 instances of mapped groups", () => {
  it("are tried again one by one", async () => {
    const run = await runDag(
      `${tasks} const flaky = task({ task_id: "flaky", retries: 1, retry_delay: 0 }, ({ x }: any, c: any) => {
         if (x === 2 && c.ti.try_number === 1) throw new Error("not yet"); return x; });`,
      `task_group({ group_id: "g" }, ({ x }: any) => { plus({ x: flaky({ x }) }); }).expand({ x: nums() });`,
    );
    expect(run.task("g.flaky").instances.map(({ try_number }) => try_number)).toEqual([1, 2, 1]);
    expect(run.xcom("g.plus")).toEqual([101, 102, 103]);
  });

  it("fail the run where a leaf's instance fails", async () => {
    const run = await runDag(
      tasks,
      `task_group({ group_id: "g" }, ({ x }: any) => { failsAt("t", 3)({ x }); }).expand({ x: nums() });`,
    );
    expect(run.result.state).toBe("failed");
  });
});
