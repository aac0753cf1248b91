import { describe, expect, it } from "vitest";
import { runDag, states } from "../runtime/support/project.js";

const definitions = `
  const use = task({ task_id: "use" }, ({ a, b = 0 }: { a: any; b?: number }) => ({ a, b }));
  const any = task({ task_id: "any" }, (inputs: any) => inputs);
  class Load extends BaseOperator<{ sql: string; n?: number }, string> {
    execute() { return this.args.sql + this.args.n; }
  }
  const list = task({ task_id: "list" }, () => [1, 2]);
  const one = task({ task_id: "one" }, (): any => ({ a: "one" }));
  const give = (value: any) => task({ task_id: "give" }, (): any => value)();`;

describe("2.4 expand_kwargs", () => {
  it("instance i takes dict i of what map, zip and concat make", async () => {
    const run = await runDag(
      definitions,
      `use.expand_kwargs((list() as any).zip(list()).map(([a, b]: any) => ({ a, b })).concat(list().map((a) => ({ a }))));`,
    );
    expect(run.xcom("use")).toEqual([
      { a: 1, b: 1 },
      { a: 2, b: 2 },
      { a: 1, b: 0 },
      { a: 2, b: 0 },
    ]);
    expect(run.instance("use", 1).rendered).toEqual({ a: 2, b: 2 });
  });

  it("resolves items of a literal list that are references, and references inside of its dicts", async () => {
    const run = await runDag(
      definitions,
      `use.expand_kwargs([{ a: 0 }, one(), { a: list().map((n) => -n), b: 5 }, { a: one().get("a") }].slice(0, 3) as any);`,
    );
    expect(run.xcom("use")).toEqual([
      { a: 0, b: 0 },
      { a: "one", b: 0 },
      { a: [-1, -2], b: 5 },
    ]);
  });

  it("over a mapped task takes the dicts that exist", async () => {
    const run = await runDag(
      definitions,
      `use.expand_kwargs(any.expand({ a: [1, 2] }) as any); use.expand_kwargs(any.expand({ a: [3] }).map((d: any) => ({ ...d, b: 9 })));`,
    );
    expect(run.xcom("use")).toEqual([
      { a: 1, b: 0 },
      { a: 2, b: 0 },
    ]);
    expect(run.xcom("use__1")).toEqual([{ a: 3, b: 9 }]);
  });
});

describe("3.3 expand_kwargs, item by item", () => {
  it.each([
    ["DTM305 a dict", `{ a: 1, b: 2 }`, "not-mappable"],
    ["DTM306 a number", `[5]`, "not-mappable"],
    ["DTM306 null", `[null]`, "not-mappable"],
    ["DTM306 a list", `[[1]]`, "not-mappable"],
    ["DTM307 a name that is a number", `[{ a: 1, 5: 1 }]`, "invalid-argument"],
    ["DTM309 a name of partial", `[{ a: 1, b: 1 }]`, "partial-and-expand"],
    ["DTM310 a name that the task does not have", `[{ a: 1, q: 1 }]`, "unknown-parameter"],
    ["DTM310 the task_id", `[{ a: 1, task_id: "x" }]`, "unmappable-parameter"],
  ])("%s fails the instance", async (_, value, code) => {
    const run = await runDag(definitions, `use.partial({ b: 1 }).expand_kwargs(give(${value}));`);
    expect(run.task("give").state).toBe("success");
    expect(run.instance("use", 0).error).toMatchObject({ code, at: { line: 12 } });
  });

  it("fails only the instances whose items are wrong", async () => {
    const run = await runDag(definitions, `use.expand_kwargs(give([{ a: 1 }, 5, { a: 2, q: 1 }, { a: 3 }]));`);
    expect(states(run.task("use"))).toEqual(["success", "failed", "failed", "success"]);
  });

  it("DTM308 a name of partial fails the instance of an operator, and so does an argument of all operators", async () => {
    const run = await runDag(
      definitions,
      `Load.partial({ task_id: "load", n: 1 }).expand_kwargs(give([{ sql: "a" }, { sql: "b", n: 2 }, { sql: "c", pool: "p" }]));`,
    );
    expect(states(run.task("load"))).toEqual(["success", "failed", "failed"]);
    expect(run.instance("load", 1).error?.code).toBe("partial-and-expand");
    expect(run.instance("load", 2).error?.code).toBe("unmappable-parameter");
  });

  it("takes any name where the task's code does not tell which it has", async () => {
    const run = await runDag(definitions, `any.expand_kwargs(give([{ anything: 1 }]));`);
    expect(run.xcom("any")).toEqual([{ anything: 1 }]);
  });

  it.each([
    ["a number", "5", "not-mappable"],
    ["nothing", "null", "xcom-not-pushed"],
  ])("2.6 a task that gives %s as one item of a literal list fails itself", async (_, value, code) => {
    const run = await runDag(definitions, `use.expand_kwargs([{ a: 1 }, give(${value})]);`);
    expect(run.instance("give").error?.code).toBe(code);
    expect(run.task("use")).toMatchObject({ state: "upstream_failed", count: 2 });
  });
});
