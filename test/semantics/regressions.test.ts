import { describe, expect, it } from "vitest";
import { summaryState } from "#core/model/run.js";
import { runDag, states } from "../runtime/support/project.js";

const tasks = `
  import { task_group } from "fanout";
  const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
  const none = task({ task_id: "none" }, (): number[] => []);
  const show = task({ task_id: "show" }, ({ x }: any) => x);
  const all = task({ task_id: "all", trigger_rule: "all_done" }, ({ xs }: any) => [...xs]);
  const odd = task({ task_id: "odd" }, ({ x }: any) => (x % 2 ? x : null));`;

describe("§6 what users of Airflow ran into", () => {
  it("3: a trigger rule in a mapped group skips no instance too early", async () => {
    const run = await runDag(
      `${tasks} const fails = task({ task_id: "fails" }, ({ x }: any) => { if (x === 2) throw new Error("two"); });
       const late = task({ task_id: "late", trigger_rule: "one_failed" }, () => 1);`,
      `task_group({ group_id: "g" }, ({ x }: any) => chain(fails({ x }), late())).expand({ x: nums() });`,
    );
    expect(states(run.task("g.late"))).toEqual(["skipped", "success", "skipped"]);
  });

  it("4: a rule that takes skipped tasks runs behind an empty mapping", async () => {
    const run = await runDag(tasks, `all({ xs: show.expand({ x: none() } as any) } as any);`);
    expect([run.task("show").state, run.task("all").state, run.xcom("all")]).toEqual(["skipped", "success", []]);
  });

  it("9: a task that maps over one with nulls has indexes of its own", async () => {
    const run = await runDag(tasks, `show.expand({ x: odd.expand({ x: [1, 2, 3] } as any) } as any);`);
    expect(run.xcom("show")).toEqual([1, 3]);
    expect(run.instance("show", 1).rendered).toEqual({ x: 3 });
  });

  it("10: a group of one instance gives a list of one, and one whose instances return nothing an empty list", async () => {
    const run = await runDag(
      `${tasks} const quiet = task({ task_id: "quiet" }, (_: any) => null);`,
      `const one = task_group({ group_id: "one" }, ({ x }: any) => show({ x }));
       const nil = task_group({ group_id: "nil" }, ({ x }: any) => quiet({ x } as any));
       all({ xs: one.expand({ x: [5] }) } as any); all({ xs: nil.expand({ x: [1, 2] }) } as any);`,
    );
    expect([run.xcom("all"), run.xcom("all__1")]).toEqual([[5], []]);
  });

  it("13: a short circuit in a mapped group stops its own index only", async () => {
    const run = await runDag(
      `${tasks} const go = task.short_circuit({ task_id: "go" }, ({ x }: any) => x !== 2);`,
      `task_group({ group_id: "g" }, ({ x }: any) => chain(go({ x }), show({ x }))).expand({ x: nums() } as any);`,
    );
    expect(states(run.task("g.show"))).toEqual(["success", "skipped", "success"]);
  });

  it("14: empty mappings behind each other are all skipped, and the run succeeds", async () => {
    const run = await runDag(
      tasks,
      `show.expand({ x: show.expand({ x: show.expand({ x: none() } as any) } as any) } as any);`,
    );
    expect(run.result.state).toBe("success");
    expect(["show", "show__1", "show__2"].map((id) => run.task(id).state)).toEqual(["skipped", "skipped", "skipped"]);
  });

  it("16: null is the filter", async () => {
    const run = await runDag(tasks, `show.expand({ x: odd.expand({ x: nums() } as any) } as any);`);
    expect(run.task("show").count).toBe(2);
  });

  it("18: a task that maps over two sources waits for both", async () => {
    const run = await runDag(
      `${tasks} const slow = task({ task_id: "slow" }, async () => { await new Promise((next) => setTimeout(next, 50)); return ["a"]; });
       const pair = task({ task_id: "pair" }, ({ x, y }: any) => [x, y]);`,
      `pair.expand({ x: nums(), y: slow() } as any);`,
    );
    expect(run.xcom("pair")).toEqual([
      [1, "a"],
      [2, "a"],
      [3, "a"],
    ]);
  });
});

describe("§5.2 the summary state of a mapped task", () => {
  it("is the first in Airflow's order that one of its instances has", () => {
    const order = [
      "failed",
      "upstream_failed",
      "up_for_retry",
      "up_for_reschedule",
      "running",
      "queued",
      "scheduled",
      "none",
    ];
    const priority = [...order, "success", "skipped", "removed"] as const;
    for (const [place, state] of priority.entries()) {
      const counts = Object.fromEntries(priority.slice(place).map((one) => [one, 1]));
      expect(summaryState(counts)).toBe(state);
    }
    expect(summaryState({ failed: 0, success: 3 })).toBe("success");
    expect(summaryState({})).toBe("none");
  });

  it("of a run: one failed instance makes it failed, one skipped one does not", async () => {
    const run = await runDag(
      `const t = task({ task_id: "t" }, ({ x }: any) => { if (x === 1) throw new SkipException(); if (x === 9) throw new FailException(); });`,
      `t.expand({ x: [0, 1] } as any); t.expand({ x: [0, 1, 9] } as any);`,
    );
    expect([run.task("t").state, run.task("t__1").state]).toEqual(["success", "failed"]);
  });
});
