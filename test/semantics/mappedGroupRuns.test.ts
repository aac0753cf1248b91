import { describe, expect, it } from "vitest";
import { groupTasks as tasks } from "../runtime/support/groupTasks.js";
import { runDag } from "../runtime/support/project.js";

describe("§2.13 a mapped task group", () => {
  it("has an instance of every task for each item, numbered alike", async () => {
    const run = await runDag(
      tasks,
      `const g = task_group({ group_id: "g" }, ({ x }: any) => plus({ x: echo({ x }) }));
       const out = g.expand({ x: [1, 2, 3] });
       all({ xs: out });`,
    );
    expect(run.result.state).toBe("success");
    expect(run.task("g.plus")).toMatchObject({ mapped: true, count: 3, counts: { success: 3 } });
    expect(run.task("g.echo").instances.map(({ map_index }) => map_index)).toEqual([0, 1, 2]);
    expect(run.xcom("g.echo")).toEqual([1, 2, 3]);
    expect(run.xcom("g.plus")).toEqual([101, 102, 103]);
    expect(run.xcom("all")).toEqual([101, 102, 103]);
  });

  it("2.4: numbers the product of its inputs, the last one fastest, dicts as [key, value]", async () => {
    const run = await runDag(
      `${tasks} const both = task({ task_id: "both" }, ({ a, b }: any) => [a, b]);`,
      `task_group({ group_id: "g" }, ({ a, b }: any) => { both({ a, b }); }).expand({ a: nums(), b: { u: 1, v: 2 } });`,
    );
    const pairs = [1, 2, 3].flatMap((a) =>
      [
        ["u", 1],
        ["v", 2],
      ].map((b) => [a, b]),
    );
    expect(run.xcom("g.both")).toEqual(pairs);
    expect(run.instance("g.both", 3).rendered).toEqual({ a: 2, b: ["v", 2] });
  });

  it("resolves what it gives at any depth, entries of it, and values that all share", async () => {
    const run = await runDag(
      `${tasks} const give = task({ task_id: "give" }, () => [{ id: 1, tags: ["a"] }, { id: 2, tags: [] }]);`,
      `task_group({ group_id: "g" }, ({ x, y, z }: any) => {
         echo({ x: { deep: [x.get("id"), { all: x }], y, z } });
       }).partial({ y: 7, z: nums() }).expand({ x: give() });`,
    );
    expect(run.xcom("g.echo")).toEqual([
      { deep: [1, { all: { id: 1, tags: ["a"] } }], y: 7, z: [1, 2, 3] },
      { deep: [2, { all: { id: 2, tags: [] } }], y: 7, z: [1, 2, 3] },
    ]);
    expect(run.instance("g.echo", 1).rendered).toEqual({ x: run.xcom("g.echo", 1) });
  });

  it("works out map, zip and concat of results for each instance, and calls a map function once for it", async () => {
    const run = await runDag(
      `${tasks} const two = task({ task_id: "two" }, ({ x, again }: any) => [x, again]);`,
      `const source = nums().map((n: number) => { console.log("mapping", n); return n * 10; });
       task_group({ group_id: "g" }, ({ x }: any) => { two({ x, again: [x] }); })
         .expand({ x: source.zip(nums().concat(nums())) });`,
    );
    expect(run.xcom("g.two")).toEqual([10, 20, 30].map((n, index) => [[n, index + 1], [[n, index + 1]]]));
    expect(run.log("g.two", 1)).toBe("mapping 2\n");
  });

  it("expands over what a mapped task returned: the results that exist", async () => {
    const run = await runDag(
      `${tasks} const odd = task({ task_id: "odd" }, ({ x }: any) => (x % 2 ? x : null));`,
      `task_group({ group_id: "g" }, ({ x }: any) => { plus({ x: echo({ x }) }); })
         .expand({ x: odd.expand({ x: [1, 2, 3, 4, 5] }) });`,
    );
    expect(run.xcom("g.plus")).toEqual([101, 103, 105]);
  });

  it("tells the number of instances as expanded_ti_count", async () => {
    const run = await runDag(
      `${tasks} const count = task({ task_id: "count" }, (_: object, c: any) => [c.expanded_ti_count, c.ti.map_index]);`,
      `task_group({ group_id: "g" }, ({ x }: any) => { chain(echo({ x }), count({})); }).expand({ x: nums() });`,
    );
    expect(run.xcom("g.count")).toEqual([0, 1, 2].map((index) => [3, index]));
  });

  it("inside of which a group that is not mapped belongs to the same instance", async () => {
    const run = await runDag(
      tasks,
      `const inner = task_group({ group_id: "inner" }, ({ x }: any) => plus({ x }));
       task_group({ group_id: "g" }, ({ x }: any) => { echo.override({ task_id: "last" })({ x: inner({ x: echo({ x }) }) }); })
         .expand({ x: nums() });`,
    );
    expect(run.xcom("g.inner.plus")).toEqual([101, 102, 103]);
    expect(run.xcom("g.last")).toEqual([101, 102, 103]);
  });
});

describe("§2.13 expand_kwargs of a group", () => {
  const group = `const pair = task({ task_id: "pair" }, ({ a, b }: any) => [a, b]);
    const give = (value: any) => task({ task_id: "give" }, () => value)();
    const g = task_group({ group_id: "g" }, ({ a, b = 5 }: any) => { pair({ a, b }); });`;

  it("gives each instance what its dict holds", async () => {
    const run = await runDag(`${tasks} ${group}`, `g.expand_kwargs(give([{ a: 1, b: 2 }, { b: 4, a: 3 }]));`);
    expect(run.xcom("g.pair")).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(run.instance("g.pair", 1).rendered).toEqual({ a: 3, b: 4 });
  });

  it("takes items of a literal list from tasks, and references inside of its dicts", async () => {
    const run = await runDag(
      `${tasks} ${group}`,
      `g.expand_kwargs([{ a: nums(), b: 2 }, give({ a: 3, b: { c: 4 } })]);`,
    );
    expect(run.xcom("g.pair")).toEqual([
      [[1, 2, 3], 2],
      [3, { c: 4 }],
    ]);
  });

  it.each([
    ["missing-input", "[{ a: 1 }]", ""],
    ["not-mappable", "[5]", ""],
    ["not-mappable", "[null]", ""],
    ["not-mappable", "{ a: { a: 1, b: 2 } }", ""],
    ["invalid-argument", `[{ a: 1, b: 2, 3: 4 }]`, ""],
    ["unknown-parameter", "[{ a: 1, b: 2, c: 3 }]", ""],
    ["partial-and-expand", "[{ a: 1, b: 2 }]", ".partial({ b: 1 })"],
  ])("DTM305, 306, 307, 312: fails with %s for %s", async (code, value, partial) => {
    const run = await runDag(`${tasks} ${group}`, `g${partial}.expand_kwargs(give(${value}));`);
    expect(run.instance("g.pair", 0)).toMatchObject({ state: "failed", error: { code } });
  });

  it("2.6: fails the task that gives what no group can be mapped over", async () => {
    const run = await runDag(`${tasks} ${group}`, `g.expand_kwargs(give(5));`);
    expect(run.instance("give").error?.code).toBe("not-mappable");
    expect(run.task("g.pair")).toMatchObject({ state: "upstream_failed", count: null });
  });
});

describe("§2.5 instances of tasks in a mapped group", () => {
  it("come to exist at once where the code counts them, even where they never run", async () => {
    const run = await runDag(
      tasks,
      `const g = task_group({ group_id: "g" }, ({ x }: any) => { echo({ x }); });
       const wait = bad(); const group = g.expand({ x: [1, 2] }); chain(wait, group as any);`,
    );
    expect(run.task("g.echo")).toMatchObject({ count: 2, counts: { upstream_failed: 2 } });
    const [first, second] = run.events.flatMap((event) => (event.type === "task_expanded" ? [event] : []));
    expect([first?.task_id, second]).toEqual(["g.echo", undefined]);
  });

  it("are one placeholder without a source, or with nothing to map over, and skipped or failed as one", async () => {
    const body = (source: string): string =>
      `task_group({ group_id: "g" }, ({ x }: any) => { plus({ x: echo({ x }) }); }).expand({ x: ${source}() });`;
    for (const [source, state, count] of [
      ["none", "skipped", 0],
      ["skip", "skipped", null],
      ["bad", "upstream_failed", null],
    ] as const) {
      const run = await runDag(tasks, body(source));
      expect(run.task("g.echo").count).toBe(count);
      for (const id of ["g.echo", "g.plus"]) {
        expect(run.task(id)).toMatchObject({ state, instances: [{ map_index: -1, state }] });
      }
    }
  });

  it("2.6: a source that returns nothing, or more than max_map_length, fails itself", async () => {
    const body = `task_group({ group_id: "g" }, ({ x }: any) => { echo({ x }); }).expand({ x: nums() });`;
    const long = await runDag(tasks, body, { maxMapLength: 2 });
    expect(long.instance("nums").error?.code).toBe("xcom-too-long");
    expect(long.task("g.echo").state).toBe("upstream_failed");
  });
});

describe("§2.7 what others see of a mapped group", () => {
  it("is the list of what exists, in order, whatever some instances returned or became", async () => {
    const run = await runDag(
      `${tasks} const odd = task({ task_id: "odd" }, ({ x }: any) => {
         if (x === 5) throw new SkipException(); return x % 2 ? x : null; });
       const lengths = task({ task_id: "lengths", trigger_rule: "all_done" }, ({ xs }: any) => [Array.isArray(xs), xs.length]);`,
      `const g = task_group({ group_id: "g" }, ({ x }: any) => odd({ x }));
       const xs = g.expand({ x: [1, 2, 3, 4, 5] });
       all({ xs }); lengths({ xs });`,
    );
    expect(run.xcom("all")).toEqual([1, 3]);
    expect(run.xcom("lengths")).toEqual([true, 2]);
  });

  it("is a list of one where there is one instance", async () => {
    const run = await runDag(
      tasks,
      `all({ xs: task_group({ group_id: "g" }, ({ x }: any) => echo({ x })).expand({ x: [7] }) });`,
    );
    expect(run.xcom("all")).toEqual([7]);
  });

  it("is, inside, the own value of the instance: null where it returned nothing, outside of lists", async () => {
    const run = await runDag(
      `${tasks} const odd = task({ task_id: "odd" }, ({ x }: any) => (x % 2 ? { x } : null));
       const see = task({ task_id: "see" }, ({ v, list }: any) => ({ v, list, isArray: Array.isArray(v) }));`,
      `task_group({ group_id: "g" }, ({ x }: any) => { const v = odd({ x }); see({ v, list: [v] }); }).expand({ x: nums() });`,
    );
    expect(run.xcom("g.see")).toEqual([{ x: 1 }, null, { x: 3 }].map((v) => ({ v, list: [v], isArray: false })));
    expect(run.instance("g.see", 2).rendered).toEqual({ v: { x: 3 }, list: [{ x: 3 }] });
    expect(run.instance("g.see", 1).rendered).toEqual({ v: null, list: [null] });
  });

  it("is, inside, entries and items of the own value", async () => {
    const run = await runDag(
      `${tasks} const make = task({ task_id: "make" }, ({ x }: any) => ({ n: x, list: [x, x] }));
       const push = task({ task_id: "push" }, ({ x }: any, c: any) => { c.ti.xcom_push({ key: "k", value: x * 2 }); return [x, 0]; });`,
      `task_group({ group_id: "g" }, ({ x }: any) => {
         echo({ x: [make({ x }).get("n"), push({ x }).get("k")] });
         echo.override({ task_id: "mapped" })({ x: push.override({ task_id: "again" })({ x }).map((n: number) => n + 1) });
       }).expand({ x: nums() });`,
    );
    expect(run.xcom("g.echo")).toEqual([1, 2, 3].map((n) => [n, n * 2]));
    expect(run.xcom("g.mapped")).toEqual([1, 2, 3].map((n) => [n + 1, 1]));
  });

  it("is, where one of several tasks of the group outside is listed, all of them", async () => {
    const run = await runDag(
      tasks,
      `const g = task_group({ group_id: "g" }, ({ x }: any) => ({ a: echo({ x }), b: plus({ x }) }));
       const { a, b } = g.expand({ x: nums() }) as any;
       all({ xs: a.concat(b) });`,
    );
    expect(run.xcom("all")).toEqual([1, 2, 3, 101, 102, 103]);
  });
});
