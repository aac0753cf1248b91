import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const circle = inDag(`
    const first = add({ x: 1, y: 1 });
    const second = add.override({ task_id: "second" })({ x: first, y: 1 });
    chain(second, first);
//  ^^^^^^^^^^^^^^^^^^^^ cycle
`);

describe("cycle", () => {
  it("reports the dependency that closes the circle, and shows all of its edges", () => {
    const { finding } = checkOne(circle);
    expect(finding).toMatchObject({ messageId: "cycle", severity: "error", phase: 1 });
    expect(finding.related.map(({ messageId, span }) => [messageId, span.line - finding.span.line])).toEqual([
      ["edge", -1],
      ["edge", 0],
    ]);
  });

  it("reports a task that waits for itself", () => {
    checkFixture(
      inDag(`
    const first = add({ x: 1, y: 1 });
    first.set_downstream(first);
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ cycle
`),
    );
  });

  it("reports a task that waits for what is derived from its own result", () => {
    checkFixture(
      inDag(`
    const first = nums();
    const pairs = first.zip(first);
    chain(first, pairs);
//  ^^^^^^^^^^^^^^^^^^^ cycle
`),
    );
  });

  it("reports each knot once", () => {
    checkFixture(
      inDag(`
    const a = num();
    const b = nums();
    const c = strs();
    const d = add({ x: 1, y: 1 });
    chain(a, b, a);
//  ^^^^^^^^^^^^^^ cycle
    chain(c, d);
    d.set_downstream(c);
//  ^^^^^^^^^^^^^^^^^^^ cycle
`),
    );
  });

  it("lets a diamond pass", () => {
    checkFixture(
      inDag(`
    const start = num();
    const end = strs();
    chain(start, [nums(), add({ x: 1, y: 1 })], end);
    chain(start, end);
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    const first = num();
    // fanout-disable-next-line cycle -- shown in a talk
    chain(first, first);
`),
    );
  });

  it("is silent where a condition decides whether the dependency is drawn", () => {
    checkFixture(
      inDag(`
    declare const backwards: boolean;
    const first = num();
    const second = nums();
    if (backwards) chain(second, first);
    else chain(first, second);
`),
    );
  });

  it("removes a dependency that draws nothing else", () => {
    expect(fixed(circle)).not.toContain("chain(second");
  });

  it("offers no fix where the dependency draws more", () => {
    const { finding } = checkOne(
      inDag(`
    const a = num();
    chain(a, nums(), strs(), a);
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ cycle
`),
    );
    expect(finding.fixes).toEqual([]);
  });
});
