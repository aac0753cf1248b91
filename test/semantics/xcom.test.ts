import { describe, expect, it } from "vitest";
import { runDag, states } from "../runtime/support/project.js";

const pull = (name: string, options: string): string =>
  `const ${name} = task({ task_id: "${name}" }, (_: any, { ti }) => ti.xcom_pull(${options}));`;

describe("§2.7 ti.xcom_pull of a task that is not mapped", () => {
  it("gives the value it returned, or what it pushed under a key", async () => {
    const run = await runDag(
      `const source = task({ task_id: "source" }, (_: any, { ti }) => {
         ti.xcom_push({ key: "rows", value: { n: [3, "\\t\\n"] } });
         return { a: 1 };
       });
       ${pull("result", `{ task_ids: "source" }`)}
       ${pull("named", `{ task_ids: "source", key: "return_value" }`)}
       ${pull("pushed", `{ task_ids: "source", key: "rows" }`)}`,
      `chain((source as any)({}), [(result as any)({}), (named as any)({}), (pushed as any)({})]);`,
    );
    expect([run.xcom("result"), run.xcom("named"), run.xcom("pushed")]).toEqual([
      { a: 1 },
      { a: 1 },
      { n: [3, "\t\n"] },
    ]);
    expect(run.instance("source").xcom_keys).toEqual(["rows"]);
    expect(run.history.xcom(run.run_id, "source", undefined, "rows")).toEqual({ n: [3, "\t\n"] });
  });

  it("gives the default, or null, where there is nothing", async () => {
    const run = await runDag(
      `const nothing = task({ task_id: "nothing" }, () => undefined);
       const ask = task({ task_id: "ask" }, (_: any, { ti }) => [
         ti.xcom_pull({ task_ids: "nothing" }),
         ti.xcom_pull({ task_ids: "nothing", default: 7 }),
         ti.xcom_pull({ task_ids: "nothing", key: "k", default: [1] }),
         ti.xcom_pull({ task_ids: ["nothing"], default: 7 }),
         ti.xcom_pull({ task_ids: "nothing", map_indexes: 3, default: 7 }),
       ]);`,
      `chain(nothing(), (ask as any)({}));`,
    );
    expect(run.xcom("ask")).toEqual([null, 7, [1], [7], 7]);
  });

  it.each(["-2", "-4294967297", "4294967295", "4294967296", "2 ** 53", "-(2 ** 53)"])(
    "gives the default for %s, which is no index, and not what another task returned",
    async (index) => {
      const tasks = ["before", "source", "behind"].map(
        (id) => `const ${id} = task({ task_id: "${id}" }, () => "${id}");`,
      );
      const run = await runDag(
        `${tasks.join("\n")}
         const ask = task({ task_id: "ask" }, (_: any, { ti }) => [
           ti.xcom_pull({ task_ids: "source", map_indexes: ${index}, default: 7 }),
           ti.xcom_pull({ task_ids: "source", map_indexes: [-1, ${index}] }),
         ]);`,
        `chain(before(), source(), behind(), (ask as any)({}));`,
      );
      expect(run.xcom("ask")).toEqual([7, ["source", null]]);
    },
  );

  it("means the running instance itself where no task is named", async () => {
    const run = await runDag(
      `const own = task({ task_id: "own" }, ({ x }: any, { ti }) => {
         ti.xcom_push({ key: "k", value: x });
         return [ti.xcom_pull({ key: "k" }), ti.xcom_pull(), ti.xcom_pull({ key: "other" })];
       });`,
      `(own as any)({ x: 0 }); own.expand({ x: [1, 2] } as any);`,
    );
    expect(run.xcom("own")).toEqual([0, null, null]);
    expect(run.xcom("own__1")).toEqual([
      [1, null, null],
      [2, null, null],
    ]);
  });

  it("works where it is taken out of ti, and does not show where ti is printed", async () => {
    const run = await runDag(
      `const own = task({ task_id: "own" }, (_: any, { ti }) => {
         const { xcom_push, xcom_pull } = ti;
         xcom_push({ key: "k", value: 5 });
         return [xcom_pull({ key: "k" }), Object.keys(ti).filter((name) => name.startsWith("xcom"))];
       });`,
      `(own as any)({});`,
    );
    expect(run.xcom("own")).toEqual([5, []]);
  });

  it("of a task that the DAG does not have names what was meant", async () => {
    const run = await runDag(pull("ask", `{ task_ids: "sauce" }`), `(ask as any)({});`);
    expect(run.instance("ask").error).toMatchObject({ code: "unknown-task", at: { line: 2 } });
  });

  it.each([`"source"`, "{ task_id: 1 }", "{ task_ids: 5 }", `{ map_indexes: ["1"] }`, `{ key: "" }`])(
    "refuses %s",
    async (options) => {
      const run = await runDag(pull("ask", `${options} as any`), `(ask as any)({});`);
      expect(run.instance("ask").error).toMatchObject({ code: "invalid-argument", at: { line: 2 } });
    },
  );
});

describe("§2.7 ti.xcom_pull of a mapped task", () => {
  const mapped = `const source = task({ task_id: "source" }, ({ x }: any, { ti }) => {
      ti.xcom_push({ key: "k", value: x * 10 });
      return x === 2 ? null : x;
    });`;
  const body = (ask: string): string => `chain(source.expand({ x: [1, 2, 3] } as any), (${ask} as any)({}));`;

  it("gives the values of all indexes that have one, in order", async () => {
    const asks = pull("ask", `{ task_ids: "source" }`) + pull("keys", `{ task_ids: "source", key: "k" }`);
    const run = await runDag(mapped + asks, `${body("ask")} (keys as any)({}).set_upstream((ask as any)({}));`);
    expect(run.xcom("ask")).toEqual([1, 3]);
    expect(run.xcom("keys")).toEqual([10, 20, 30]);
    expect(run.xcom("source")).toEqual([1, 3]);
    expect(run.history.xcom(run.run_id, "source", undefined, "k")).toEqual([10, 20, 30]);
    expect(run.history.xcom(run.run_id, "source", 1, "k")).toBe(20);
  });

  it("of one index gives the value, of several the list, with the default where one is missing", async () => {
    const run = await runDag(
      `${mapped} const ask = task({ task_id: "ask" }, (_: any, { ti }) => [
         ti.xcom_pull({ task_ids: "source", map_indexes: 2 }),
         ti.xcom_pull({ task_ids: "source", map_indexes: 1, default: "none" }),
         ti.xcom_pull({ task_ids: "source", map_indexes: [2, 1, 0], default: "none" }),
         ti.xcom_pull({ task_ids: ["source"], map_indexes: 0 }),
         ti.xcom_pull({ task_ids: ["source", "source"], key: "k", map_indexes: [0, 1] }),
       ]);`,
      body("ask"),
    );
    expect(run.xcom("ask")).toEqual([3, "none", [3, "none", 1], [1], [10, 20, 10, 20]]);
  });

  it("of several tasks gives one list, and of instances without any value the default", async () => {
    const run = await runDag(
      `${mapped} const single = task({ task_id: "single" }, () => "s");
       const nothing = task({ task_id: "nothing" }, (_: { x: number }) => null);
       const ask = task({ task_id: "ask" }, (_: any, { ti }) => [
         ti.xcom_pull({ task_ids: ["single", "source"] }),
         ti.xcom_pull({ task_ids: "nothing" }),
         ti.xcom_pull({ task_ids: "nothing", default: "none" }),
       ]);`,
      `const ready = (ask as any)({});
       chain([single(), source.expand({ x: [1, 2, 3] } as any), nothing.expand({ x: [1] })], ready);`,
    );
    expect(run.xcom("ask")).toEqual([["s", 1, 3], null, "none"]);
  });

  it("gives one value as a list too, and long values in several answers", async () => {
    const run = await runDag(
      `const one = task({ task_id: "one" }, ({ x }: { x: number }) => x);
       const long = task({ task_id: "long" }, ({ x }: { x: number }) => String(x).repeat(2_500_000));
       const ask = task({ task_id: "ask" }, (_: any, { ti }) => [
         ti.xcom_pull({ task_ids: "one" }),
         ti.xcom_pull<string[]>({ task_ids: "long" }).map((text) => [text.length, text.at(-1)]),
       ]);`,
      `chain([one.expand({ x: [5] }), long.expand({ x: [1, 2, 3] })], (ask as any)({}));`,
    );
    const length = 2_500_000;
    const lengths = [1, 2, 3].map((x) => [length, String(x)]);
    expect(run.xcom("ask")).toEqual([[5], lengths]);
  });
});

describe("§4 what is pushed", () => {
  it("goes through JSON, and what JSON cannot carry fails the instance at the line that pushes it", async () => {
    const push = (name: string, value: string): string =>
      `const ${name} = task({ task_id: "${name}" }, (_: any, { ti }) => {
         ti.xcom_push({ key: "k", value: ${value} });
       });`;
    const run = await runDag(
      [
        push("date", "new Date(0)"),
        push("map", "new Map()"),
        push("nan", "{ a: [NaN] }"),
        push("no", "undefined"),
      ].join("\n"),
      `(date as any)({}); (map as any)({}); (nan as any)({}); (no as any)({});`,
    );
    const keyed = (task_id: string): unknown => run.history.xcom(run.run_id, task_id, undefined, "k");
    expect(keyed("date")).toBe("1970-01-01T00:00:00.000Z");
    expect(keyed("no")).toBeNull();
    expect(run.instance("no").xcom_keys).toEqual(["k"]);
    expect(run.instance("map").error).toMatchObject({ code: "xcom-not-serializable", at: { line: 6 } });
    expect(run.instance("nan").error).toMatchObject({ code: "xcom-not-serializable", at: { line: 9 } });
  });

  it.each([`"k"`, `{ key: 5, value: 1 }`, `{ key: "", value: 1 }`, `{ key: "k", values: 1 }`])(
    "is not %s",
    async (xcom) => {
      const run = await runDag(
        `const push = task({ task_id: "push" }, (_: any, { ti }) => (ti as any).xcom_push(${xcom}));`,
        `(push as any)({});`,
      );
      expect(run.instance("push").error).toMatchObject({ code: "invalid-argument", at: { line: 2 } });
    },
  );

  it("is seen at once, by whoever runs beside it", async () => {
    const run = await runDag(
      `import { setTimeout as sleep } from "node:timers/promises";
       const first = task({ task_id: "first" }, async (_: any, { ti }) => {
         ti.xcom_push({ key: "here", value: 1 });
         while (ti.xcom_pull({ task_ids: "second", key: "seen" }) !== 1) await sleep(5);
       });
       const second = task({ task_id: "second" }, async (_: any, { ti }) => {
         let seen;
         while ((seen = ti.xcom_pull({ task_ids: "first", key: "here" })) === null) await sleep(5);
         ti.xcom_push({ key: "seen", value: seen });
       });`,
      `(first as any)({}); (second as any)({});`,
    );
    expect(run.result.state).toBe("success");
  });

  it("stays where the instance fails, and is gone when another try starts", async () => {
    const run = await runDag(
      `const fails = task({ task_id: "fails", retries: 1, retry_delay: 0 }, (_: any, { ti }) => {
         const before = ti.xcom_pull({ key: "first" });
         if (ti.try_number === 1) ti.xcom_push({ key: "first", value: 1 });
         else ti.xcom_push({ key: "second", value: before });
         throw new Error("no");
       });
       const ask = task({ task_id: "ask", trigger_rule: "all_done" }, (_: any, { ti }) => [
         ti.xcom_pull({ task_ids: "fails", key: "first" }), ti.xcom_pull({ task_ids: "fails", key: "second", default: "?" }),
       ]);`,
      `chain((fails as any)({}), (ask as any)({}));`,
    );
    expect(run.instance("fails")).toMatchObject({ state: "failed", try_number: 2, xcom_keys: ["second"] });
    expect(run.xcom("ask")).toEqual([null, null]);
  });

  it("as return_value counts as the result, unless something is returned", async () => {
    const run = await runDag(
      `const source = task({ task_id: "source", do_xcom_push: false }, ({ x }: any, { ti }) => {
         ti.xcom_push({ key: "return_value", value: x });
         return "dropped";
       });
       const returns = task({ task_id: "returns" }, (_: any, { ti }) => {
         ti.xcom_push({ key: "return_value", value: 1 });
         return 2;
       });`,
      `source.expand({ x: [1, 2] } as any); (returns as any)({});`,
    );
    expect(run.xcom("source")).toEqual([1, 2]);
    expect(run.xcom("returns")).toBe(2);
    expect(states(run.task("source"))).toEqual(["success", "success"]);
  });
});

describe("DTM421 get(key) of a reference", () => {
  const use = `const use = task({ task_id: "use" }, ({ x }: { x: unknown }) => ({ x }));`;

  it("prefers what was pushed under the key to the entry of the result", async () => {
    const run = await runDag(
      `${use} const source = task({ task_id: "source" }, (_: any, { ti }) => {
         ti.xcom_push({ key: "a", value: "pushed" });
         return { a: "returned", b: "returned" };
       });`,
      `const s: any = (source as any)({}); use({ x: [s.get("a"), s.get("b")] });`,
    );
    expect(run.xcom("use")).toEqual({ x: ["pushed", "returned"] });
  });

  it("of a mapped task gives the list of what its instances pushed", async () => {
    const run = await runDag(
      `${use} const source = task({ task_id: "source" }, ({ n }: any, { ti }) => ti.xcom_push({ key: "k", value: -n }));`,
      `use({ x: (source.expand({ n: [1, 2] } as any) as any).get("k") });`,
    );
    expect(run.xcom("use")).toEqual({ x: [-1, -2] });
  });

  it("of a key that is nowhere fails the instance", async () => {
    const run = await runDag(
      `${use} const source = task({ task_id: "source" }, (_: any, { ti }) => ti.xcom_push({ key: "a", value: 1 }));`,
      `use({ x: (source as any)({}).get("b") });`,
    );
    expect(run.instance("use").error?.code).toBe("xcom-not-found");
  });
});
