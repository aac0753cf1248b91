import { describe, expect, it } from "vitest";
import { runDag, states } from "./support/project.js";

describe("retries", () => {
  it("tries again until it succeeds, and keeps what earlier tries wrote", async () => {
    const run = await runDag(
      `const flaky = task({ task_id: "flaky", retries: 3, retry_delay: 0 }, (_: {}, { ti }: any) => {
         console.log("try", ti.try_number, "of at most", ti.max_tries + 1);
         if (ti.try_number < 3) throw new Error("not yet");
         return ti.try_number; });`,
      `flaky();`,
    );
    expect(run.result.state).toBe("success");
    expect(run.instance("flaky")).toMatchObject({ try_number: 3, xcom: 3, error: null });
    expect(run.log("flaky")).toBe("try 3 of at most 4\n");
    expect(run.log("flaky", -1, 1)).toMatch(/^try 1 of at most 4\nError: not yet\n/);
    const seen = run.events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
    expect(seen.at(-1)).toMatchObject({ state: "success", try_number: 3 });
  });

  it("waits for retry_delay, and shows that it waits", async () => {
    const run = await runDag(
      `const flaky = task({ task_id: "flaky", retries: 1, retry_delay: 0.3 }, (_: {}, { ti }: any) => {
         if (ti.try_number === 1) throw new Error("not yet"); return Date.now(); });
       const first = task({ task_id: "first" }, () => Date.now());`,
      `chain(first(), flaky());`,
    );
    expect(Number(run.xcom("flaky")) - Number(run.xcom("first"))).toBeGreaterThanOrEqual(300);
    const seen = run.events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
    expect(seen.map((change) => change.state)).toContain("up_for_retry");
    expect(run.events.filter((event) => event.type === "task_changed").at(-1)).toMatchObject({
      counts: { success: 1 },
    });
  });

  it("retries only the instances that failed, and fails with the last error", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", retries: 1, retry_delay: 0 }, ({ x }: { x: number }, { ti }: any) => {
         if (x === 2) throw new Error("try " + ti.try_number); return ti.try_number; });`,
      `work.expand({ x: [1, 2, 3] });`,
    );
    expect(run.result.state).toBe("failed");
    expect(states(run.task("work"))).toEqual(["success", "failed", "success"]);
    expect(run.instance("work", 1)).toMatchObject({ try_number: 2, error: { code: "task-failed", message: "try 2" } });
    expect(run.instance("work", 0).try_number).toBe(1);
  });

  it("never follow a FailException", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", retries: 5, retry_delay: 0 }, () => { throw new FailException("no use"); });`,
      `work();`,
    );
    expect(run.instance("work")).toMatchObject({ state: "failed", try_number: 1, error: { code: "task-failed" } });
  });
});

describe("what follows", () => {
  const tasks = `
    const ok = task({ task_id: "ok" }, () => 1);
    const bad = task({ task_id: "bad" }, () => { throw new Error("boom"); });
    const skip = task({ task_id: "skip" }, () => { throw new SkipException(); });
    const after = task({ task_id: "after" }, (inputs: any) => inputs ?? null);
    const anyway = task({ task_id: "anyway", trigger_rule: "none_failed" }, (inputs: any) => inputs);`;

  it("a failure fails everything downstream, and the run", async () => {
    const run = await runDag(tasks, `chain(bad(), after(), anyway());`);
    expect(run.result.state).toBe("failed");
    expect(run.run.tasks.map((task) => task.state)).toEqual(["failed", "upstream_failed", "upstream_failed"]);
    expect(run.instance("bad").error).toMatchObject({ message: "boom", at: { line: 4 } });
  });

  it("a skip skips all_success and passes none_failed, which gets null", async () => {
    const run = await runDag(tasks, `const s = skip(); after({ v: s } as any); anyway({ a: s, b: ok() } as any);`);
    expect(run.result.state).toBe("success");
    expect(run.task("skip").state).toBe("skipped");
    expect(run.task("after").state).toBe("skipped");
    expect(run.xcom("anyway")).toEqual({ a: null, b: 1 });
  });

  it("a run in which only a task that others follow fails is judged by its leaves", async () => {
    const run = await runDag(tasks, `chain(ok(), after()); chain(skip(), anyway());`);
    expect(run.result.state).toBe("success");
  });

  it("one skipped instance skips an all_success reduce and leaves none_failed the others", async () => {
    const run = await runDag(
      `${tasks} const odd = task({ task_id: "odd" }, ({ x }: any) => { if (x % 2 === 0) throw new SkipException("even"); return x; });`,
      `const xs = odd.expand({ x: [1, 2, 3] }); after({ xs } as any); anyway({ xs } as any);`,
    );
    expect(run.task("odd").counts).toEqual({ success: 2, skipped: 1 });
    expect(run.task("after").state).toBe("skipped");
    expect(run.xcom("anyway")).toEqual({ xs: [1, 3] });
    expect(run.log("odd", 1)).toContain("even");
  });

  it("a mapped task whose source was skipped is skipped, whatever its trigger rule", async () => {
    const run = await runDag(
      `${tasks} const source = task({ task_id: "source" }, (): number[] => { throw new SkipException(); });
       const echo = task({ task_id: "echo", trigger_rule: "none_failed" }, (inputs: any) => inputs);`,
      `echo.expand({ x: source() } as any);`,
    );
    expect(run.task("echo")).toMatchObject({ state: "skipped", count: null });
    expect(run.result.state).toBe("success");
  });

  it("one failing instance leaves the others running", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, ({ x }: any) => { if (x === 1) throw new TypeError("one"); return x; });`,
      `work.expand({ x: [0, 1, 2, 3] });`,
    );
    expect(states(run.task("work"))).toEqual(["success", "failed", "success", "success"]);
    expect(run.instance("work", 1).error?.message).toBe("TypeError: one");
  });
});

describe("the context", () => {
  it("has Airflow's names, the run's params and the instance's numbers", async () => {
    const run = await runDag(
      `import { get_current_context } from "fanout";
       const show = task({ task_id: "show" }, ({ x }: any, context: any) => {
         const { ds, ts, run_id, params, ti, try_number, expanded_ti_count } = get_current_context();
         return { x, ds, ts, run_id, params, map_index: ti.map_index, same: context.ti.map_index, try_number, expanded_ti_count }; });`,
      `show.expand({ x: ["a", "b"] } as any);`,
      { logical_date: new Date("2022-04-02T03:04:05Z"), params: { n: 1 } },
    );
    expect(run.run_id).toBe("manual__2022-04-02T03-04-05.000Z");
    expect(run.xcom("show", 1)).toEqual({
      ...{ x: "b", ds: "2022-04-02", ts: "2022-04-02T03:04:05+00:00", run_id: run.run_id, params: { n: 1 } },
      ...{ map_index: 1, same: 1, try_number: 1, expanded_ti_count: 2 },
    });
  });
});

describe("what a body returns", () => {
  it("is waited for where it can be, whoever made it, also between instances that need no waiting", async () => {
    const run = await runDag(
      `const later = (result: unknown): unknown => ({ then: (done: (value: unknown) => void) => setTimeout(() => done(result), 5) });
       const bodies: Record<number, () => unknown> = {
         0: () => "at once",
         1: async () => "promised",
         2: () => later("of another library"),
         3: () => later(later("twice")),
         4: () => { throw new Error("at once"); },
         5: async () => { throw new Error("promised"); },
         6: () => ({ then: () => { throw new Error("not even a promise"); } }),
         7: () => ({ get then(): never { throw new Error("nor this"); } }),
         8: () => ({ then: "no function" }),
         9: async () => { throw new SkipException("promised"); },
         10: () => "at once again",
       };
       const work = task({ task_id: "work" }, ({ x }: { x: number }) => bodies[x]!());`,
      `work.expand({ x: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });`,
    );
    const { instances } = run.task("work");
    expect(instances.map(({ state }) => state).join(" ")).toBe(
      "success success success success failed failed failed failed success skipped success",
    );
    const results = [0, 1, 2, 3, 8, 10].map((map_index) => run.instance("work", map_index).xcom);
    const texts = ["at once", "promised", "of another library", "twice", { then: "no function" }, "at once again"];
    expect(results).toEqual(texts);
    const messages = [4, 5, 6, 7].map((map_index) => run.instance("work", map_index).error?.message);
    expect(messages).toEqual(["at once", "promised", "not even a promise", "nor this"]);
  });
});
