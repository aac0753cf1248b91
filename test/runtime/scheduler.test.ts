import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { relevantIndexes } from "../../runtime/src/engine/groupIndex.js";
import type { Axis } from "../../runtime/src/engine/plan.js";
import { afterFailure } from "../../runtime/src/engine/retry.js";
import { campaign } from "../support/campaign.js";
import { Driver, planOf } from "./support/schedulerDriver.js";

const result = (task: number): Axis => ({ type: "result", task });
const fixed = (length: number): Axis => ({ type: "fixed", length });

describe("the scheduler", () => {
  it("runs what nothing comes before, then what follows, then ends", () => {
    const driver = new Driver(planOf([{ upstream: [] }, { upstream: [0] }])).begin();
    expect(driver.effects).toEqual([{ type: "run", task: 0, from: -1, count: 1 }]);
    driver.finish(0, "success").finish(1, "success");
    expect(driver.effects.slice(1)).toEqual([
      { type: "run", task: 1, from: -1, count: 1 },
      { type: "end", state: "success" },
    ]);
  });

  it("ends a DAG without tasks at once", () => {
    expect(new Driver(planOf([])).begin().effects).toEqual([{ type: "end", state: "success" }]);
  });

  it("decides the same of several results together", () => {
    const plan = planOf([{ upstream: [] }, { upstream: [] }, { upstream: [0, 1] }]);
    const driver = new Driver(plan).begin().end(0, "success").end(1, "failed").decide();
    expect(driver.instances).toEqual([["success"], ["failed"], ["upstream_failed"]]);
  });

  it("multiplies axes, and counts results of a mapped source, not its instances", () => {
    const plan = planOf([
      { upstream: [], axes: [fixed(3)] },
      { upstream: [0], axes: [result(0), fixed(2)] },
    ]);
    const driver = new Driver(plan).begin();
    driver.finish(0, "success", 0).finish(0, "success", 1, { hasResult: false }).finish(0, "success", 2);
    expect(driver.effects.slice(-2)).toEqual([
      { type: "expand", task: 1, count: 4 },
      { type: "run", task: 1, from: 0, count: 4 },
    ]);
  });

  it("settles without running, whatever the trigger rule: nothing to map over, or no source", () => {
    for (const rule of ["all_success", "none_failed"] as const) {
      const plan = planOf([{ upstream: [] }, { upstream: [0], rule, axes: [result(0)] }]);
      const effectsAfter = (state: "success" | "skipped" | "failed", facts = {}) =>
        new Driver(plan).begin().finish(0, state, -1, facts).effects.slice(1);
      const settle = (state: string, reason: string) => ({
        type: "settle",
        task: 1,
        from: -1,
        count: 1,
        state,
        reason,
      });
      expect(effectsAfter("success", { length: 0 })[0]).toEqual(settle("skipped", "zero-length"));
      expect(effectsAfter("success")[0]).toEqual(settle("upstream_failed", "no-length"));
      expect(effectsAfter("skipped")[0]).toEqual(settle("skipped", "upstream"));
      expect(effectsAfter("failed")[0]).toEqual(settle("upstream_failed", "upstream"));
    }
  });

  it("costs the same for one and for 100,000 instances that share a fate", () => {
    const plan = planOf([
      { upstream: [] },
      { upstream: [0], axes: [fixed(100_000)] },
      { upstream: [1], rule: "all_done", axes: [fixed(100_000)] },
    ]);
    const driver = new Driver(plan).begin().finish(0, "failed");
    expect(driver.effects.slice(3)).toEqual([
      { type: "settle", task: 1, from: 0, count: 100_000, state: "upstream_failed", reason: "upstream" },
      { type: "run", task: 2, from: 0, count: 100_000 },
    ]);
  });

  it("retries while tries are left, and never when the task asks to fail", () => {
    const [task] = planOf([{ upstream: [] }]).tasks;
    if (!task) throw new Error("no task");
    expect(afterFailure(task, 1, true)).toBe("up_for_retry");
    expect(afterFailure(task, 2, true)).toBe("failed");
    expect(afterFailure(task, 1, false)).toBe("failed");
  });
});

describe("§2.5 when instances come to exist", () => {
  it("1: those of literals exist from the beginning, all settled together and counted one by one", () => {
    const plan = planOf([{ upstream: [] }, { upstream: [0], axes: [fixed(2), fixed(3)] }, { upstream: [1] }]);
    const driver = new Driver(plan).begin();
    expect(driver.effects[0]).toEqual({ type: "expand", task: 1, count: 6 });
    driver.finish(0, "skipped");
    expect(driver.instances).toEqual([["skipped"], Array<string>(6).fill("skipped"), ["skipped"]]);
  });

  it("1: one of length zero is a placeholder, skipped when its dependencies pass", () => {
    const plan = planOf([{ upstream: [] }, { upstream: [0], axes: [fixed(0), fixed(3)] }]);
    const driver = new Driver(plan).begin();
    expect(driver.instances[1]).toEqual(["waiting"]);
    expect(driver.finish(0, "success").instances[1]).toEqual(["skipped"]);
    expect(driver.expanded[1]).toBe(false);
    expect(new Driver(plan).begin().finish(0, "failed").instances[1]).toEqual(["upstream_failed"]);
  });
});

describe("§2.8 the instances that belong together inside of a mapped group", () => {
  it("are those of the same index where nothing is mapped further", () => {
    for (let index = 0; index < 5; index++) {
      expect(relevantIndexes(index, { count: 5, group: 5, upstream: 5 })).toEqual({ from: index, to: index + 1 });
    }
  });

  it("are those of the same instance of the group, for any nested counts", () => {
    // 3 instances of the group, the task mapped twice more inside, its upstream four times.
    const ranges = Array.from({ length: 6 }, (_, index) =>
      relevantIndexes(index, { count: 6, group: 3, upstream: 12 }),
    );
    expect(ranges.map(({ from, to }) => [from, to])).toEqual([
      [0, 4],
      [0, 4],
      [4, 8],
      [4, 8],
      [8, 12],
      [8, 12],
    ]);
    expect(relevantIndexes(5, { count: 6, group: 3, upstream: 3 })).toEqual({ from: 2, to: 3 });
  });

  it("split an upstream task into one range for each instance of the group", () => {
    const nat = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(nat, nat, nat, (group, own, other) => {
        const counts = { count: group * own, group, upstream: group * other };
        const seen = Array.from({ length: counts.count }, (_, index) => relevantIndexes(index, counts));
        for (const [index, { from, to }] of seen.entries()) {
          expect([from, to]).toEqual([Math.floor(index / own) * other, (Math.floor(index / own) + 1) * other]);
        }
      }),
      { seed: 28, numRuns: campaign({ small: 50, middle: 200, full: 1000 }) },
    );
  });
});

/** `s`, and behind it a group mapped over its result of tasks a → b. */
const chained = (rule: "all_success" | "one_failed" | "one_success" | "none_failed" | "all_done" = "all_success") =>
  planOf([{ upstream: [] }, { upstream: [0], group: 0 }, { upstream: [1], group: 0, rule }], [[result(0)]]);

describe("§2.8, §2.9 mapped groups", () => {
  it("go depth first: instance k waits for instance k only", () => {
    const driver = new Driver(chained()).begin().finish(0, "success", -1, { length: 3 });
    expect(driver.instances).toEqual([
      ["success"],
      ["running", "running", "running"],
      ["waiting", "waiting", "waiting"],
    ]);
    driver.finish(1, "success", 1);
    expect(driver.instances[2]).toEqual(["waiting", "running", "waiting"]);
    driver.finish(1, "failed", 2).finish(1, "skipped", 0);
    expect(driver.instances[2]).toEqual(["skipped", "running", "upstream_failed"]);
  });

  it("decide early rules by index after expansion, and skip nothing before", () => {
    const driver = new Driver(chained("one_failed")).begin().finish(0, "success", -1, { length: 2 });
    expect(driver.instances[2]).toEqual(["waiting"]);
    driver.finish(1, "success", 0);
    expect(driver.instances[2]).toEqual(["waiting"]);
    driver.finish(1, "failed", 1);
    expect(driver.instances[2]).toEqual(["skipped", "running"]);
  });

  it("whose early rule no instance meets is one placeholder", () => {
    const driver = new Driver(chained("one_failed")).begin().finish(0, "success", -1, { length: 2 });
    driver.finish(1, "success", 0).finish(1, "skipped", 1);
    expect(driver.instances[2]).toEqual(["skipped"]);
  });

  it("wait for what comes from outside with all of its instances", () => {
    const plan = planOf(
      [
        { upstream: [], axes: [fixed(2)] },
        { upstream: [], group: 0 },
        { upstream: [0, 1], group: 0 },
      ],
      [[fixed(2)]],
    );
    const driver = new Driver(plan).begin().finish(1, "success", 0).finish(0, "success", 0);
    expect(driver.instances[2]).toEqual(["waiting", "waiting"]);
    driver.finish(0, "success", 1);
    expect(driver.instances[2]).toEqual(["running", "waiting"]);
  });

  it("are seen with all instances from outside", () => {
    const plan = planOf([{ upstream: [], group: 0 }, { upstream: [0] }], [[fixed(2)]]);
    const driver = new Driver(plan).begin().finish(0, "success", 0);
    expect(driver.instances[1]).toEqual(["waiting"]);
    expect(driver.finish(0, "failed", 1).instances[1]).toEqual(["upstream_failed"]);
  });

  it("of length zero, or without their source, are placeholders, in every task and whatever its rule", () => {
    const after = (state: "success" | "skipped" | "failed", length: number | null) =>
      new Driver(chained("none_failed")).begin().finish(0, state, -1, { length }).instances.slice(1);
    expect(after("success", 0)).toEqual([["skipped"], ["skipped"]]);
    expect(after("skipped", null)).toEqual([["skipped"], ["skipped"]]);
    expect(after("failed", null)).toEqual([["upstream_failed"], ["upstream_failed"]]);
    const all = new Driver(chained("all_done")).begin().finish(0, "failed");
    expect(all.instances[2]).toEqual(["upstream_failed"]);
  });

  it("map over the results that exist of a mapped source when all of its instances have ended", () => {
    const plan = planOf(
      [
        { upstream: [], axes: [fixed(3)] },
        { upstream: [0], rule: "all_done", group: 0 },
      ],
      [[result(0)]],
    );
    const driver = new Driver(plan).begin().finish(0, "success", 1).finish(0, "failed", 2);
    expect(driver.instances[1]).toEqual(["waiting"]);
    expect(driver.finish(0, "success", 0).instances[1]).toEqual(["running", "running"]);
  });
});

describe("§2.10 decisions inside of a mapped group", () => {
  const plan = planOf(
    [
      { upstream: [], group: 0 },
      { upstream: [0], group: 0 },
      { upstream: [1], group: 0, rule: "none_failed_min_one_success" },
      { upstream: [1] },
    ],
    [[fixed(2)]],
  );

  it("skip at the same index only, and what is outside follows by its rule", () => {
    const driver = new Driver(plan).begin().finish(0, "success", 1, { skips: [1] });
    expect(driver.instances).toEqual([
      ["running", "success"],
      ["waiting", "skipped"],
      ["waiting", "skipped"],
      ["skipped"],
    ]);
  });

  it("wait for instances that do not exist yet", () => {
    const waiting = planOf(
      [{ upstream: [] }, { upstream: [3], group: 0 }, { upstream: [0, 1], group: 0 }, { upstream: [] }],
      [[result(3)]],
    );
    const driver = new Driver(waiting).begin().finish(3, "success", -1, { length: 2 });
    driver.finish(1, "success", 1, { skips: [2] }).finish(1, "success", 0);
    expect(driver.instances[2]).toEqual(["waiting"]);
    expect(driver.finish(0, "success").instances[2]).toEqual(["running", "skipped"]);
  });

  it("outside of one skip whole tasks, with all instances that exist", () => {
    const outside = planOf([{ upstream: [] }, { upstream: [0], axes: [fixed(3)] }]);
    const driver = new Driver(outside).begin().finish(0, "success", -1, { skips: [1] });
    expect(driver.instances[1]).toEqual(["skipped", "skipped", "skipped"]);
  });
});

describe("§2.10 setups and teardowns", () => {
  /** setup → work → teardown, and setup → teardown. */
  const guarded = (rule: "all_success" | "all_done" | "always" = "all_success") =>
    planOf([
      { upstream: [], role: "setup" },
      { upstream: [0], rule },
      { upstream: [0, 1], role: "teardown" },
    ]);

  it("a teardown runs when its setup succeeded, whatever became of the work", () => {
    for (const state of ["success", "failed", "skipped"] as const) {
      const driver = new Driver(guarded()).begin().finish(0, "success").finish(1, state);
      expect(driver.instances[2]).toEqual(["running"]);
    }
  });

  it("work needs the setup's success whatever its rule, except the one that waits for nothing", () => {
    expect(new Driver(guarded("all_done")).begin().finish(0, "failed").instances).toEqual([
      ...[["failed"], ["upstream_failed"], ["upstream_failed"]],
    ]);
    expect(new Driver(guarded("all_done")).begin().finish(0, "skipped").instances).toEqual([
      ...[["skipped"], ["skipped"], ["skipped"]],
    ]);
    expect(new Driver(guarded("always")).begin().instances[1]).toEqual(["running"]);
  });

  it("what comes after the teardown does not need the setup", () => {
    const plan = planOf([
      { upstream: [], role: "setup" },
      { upstream: [0], role: "teardown" },
      { upstream: [1], rule: "all_done" },
    ]);
    expect(new Driver(plan).begin().finish(0, "failed").instances[2]).toEqual(["running"]);
  });

  it("in a mapped group each index has its own", () => {
    const plan = planOf(
      [
        { upstream: [], role: "setup", group: 0 },
        { upstream: [0], group: 0, rule: "all_done" },
        { upstream: [0, 1], role: "teardown", group: 0 },
      ],
      [[fixed(2)]],
    );
    const driver = new Driver(plan).begin().finish(0, "failed", 0).finish(0, "success", 1).finish(1, "failed", 1);
    expect(driver.instances.slice(1)).toEqual([
      ["upstream_failed", "failed"],
      ["upstream_failed", "running"],
    ]);
  });
});

describe("the state of the run", () => {
  const ended = (driver: Driver) => driver.effects.at(-1);

  it("is judged by the tasks that nothing follows", () => {
    const plan = planOf([{ upstream: [] }, { upstream: [0], rule: "all_done" }, { upstream: [] }]);
    const driver = new Driver(plan).begin().finish(0, "failed").finish(1, "success").finish(2, "skipped");
    expect(ended(driver)).toEqual({ type: "end", state: "success" });
  });

  it.each([
    [false, "failed", "success", "failed"],
    [false, "success", "failed", "success"],
    [true, "failed", "success", "success"],
    [true, "success", "failed", "failed"],
  ] as const)("with on_failure_fail_dagrun %s: work %s, teardown %s: %s", (flag, work, teardown, state) => {
    const plan = planOf([{ upstream: [] }, { upstream: [0], role: "teardown", on_failure_fail_dagrun: flag }]);
    expect(ended(new Driver(plan).begin().finish(0, work).finish(1, teardown))).toEqual({ type: "end", state });
  });

  it("is the teardowns' where there is nothing else", () => {
    const driver = new Driver(planOf([{ upstream: [], role: "teardown" }])).begin().finish(0, "failed");
    expect(ended(driver)).toEqual({ type: "end", state: "failed" });
  });
});
