import { describe, expect, it } from "vitest";
import { runDag, states } from "./support/project.js";

const echo = `const echo = task({ task_id: "echo" }, (inputs: any) => inputs);`;

describe("expansion", () => {
  it("runs one instance for each item of a literal list, with what partial gives to all", async () => {
    const run = await runDag(
      `const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);`,
      `add.partial({ y: 10 }).expand({ x: [1, 2, 3] });`,
    );
    expect(run.result).toEqual({ state: "success", cancelled: false });
    expect(run.xcom("add")).toEqual([11, 12, 13]);
    expect(run.task("add")).toMatchObject({ mapped: true, count: 3, state: "success", counts: { success: 3 } });
    expect(run.instance("add", 1).rendered).toEqual({ y: 10, x: 2 });
  });

  it("numbers a cross product so that the last input varies fastest, dicts as pairs", async () => {
    const run = await runDag(echo, `echo.expand({ number: [1, 2], letter: { a: "x", b: "y", c: "z" } });`);
    expect(run.xcom("echo")).toEqual(
      [1, 2].flatMap((number) =>
        [
          ["a", "x"],
          ["b", "y"],
          ["c", "z"],
        ].map((letter) => ({ number, letter })),
      ),
    );
  });

  it("takes the same source twice as two axes", async () => {
    const run = await runDag(
      `${echo} const t = task({ task_id: "t" }, () => [1, 2]);`,
      `const list = t(); echo.expand({ a: list, b: list } as any);`,
    );
    expect(run.xcom("echo")).toEqual(
      [
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
      ].map(([a, b]) => ({ a, b })),
    );
  });

  it("maps over lists and dicts that a task returned", async () => {
    const run = await runDag(
      `${echo}
       const list = task({ task_id: "list" }, () => [{ id: 1 }, { id: 2 }]);
       const dict = task({ task_id: "dict" }, () => ({ a: 1, b: null }));
       const echo2 = task({ task_id: "echo2" }, (inputs: any) => inputs);`,
      `echo.expand({ x: list() }); echo2.expand({ y: dict() });`,
    );
    expect(run.xcom("echo")).toEqual([{ x: { id: 1 } }, { x: { id: 2 } }]);
    expect(run.xcom("echo2")).toEqual([{ y: ["a", 1] }, { y: ["b", null] }]);
    expect(run.events.filter((event) => event.type === "task_expanded")).toMatchObject([
      { task_id: "echo", count: 2 },
      { task_id: "echo2", count: 2 },
    ]);
  });

  it("maps over the results of a mapped task that exist, in order of map_index", async () => {
    const run = await runDag(
      `const odd = task({ task_id: "odd" }, ({ x }: { x: number }) => (x % 2 ? x : null));
       const ten = task({ task_id: "ten" }, ({ x }: { x: any }) => x * 10);`,
      `ten.expand({ x: odd.expand({ x: [1, 2, 3, 4, 5] }) } as any);`,
    );
    expect(run.task("odd")).toMatchObject({ count: 5, counts: { success: 5 } });
    expect(run.xcom("odd")).toEqual([1, 3, 5]);
    expect(run.xcom("ten")).toEqual([10, 30, 50]);
    expect(run.instance("odd", 1).xcom).toBeNull();
  });

  it("resolves references inside literal lists and inside partial values", async () => {
    const run = await runDag(
      `${echo} const five = task({ task_id: "five" }, () => 5);`,
      `const n = five(); echo.partial({ all: { deep: [n, 0] } } as any).expand({ x: [1, n] } as any);`,
    );
    expect(run.xcom("echo")).toEqual([
      { all: { deep: [5, 0] }, x: 1 },
      { all: { deep: [5, 0] }, x: 5 },
    ]);
    expect(run.instance("echo", 1).rendered).toEqual({ all: { deep: [5, 0] }, x: 5 });
  });

  it("skips a task that has nothing to map over, and what follows it", async () => {
    const run = await runDag(
      `${echo} const none = task({ task_id: "none" }, () => []);
       const after = task({ task_id: "after" }, () => 1);
       const anyway = task({ task_id: "anyway", trigger_rule: "none_failed" }, (i: any) => i);`,
      `const mapped = echo.expand({ x: none() }); chain(mapped, after()); anyway({ list: mapped });`,
    );
    expect(run.result.state).toBe("success");
    expect(run.task("echo")).toMatchObject({
      count: 0,
      state: "skipped",
      instances: [{ map_index: -1, state: "skipped" }],
    });
    expect(run.task("after").state).toBe("skipped");
    expect(run.xcom("anyway")).toEqual({ list: [] });
  });

  it("gives every instance its own copy, which it may change", async () => {
    const run = await runDag(
      `const push = task({ task_id: "push" }, ({ list, item, config }: any) => {
         list.push(1); item.n++; config.deep.push(2); return [list.length, item.n, config.deep.length]; });
       const lists = task({ task_id: "lists" }, () => [9]);
       const items = task({ task_id: "items" }, () => [{ n: 1 }, { n: 1 }, { n: 1 }]);`,
      `push.partial({ list: lists(), config: { deep: [] } } as any).expand({ item: items() } as any);`,
      { parallelism: 1 },
    );
    expect(run.xcom("push")).toEqual([
      [2, 2, 1],
      [2, 2, 1],
      [2, 2, 1],
    ]);
  });
});

describe("expand_kwargs", () => {
  it("gives each instance one dict, from the code or from a task", async () => {
    const run = await runDag(
      `${echo} const list = task({ task_id: "list" }, () => [{ a: 1 }, { a: 2, b: 3 }]);
       const one = task({ task_id: "one" }, () => ({ a: 7 }));
       const echo2 = task({ task_id: "echo2" }, (inputs: any) => inputs);`,
      `echo.partial({ k: 0 } as any).expand_kwargs(list() as any);
       echo2.expand_kwargs([{ a: 1 }, one()] as any);`,
    );
    expect(run.xcom("echo")).toEqual([
      { k: 0, a: 1 },
      { k: 0, a: 2, b: 3 },
    ]);
    expect(run.xcom("echo2")).toEqual([{ a: 1 }, { a: 7 }]);
    expect(run.instance("echo", 1).rendered).toEqual({ k: 0, a: 2, b: 3 });
  });

  it("fails the instance whose item is no dict or repeats a name of partial", async () => {
    const run = await runDag(
      `${echo} const list = task({ task_id: "list" }, () => [{ a: 1 }, 5, { k: 1 }] as any);`,
      `echo.partial({ k: 0 } as any).expand_kwargs(list() as any);`,
    );
    expect(states(run.task("echo"))).toEqual(["success", "failed", "failed"]);
    expect(run.instance("echo", 1).error?.code).toBe("not-mappable");
    expect(run.instance("echo", 2).error).toMatchObject({ code: "partial-and-expand", at: { line: 4 } });
  });

  it("fails the instance whose item has a name that the function is known not to take", async () => {
    const run = await runDag(
      `const add = task({ task_id: "add" }, ({ a, b = 1 }: { a: number; b?: number }) => a + b);
       const any = task({ task_id: "any" }, (inputs: any) => inputs);
       const list = task({ task_id: "list" }, () => [{ a: 1 }, { a: 1, c: 2 }, { a: 1, task_id: "x" }] as any);`,
      `const items = list() as any; add.expand_kwargs(items); any.expand_kwargs(items);`,
    );
    expect(states(run.task("add"))).toEqual(["success", "failed", "failed"]);
    expect(run.instance("add", 1).error).toMatchObject({ code: "unknown-parameter", at: { line: 6 } });
    expect(run.instance("add", 2).error).toMatchObject({ code: "unmappable-parameter" });
    expect(states(run.task("any"))).toEqual(["success", "success", "failed"]);
  });
});

describe("a mapping source", () => {
  it.each([
    ["nothing", "undefined", "xcom-not-pushed"],
    ["null", "null", "xcom-not-pushed"],
    ["a text", `"abc"`, "not-mappable"],
    ["a number", "5", "not-mappable"],
  ])("fails when it returns %s", async (_, value, code) => {
    const run = await runDag(
      `${echo} const source = task({ task_id: "source" }, (): any => ${value});`,
      `echo.expand({ x: source() } as any);`,
    );
    expect(run.result.state).toBe("failed");
    expect(run.instance("source").error).toMatchObject({ code, at: { line: 4 } });
    expect(run.task("echo")).toMatchObject({ state: "upstream_failed", count: null });
  });

  it("fails when it does not push what it returns", async () => {
    const run = await runDag(
      `${echo} const source = task({ task_id: "source", do_xcom_push: false }, () => [1]);`,
      `echo.expand({ x: source() } as any);`,
    );
    expect(run.instance("source").error?.code).toBe("xcom-not-pushed");
  });
});
