import { afterEach, describe, expect, it, vi } from "vitest";
import { refusalOf, runDag } from "../runtime/support/project.js";

const definitions = (value: string, options = ""): string => `
  const use = task({ task_id: "use" }, ({ x }: any) => ({ x }));
  const list = task({ task_id: "list" }, () => [1, 2]);
  const source = task({ task_id: "source"${options} }, (_: any): any => ${value});`;

afterEach(() => vi.unstubAllEnvs());

describe("2.6 what a mapping source returns is checked when it returns it", () => {
  const depths = [
    ["map", "(source as any)({}).map((x: any) => x)"],
    ["zip", "list().zip((source as any)({}))"],
    ["concat", "list().concat((source as any)({}))"],
    ["all of them", "list().zip(list().concat((source as any)({}).map((x: any) => x)), { fillvalue: 0 })"],
  ];
  const values = [
    ["null", "xcom-not-pushed"],
    ["undefined", "xcom-not-pushed"],
    [`"abc"`, "not-mappable"],
    ["5", "not-mappable"],
    ["true", "not-mappable"],
  ];

  it.each(depths)("through %s", async (_, reference) => {
    for (const [value, code] of values) {
      const run = await runDag(definitions(value ?? ""), `use.expand({ x: ${reference} } as any);`);
      expect(run.instance("source").error).toMatchObject({ code, at: { line: 7 } });
      expect(run.task("use")).toMatchObject({ state: "upstream_failed", count: null });
    }
  });

  it("with do_xcom_push false", async () => {
    const run = await runDag(
      definitions("[1]", ", do_xcom_push: false"),
      `use.expand({ x: (source as any)({}).map(String) });`,
    );
    expect(run.instance("source").error?.code).toBe("xcom-not-pushed");
  });

  it("and uses up its retries", async () => {
    const run = await runDag(
      definitions("5", ", retries: 2, retry_delay: 0"),
      `use.expand({ x: (source as any)({}).map(String) });`,
    );
    expect(run.instance("source")).toMatchObject({ state: "failed", try_number: 3 });
  });

  it("but not where it is mapped itself, or only received", async () => {
    const run = await runDag(
      definitions("null"),
      `use.expand({ x: source.expand({ y: [1, 2] } as any).map((x: any) => x) } as any); use({ x: [(source as any)({})] });`,
    );
    expect(run.result.state).toBe("success");
    expect(run.task("use")).toMatchObject({ count: 0, state: "skipped" });
    expect(run.xcom("use__1")).toEqual({ x: [null] });
  });
});

describe("2.5 max_map_length", () => {
  const of = (length: number): string => definitions(`Array.from({ length: ${String(length)} }, () => 0)`);
  const count = `const r: any = (source as any)({}); use.expand({ x: r.map((x: any) => x).zip(r) });`;

  it("is 1024 where nothing else is said", async () => {
    expect((await runDag(of(1024), count)).task("use").count).toBe(1024);
    const run = await runDag(of(1025), count);
    expect(run.instance("source").error).toMatchObject({ code: "xcom-too-long", at: { line: 7 } });
    expect(run.task("use")).toMatchObject({ state: "upstream_failed", count: null });
  });

  it("is read from AIRFLOW__CORE__MAX_MAP_LENGTH, and counts the entries of dicts", async () => {
    vi.stubEnv("AIRFLOW__CORE__MAX_MAP_LENGTH", "2");
    const dict = (text: string) => runDag(definitions(text), `use.expand({ x: (source as any)({}) } as any);`);
    expect((await dict("({ a: 1, b: 2 })")).task("use").count).toBe(2);
    expect((await dict("({ a: 1, b: 2, c: 3 })")).instance("source").error?.code).toBe("xcom-too-long");
    expect((await runDag(of(3), count, { maxMapLength: 3 })).task("use").count).toBe(3);
  });

  it.each(["0", "-1", "1.5", "many"])("cannot be %s", async (text) => {
    vi.stubEnv("AIRFLOW__CORE__MAX_MAP_LENGTH", text);
    expect((await refusalOf(runDag(of(1), count))).code).toBe("invalid-option");
  });

  it("limits neither literals, nor cross products, nor what mapped tasks and concat add up to", async () => {
    const run = await runDag(
      definitions("[1, 2, 3]"),
      `const r: any = (source as any)({}); const m: any = use.expand({ x: [1, 2, 3, 4] });
       use.expand({ x: r.concat(r) }); use.expand({ x: m });
       const pair = task({ task_id: "pair" }, ({ a, b }: any) => 1); pair.expand({ a: r, b: r });`,
      { maxMapLength: 3 },
    );
    expect(run.result.state).toBe("success");
    expect(["use", "use__1", "use__2", "pair"].map((id) => run.task(id).count)).toEqual([4, 6, 4, 9]);
  });

  it("is not asked where nothing maps over the result", async () => {
    const run = await runDag(of(5), `use({ x: ((source as any)({}) as any).map((x: any) => x) });`, {
      maxMapLength: 1,
    });
    expect(run.result.state).toBe("success");
  });
});
