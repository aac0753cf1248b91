import { describe, expect, it } from "vitest";
import { runDag } from "../runtime/support/project.js";

const source = (value: string, options = ""): string =>
  `const source = task({ task_id: "source", multiple_outputs: true${options} }, (_: any): any => ${value});`;

describe("DTM608 multiple_outputs", () => {
  it("keeps every entry of the dict as an XCom of its own, beside the result", async () => {
    const run = await runDag(
      `${source("({ a: 1, b: [2], gone: undefined, c: null })")}
       const use = task({ task_id: "use" }, ({ a, b, c }: any, { ti }) => [a, b, c, ti.xcom_pull({ task_ids: "source", key: "b" })]);`,
      `const s: any = (source as any)({}); use({ a: s.get("a"), b: s.get("b"), c: s.get("c") });`,
    );
    expect(run.xcom("use")).toEqual([1, [2], null, [2]]);
    expect(run.xcom("source")).toEqual({ a: 1, b: [2], c: null });
    expect(run.instance("source").xcom_keys).toEqual(["a", "b", "c"]);
  });

  it("keeps them for every instance of a mapped task", async () => {
    const run = await runDag(
      `const source = task({ task_id: "source", multiple_outputs: true }, ({ x }: { x: number }) => ({ x, double: 2 * x }));
       const sum = task({ task_id: "sum" }, (_: any, { ti }) => ti.xcom_pull({ task_ids: "source", key: "double" }));`,
      `chain(source.expand({ x: [1, 2, 3] }), (sum as any)({}));`,
    );
    expect(run.xcom("sum")).toEqual([2, 4, 6]);
    expect(run.instance("source", 2).xcom_keys).toEqual(["double", "x"]);
  });

  it.each([`"text"`, "5", "[1]", "new Date(0)", "({ a: 1, [Symbol('s')]: 2 })"])("refuses %s", async (value) => {
    const run = await runDag(source(value), `(source as any)({});`);
    expect(run.instance("source")).toMatchObject({
      state: "failed",
      xcom: null,
      xcom_keys: [],
      error: { code: "multiple-outputs", at: { line: 4 } },
    });
  });

  it("keeps nothing where nothing is returned, or with do_xcom_push false", async () => {
    for (const text of [source("undefined"), source("null"), source("({ a: 1 })", ", do_xcom_push: false")]) {
      const run = await runDag(text, `(source as any)({});`);
      expect(run.instance("source")).toMatchObject({ state: "success", xcom: null, xcom_keys: [] });
    }
  });

  it("comes after the checks of a result that is mapped over", async () => {
    const run = await runDag(
      `${source("null")} const use = task({ task_id: "use" }, (_: { x: unknown }) => 1);`,
      `use.expand({ x: (source as any)({}) } as any);`,
    );
    expect(run.instance("source").error?.code).toBe("xcom-not-pushed");
  });
});
