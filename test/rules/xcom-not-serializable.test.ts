import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

const inTask = (code: string, options = ""): string => `
  import { BaseOperator, dag, task } from "fanout";
  ${code}
  export default dag({ dag_id: "d"${options} }, () => { make(); });
`;

describe("xcom-not-serializable", () => {
  it.each([
    ["a Set", "new Set([1])"],
    ["a Map", "new Map([['a', 1]])"],
    ["a BigInt", "10n"],
    ["a RegExp", "/a/"],
    ["an Error", "new TypeError('a')"],
    ["a function", "Math.max"],
    ["a class", "Promise"],
    ["a symbol", "Symbol('a')"],
    ["a typed array", "new Uint8Array(3)"],
  ])("reports %s", (_what, value) => {
    const { finding } = checkOne(
      inTask(`const make = task({ task_id: "make" }, () => ${value});
  //                                           ${"^".repeat(value.length)} xcom-not-serializable`),
    );
    expect(finding).toMatchObject({ messageId: "whole", severity: "error", phase: 2 });
  });

  it("reports a part of a result, of any path, of async bodies and of operators", () => {
    const { findings } = checkFixture(
      inTask(`
  interface Row { readonly id: bigint; readonly name: string }
  declare function rows(): Promise<Row[]>;
  declare const flag: boolean;
  const make = task({ task_id: "make" }, async () => {
    if (flag) return { rows: await rows() };
    //               ^^^^^^^^^^^^^^^^^^^^^^ xcom-not-serializable
    return { rows: [] };
  });
  const other = task({ task_id: "other" }, function () { return { go() { return 1; } }; });
  //                                                            ^^^^^^^^^^^^^^^^^^^^^^ xcom-not-serializable
  class Load extends BaseOperator<{ sql: string }, { seen: Set<string> }> {
    async execute() { return { seen: new Set<string>() }; }
    //                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ xcom-not-serializable
  }
  export const second = dag({ dag_id: "e" }, () => { other(); new Load({ task_id: "l", sql: "" }); });
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["part", "part", "part"]);
  });

  it("lets plain data pass, and what may be plain or is not known", () => {
    checkFixture(
      inTask(`
  declare const some: {
    either: number | bigint; any: any; unknown: unknown; optional: { id?: bigint; at: Date };
    service: { readonly run: () => void }; own: Own; json: { id: bigint; toJSON(): string };
  };
  declare const flag: boolean;
  class Own { readonly id = 1n; }
  const make = task({ task_id: "make" }, () => {
    const seen = new Set([1]);
    const inner = () => new Map();
    void inner;
    if (flag) return [...seen];
    if (flag) return some.either;
    if (flag) return some.any as unknown;
    if (flag) return some.unknown;
    if (flag) return some.optional;
    if (flag) return some.service;
    if (flag) return some.own;
    if (flag) return some.json;
    if (flag) return null;
    return { at: new Date(), list: [["a", 1]], text: "a", flag, nothing: undefined, deep: { deeper: [{ a: 1 }] } };
  });
`),
    );
  });

  it("is silent where the result is not kept, or may not be", () => {
    checkFixture(
      inTask(`
  declare const given: { readonly do_xcom_push?: boolean };
  const make = task({ task_id: "make", do_xcom_push: false }, () => new Set([1]));
  const other = task({ task_id: "other", ...given }, () => new Set([1]));
  const ready = task.short_circuit({ task_id: "ready" }, () => new Set([1]));
  export const second = dag({ dag_id: "e", default_args: { do_xcom_push: false } }, () => {
    task({ task_id: "third" }, () => new Set([1]))();
  });
  export const third = dag({ dag_id: "f" }, () => { other(); ready(); });
`),
    );
  });

  it("leaves to 'not-mappable' what is mapped over and cannot be, and nothing else", () => {
    checkFixture(`
  import { dag, task } from "fanout";
  const names = task({ task_id: "names" }, () => new Set(["a"]));
  const sums = task({ task_id: "sums" }, () => new Map([["a", 1]]));
  const rows = task({ task_id: "rows" }, () => [{ id: 1n }]);
  //                                           ^^^^^^^^^^^^ xcom-not-serializable
  const alone = task({ task_id: "alone" }, () => new Set(["a"]));
  //                                             ^^^^^^^^^^^^^^ xcom-not-serializable
  const show = task({ task_id: "show" }, ({ x, y }: { x: unknown; y?: unknown }) => [x, y]);
  const options = task({ task_id: "options" }, () => new Set([{ x: 1 }]));
  export default dag({ dag_id: "d" }, () => {
    show.expand({ x: names() });
    //               ^^^^^^^ not-mappable
    show.expand({ x: sums() });
    //               ^^^^^^ not-mappable
    show.expand({ x: rows() });
    show.partial({ y: alone() }).expand({ x: [1] });
    // @ts-expect-error
    show.expand_kwargs(options());
    //                 ^^^^^^^^^ expand-kwargs-shape
  });
`);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inTask(`// fanout-disable-next-line xcom-not-serializable
  const make = task({ task_id: "make" }, () => new Set([1]));`),
    );
  });

  it("turns sets, maps and BigInts into plain data", () => {
    const wrong = (value: string): string =>
      inTask(`const make = task({ task_id: "make" }, () => ${value});
  //                                           ${"^".repeat(value.length)} xcom-not-serializable`);
    expect(fixed(wrong("new Set([1])"))).toContain("() => [...new Set([1])]");
    expect(fixed(wrong("new Map([['a', 1]])"))).toContain("() => Object.fromEntries(new Map([['a', 1]]))");
    expect(fixed(wrong("10n"), /text/)).toContain("() => String(10n)");
    expect(fixed(wrong("10n"), /number/)).toContain("() => Number(10n)");
  });
});
