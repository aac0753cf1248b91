import { describe, expect, it } from "vitest";
import { FanoutError } from "../../runtime/src/errors.js";
import { describeJson, toResultJson } from "../../runtime/src/worker/json.js";
import { runDag } from "./support/project.js";

const circular: Record<string, unknown> = {};
circular["self"] = { circular };

/** Why it is refused; null where it is not. */
function codeOf(value: unknown): unknown {
  try {
    toResultJson(value);
    return null;
  } catch (thrown) {
    return FanoutError.is(thrown) ? thrown.code : thrown;
  }
}

describe("a result", () => {
  it.each([
    [undefined, null],
    [null, null],
    [0, "0"],
    ["a\tb\nc", String.raw`"a\tb\nc"`],
    [{ a: undefined, b: [null] }, '{"b":[null]}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ toJSON: () => ({ x: 1 }) }, '{"x":1}'],
  ])("%o travels as %s", (value, json) => {
    expect(toResultJson(value)).toBe(json);
  });

  const shared = { a: 1 };
  it("may hold the same object twice", () => {
    expect(toResultJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  it.each([
    ["BigInt", 1n],
    ["function", () => 1],
    ["symbol", Symbol("s")],
    ["NaN", NaN],
    ["Infinity", -Infinity],
    ["Map", new Map()],
    ["Set", new Set()],
    ["typed array", new Uint8Array(2)],
    ["Promise", Promise.resolve(1)],
    ["circle", circular],
    ["Error", new Error("e")],
    ["RegExp", /x/],
    ["undefined", undefined],
  ])("with a %s is refused, with the way to it", (_, value) => {
    expect.assertions(2);
    try {
      toResultJson({ list: [0, value] });
    } catch (thrown) {
      expect(FanoutError.is(thrown) && thrown.code).toBe("xcom-not-serializable");
      expect((thrown as Error).message).toContain("result.list[1]");
    }
  });

  it("with a hole in a list is refused, as its reader would find null there", () => {
    expect(codeOf([1, , 3])).toBe("xcom-not-serializable");
    expect(codeOf({ a: undefined })).toBeNull();
  });

  it("may be as deep as Airflow's, and no deeper", () => {
    const nested = (depth: number): unknown => {
      let value: unknown = 1;
      for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
      return value;
    };
    expect(codeOf(nested(999))).toBeNull();
    for (const depth of [1000, 100_000]) expect(codeOf(nested(depth))).toBe("xcom-not-serializable");
  });

  it("is refused in a run with a place, and passes JSON even within one process", async () => {
    const run = await runDag(
      `const bad = task({ task_id: "bad" }, () => ({ when: 10n }));
       const good = task({ task_id: "good" }, () => ({ d: new Date(0), u: undefined, z: -0 }));
       const types = task({ task_id: "types" }, ({ v }: any) => [typeof v.d, "u" in v, Object.is(v.z, 0)]);`,
      `bad(); types({ v: good() } as any);`,
      { parallelism: 1 },
    );
    expect(run.instance("bad").error?.code).toBe("xcom-not-serializable");
    expect(run.instance("bad").error?.at?.line).toBe(6);
    expect(run.xcom("types")).toEqual(["string", false, true]);
  });
});

describe("inputs to look at", () => {
  it("say what JSON cannot", () => {
    expect(JSON.parse(describeJson({ f: Math.max, b: 1n, n: NaN, m: new Map(), d: new Date(0), c: circular }))).toEqual(
      {
        ...{ f: "[function max]", b: "1", n: "NaN", m: "[Map]", d: "1970-01-01T00:00:00.000Z" },
        c: { self: { circular: "[circular]" } },
      },
    );
  });
});
