import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

/** A task with this function, which is mapped over. */
function mappedOver(fn: string, use = "add.partial({ y: 1 }).expand({ x: many() });"): string {
  return inDag(`
    const many = task({ task_id: "many" }, ${fn});
    ${use}
`);
}

const long = inDag(`
    const many = task({ task_id: "many" }, () => Array.from({ length: 2000 }, (_, index) => index));
    //                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ over-map-limit
    add.partial({ y: 1 }).expand({ x: many() });
`);

describe("over-map-limit", () => {
  it("reports a result that is longer than what can be mapped over, and shows where it is", () => {
    const { finding } = checkOne(long);
    expect(finding).toMatchObject({ messageId: "result", severity: "error", phase: 1 });
    expect(finding.related.map(({ messageId, span }) => [messageId, span.line - finding.span.line])).toEqual([
      ["mapped", 2],
    ]);
  });

  it("counts what is written in many ways", () => {
    for (const list of [
      "new Array<number>(2000).fill(0)",
      "[...Array(2000).keys()]",
      "[1, ...Array.from({ length: 1024 }, () => 1)]",
      "Array.from(Array(20 * 100), () => 1).map((one) => one + 1)",
      "(new Array(COUNT).fill(1) as number[]).toReversed()",
    ]) {
      checkFixture(
        inDag(`
    const COUNT = 1_025;
    const many = task({ task_id: "many" }, () => ${list});
    //                                           ${"^".repeat(list.length)} over-map-limit
    add.partial({ y: 1 }).expand({ x: many() });
`),
      );
    }
    checkFixture(
      inDag(`
    const many = task({ task_id: "many" }, async ({ few }: { few: boolean }) => {
      if (few) return [1];
      const all = Array.from({ length: 2000 }, () => 1);
      return all;
      //     ^^^ over-map-limit
    });
    add.partial({ y: 1 }).expand({ x: many({ few: true }).map((one) => one + 1) });
    add.expand_kwargs(many({ few: true }).zip(nums()).map(([x, y]) => ({ x, y })));
`),
    );
  });

  it("reports lists and combinations that are written in the file as warnings", () => {
    const { findings } = checkFixture(
      inDag(`
    const hundred = Array.from({ length: 100 }, (_, index) => index);
    add.partial({ y: 1 }).expand({ x: Array.from({ length: 1025 }, (_, index) => index) });
    //                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ over-map-limit
    add.partial({ y: 1 }).expand({ x: new Array<number>(200_000).fill(1) });
    //                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ over-map-limit
    add.expand({ x: hundred, y: hundred });
    //  ^^^^^^ over-map-limit
    both.expand({ x: hundred, y: add.expand({ x: hundred, y: [1] }) });
    //   ^^^^^^ over-map-limit
`),
    );
    expect(findings.map(({ messageId, severity }) => [messageId, severity])).toEqual([
      ["literal", "warning"],
      ["literal", "warning"],
      ["product", "warning"],
      ["product", "warning"],
    ]);
  });

  it("takes the limit from the project's configuration", () => {
    const source = inDag(`
    const many = task({ task_id: "many" }, () => [1, 2, 3]);
    //                                           ^^^^^^^^^ over-map-limit
    add.partial({ y: 1 }).expand({ x: many() });
    add.partial({ y: 1 }).expand({ x: [1, 2, 3] });
    //                                ^^^^^^^^^ over-map-limit
    add.expand({ x: [1, 2], y: [1, 2] });
    //  ^^^^^^ over-map-limit
`);
    checkFixture(source, undefined, { maxMapLength: 2 });
    checkFixture(source.replace(/^.*\^.*$/gm, ""), undefined, { maxMapLength: 4 });
    checkFixture(mappedOver("() => Array.from({ length: 2000 }, () => 1)"), undefined, { maxMapLength: 2000 });
  });

  it("lets results pass that nothing is mapped over, that are short enough, or that a mapped task returns", () => {
    checkFixture(mappedOver("() => Array.from({ length: 2000 }, () => 1)", "many();"));
    checkFixture(mappedOver("() => Array.from({ length: 1024 }, () => 1)"));
    checkFixture(
      inDag(`
    const many = task({ task_id: "many" }, ({ x }: { x: number }) => Array.from({ length: 2000 }, () => x));
    const size = task({ task_id: "size" }, ({ list }: { list: readonly number[] }) => list.length);
    size.expand({ list: many.expand({ x: [1, 2] }) });
    size({ list: many({ x: 1 }) });
    size.expand({ list: [many({ x: 1 })] });
`),
    );
  });

  it("is silent where the length is not written out", () => {
    for (const fn of [
      "() => Array.from({ length: 2000 }, () => 1).filter((one) => one > 1)",
      "() => Array.from({ length: 2000 }, () => 1).slice(0, 10)",
      "() => { const all = Array.from({ length: 2000 }, () => 1); all.length = 3; return all; }",
      "() => { let count = 2000; count = 3; return Array.from({ length: count }, () => 1); }",
      "() => [...(JSON.parse('[]') as number[]), ...Array.from({ length: 2000 }, () => 1)].slice(1)",
      "({ length }: { length?: number }) => Array.from({ length: length ?? 2000 }, () => 1)",
    ]) {
      checkFixture(mappedOver(fn));
    }
    checkFixture(
      inDag(`
    const many = task({ task_id: "many" }, () => Array.from({ length: 2000 }, () => 1));
    if (process.env["MORE"] === "yes") add.partial({ y: 1 }).expand({ x: many() });
`),
    );
  });

  it("returns chunks", () => {
    const text = fixed(long);
    expect(text).toContain("const all = Array.from({ length: 2000 }, (_, index) => index);");
    expect(text).toContain("return Array.from({ length: Math.ceil(all.length / 2) }, (_, index) => all.slice(");
    const statement = inDag(`
    const all = task({ task_id: "many" }, () => {
      return [...Array(3000).keys()];
      //     ^^^^^^^^^^^^^^^^^^^^^^^ over-map-limit
    });
    add.partial({ y: 1 }).expand({ x: all() });
`);
    expect(fixed(statement)).toMatch(/const everything = \[\.\.\.Array\(3000\)\.keys\(\)\];\n +return Array\.from/);
  });
});
