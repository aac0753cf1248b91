import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const plain = inDag(`
    add.partial({ y: 10 }).expand({ x: 5 });
    //                                 ^ not-mappable
`);
const upstream = inDag(`
    add.partial({ y: 10 }).expand({ x: num() });
    //                                 ^^^^^ not-mappable
`);
const notCalled = inDag(`
    add.partial({ y: 10 }).expand({ x: nums });
    //                                 ^^^^ not-mappable
`);
const instance = inDag(`
    class Load extends BaseOperator<{ sql: string }, number[]> {
      override execute() { return [1]; }
    }
    const load = new Load({ task_id: "load", sql: "select 1" });
    add.partial({ y: 10 }).expand({ x: load });
    //                                 ^^^^ not-mappable
`);

describe("not-mappable, by reading alone", () => {
  it("reports a plain value", () => {
    const { finding } = checkOne(plain);
    expect(finding).toMatchObject({ messageId: "plainValue", severity: "error", phase: 1 });
  });

  it("reports texts, templates, booleans, big numbers and functions", () => {
    checkFixture(
      inDag(`
    const name = "abc";
    add.partial({ y: 1 }).expand({ x: name });
    //                                ^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: \`\${name}-\${nums.length}\` });
    //                                ^^^^^^^^^^^^^^^^^^^^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: true });
    //                                ^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: 10n });
    //                                ^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: () => [1] });
    //                                ^^^^^^^^^ not-mappable
`),
    );
  });

  it("reports what a task group is given", () => {
    checkFixture(
      inDag(`
    both.partial({ y: 1 }).expand({ x: 5 });
    //                                 ^ not-mappable
    both.expand({ x: nums(), y: nums });
    //                          ^^^^ not-mappable
    both.partial({ y: 1 }).expand({ x: num() });
    //                                 ^^^^^ not-mappable
    both.partial({ y: 1 }).expand({ x: nums() });
    both.expand_kwargs([{ x: 1, y: num() }]);
`),
    );
  });

  it("reports null and undefined", () => {
    const { findings } = checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: null });
    //                                ^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: undefined });
    //                                ^^^^^^^^^ not-mappable
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["emptyValue", "emptyValue"]);
  });

  it("reports a task that is not called, an operator and a partial", () => {
    expect(checkOne(notCalled).finding.messageId).toBe("notCalled");
    expect(checkOne(instance).finding.messageId).toBe("operator");
    const { finding } = checkOne(
      inDag(`
    add.partial({ y: 1 }).expand({ x: add.partial({ y: 1 }) });
    //                                ^^^^^^^^^^^^^^^^^^^^^ not-mappable
`),
    );
    expect(finding.messageId).toBe("partial");
  });
});

describe("not-mappable, by types", () => {
  it("reports a result that is no list", () => {
    const { finding } = checkOne(upstream);
    expect(finding).toMatchObject({ messageId: "result", severity: "error", phase: 2 });
  });

  it("reports a result that may be undefined, and one of a task that returns nothing", () => {
    checkFixture(
      inDag(`
    const maybe = task({ task_id: "maybe" }, (): number[] | undefined => undefined);
    const nothing = task({ task_id: "nothing" }, () => {});
    add.partial({ y: 1 }).expand({ x: maybe() });
    //                                ^^^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: nothing() });
    //                                ^^^^^^^^^ not-mappable
`),
    );
  });

  it("reports objects that are neither lists nor dicts", () => {
    const { findings } = checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: new Set([1]) });
    //                                ^^^^^^^^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: Promise.resolve([1]) });
    //                                ^^^^^^^^^^^^^^^^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: new Date() });
    //                                ^^^^^^^^^^ not-mappable
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["type", "type", "type"]);
  });

  it("warns where nobody can tell", () => {
    const { findings } = checkFixture(
      inDag(`
    const anyT = task({ task_id: "anyT" }, () => JSON.parse("[]"));
    const unk = task({ task_id: "unk" }, (): unknown => []);
    add.partial({ y: 1 }).expand({ x: anyT() });
    //                                ^^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: unk() });
    //                                ^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: JSON.parse("[]") });
    //                                ^^^^^^^^^^^^^^^^ not-mappable
    add.partial({ y: 1 }).expand({ x: JSON.parse("[]") as unknown });
`),
    );
    expect(findings.map(({ messageId, severity }) => [messageId, severity])).toEqual([
      ["untypedResult", "warning"],
      ["untypedResult", "warning"],
      ["untyped", "warning"],
    ]);
  });
});

describe("not-mappable, elsewhere", () => {
  it("lets lists, dicts and results of them pass", () => {
    checkFixture(
      inDag(`
    const pair = task({ task_id: "pair" }, ({ kv }: { kv: [string, number] }) => kv[1]);
    const dict = task({ task_id: "dict" }, (): Record<string, number> => ({ a: 1 }));
    const list: readonly number[] = JSON.parse("[]") as number[];
    const p = add.partial({ y: 1 });
    p.expand({ x: [1, num(), 3] });
    p.expand({ x: nums() });
    p.expand({ x: list });
    p.expand({ x: list.length > 0 ? [1] : nums() });
    p.expand({ x: p.expand({ x: nums() }) });
    pair.expand({ kv: { a: 1 } });
    pair.expand({ kv: dict() });
`),
    );
  });

  it("leaves names that other rules or TypeScript speak about alone", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: [1], y: 5 });
    //                                     ^ partial-and-expand
    add.partial({ y: 1 }).expand({ x: [1], zz: 5 });
    //                                     ^^ unknown-parameter
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line not-mappable -- tried on purpose
    add.partial({ y: 10 }).expand({ x: 5 });
`),
    );
  });

  it("is silent behind what does not resolve", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 10 }).expand({ x: missing() });
    add.partial({ y: 10 }).expand({ x: missing.of.many });
`),
    );
  });

  it("reports a helper's mistake where the helper is called, with the place it is written at", () => {
    const { finding } = checkOne(`
      //- /main.dag.ts
      import { dag } from "fanout";
      import { wrong } from "./helper.js";
      export default dag({ dag_id: "example" }, () => {
        wrong();
      //^^^^^^^ not-mappable
      });
      //- /helper.ts
      import { task } from "fanout";
      const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
      export function wrong() {
        return add.expand({ x: 5 });
      }
    `);
    expect(finding.related.map(({ span }) => [span.file, span.line])).toEqual([["/helper.ts", 4]]);
    expect(finding.fixes).toEqual([]);
  });
});

describe("not-mappable, fixes", () => {
  it("makes a list of one", () => {
    expect(fixed(plain)).toContain("add.partial({ y: 10 }).expand({ x: [5] });");
    expect(fixed(upstream)).toContain("add.partial({ y: 10 }).expand({ x: [num()] });");
    expect(fixed(upstream, /^Let 'num'/)).toContain('({ task_id: "num" }, () => [42])');
  });

  it("makes a list of a variable that is given by its name", () => {
    const source = inDag(`
    const x = 5;
    add.partial({ y: 10 }).expand({ x });
    //                              ^ not-mappable
`);
    expect(fixed(source)).toContain("expand({ x: [x] })");
  });

  it("moves a value that all instances share to partial", () => {
    const source = inDag(`
    add.expand({ x: [1, 2], y: 10 });
    //                         ^^ not-mappable
`);
    expect(fixed(source, /^Move/)).toContain("add.partial({ y: 10 }).expand({ x: [1, 2] });");
  });

  it("spreads a set", () => {
    const source = inDag(`
    add.partial({ y: 10 }).expand({ x: new Set([1]) });
    //                                 ^^^^^^^^^^^^ not-mappable
`);
    expect(fixed(source)).toContain("expand({ x: [...new Set([1])] })");
  });

  it("lets a task return a list or an object instead of a Set or Map", () => {
    const given = (value: string): string =>
      inDag(`
    const made = task({ task_id: "made" }, () => ${value});
    add.partial({ y: 10 }).expand({ x: made() });
    //                                 ^^^^^^ not-mappable
`);
    expect(fixed(given("new Set([1])"))).toContain("() => [...new Set([1])])");
    expect(fixed(given("new Map([['a', 1]])"))).toContain("() => Object.fromEntries(new Map([['a', 1]])))");
  });

  it("calls a task, and takes the output of an operator", () => {
    expect(fixed(notCalled)).toContain("expand({ x: nums() })");
    expect(fixed(instance)).toContain("expand({ x: load.output })");
    const byName = inDag(`
    const x = nums;
    add.partial({ y: 10 }).expand({ x });
    //                              ^ not-mappable
`);
    expect(fixed(byName)).toContain("expand({ x: x() })");
  });
});
