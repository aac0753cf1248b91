import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

describe("zero-length", () => {
  it("reports an empty list", () => {
    const { finding } = checkOne(
      inDag(`
    add.partial({ y: 10 }).expand({ x: [] });
    //                                 ^^ zero-length
`),
    );
    expect(finding).toMatchObject({ messageId: "empty", severity: "warning", phase: 1 });
  });

  it("reports empty dicts, constants, lists of dicts, and what groups are mapped over", () => {
    checkFixture(
      inDag(`
    const none: readonly number[] = [];
    const pair = task({ task_id: "pair" }, ({ kv }: { kv: [string, number] }) => kv[1]);
    pair.expand({ kv: {} });
    //                ^^ zero-length
    add.expand({ x: none, y: [1].filter((y) => y > 5) });
    //              ^^^^ zero-length
    //                       ^^^^^^^^^^^^^^^^^^^^^^^^ zero-length
    add.expand_kwargs([]);
    //                ^^ zero-length
    both.expand({ x: [], y: [1] });
    //               ^^ zero-length
`),
    );
  });

  it("blames the empty list, not those who map over what it gives", () => {
    checkFixture(
      inDag(`
    const first = add.partial({ y: 1 }).expand({ x: [] });
    //                                              ^^ zero-length
    add.partial({ y: 1 }).expand({ x: first });
`),
    );
  });

  it("is silent about lists that are filled, or may be", () => {
    checkFixture(
      inDag(`
    const found: number[] = [];
    for (const one of (globalThis as { all?: number[] }).all ?? []) found.push(one);
    add.partial({ y: 1 }).expand({ x: found });
    const some: number[] = [];
    if (process.env["MORE"] === "yes") some.push(1);
    add.partial({ y: 1 }).expand({ x: some });
    const filled: number[] = [];
    fill(filled);
    add.partial({ y: 1 }).expand({ x: filled });
    const two: number[] = [];
    two.push(1, 2);
    add.partial({ y: 1 }).expand({ x: two });
    add.partial({ y: 1 }).expand({ x: [...nums2()] });
    declare function fill(list: number[]): void;
    function nums2(): number[] {
      return JSON.parse("[]") as number[];
    }
`),
    );
  });

  it("is silent where a condition decides whether the task is made", () => {
    checkFixture(
      inDag(`
    if (process.env["MORE"] === "yes") add.partial({ y: 1 }).expand({ x: [] });
`),
    );
  });

  it("leaves to others what they speak about", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: [1], pool: [] });
    //                                     ^^^^ unmappable-parameter
    add.partial({ y: 1 }).expand({ x: [1], y: [] });
    //                                     ^ partial-and-expand
`),
    );
  });
});
