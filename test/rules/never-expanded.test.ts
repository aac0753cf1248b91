import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const alone = inDag(`
    add.partial({ y: 10 });
//  ^^^^^^^^^^^ never-expanded
`);

/** The fix writes an empty list, which its own rule then asks to be filled in. */
const toBeFilledIn = { "zero-length": "off" } as const;

describe("never-expanded", () => {
  it("reports a partial that stands alone", () => {
    const { finding } = checkOne(alone);
    expect(finding).toMatchObject({ messageId: "neverExpanded", severity: "error", phase: 1 });
  });

  it("reports a partial that is only named, and one of an operator", () => {
    checkFixture(
      inDag(`
    const ten = add.partial({ y: 10 });
    //          ^^^^^^^^^^^ never-expanded
    const partial = add.partial({ y: 10 });
    //              ^^^^^^^^^^^ never-expanded
    BashOperator.partial({ task_id: "print" });
//  ^^^^^^^^^^^^^^^^^^^^ never-expanded
`),
    );
  });

  it("reports one of a task group, and writes the input that is left", () => {
    const group = inDag(`
    both.partial({ y: 10 });
//  ^^^^^^^^^^^^ never-expanded
`);
    checkFixture(group);
    expect(fixed(group, /./, toBeFilledIn)).toContain("both.partial({ y: 10 }).expand({ x: [] });");
    checkFixture(
      inDag(`
    const rest = both.partial({ y: 10 });
    rest.expand_kwargs([{ x: 1 }]);
`),
    );
  });

  it("lets a partial pass that is expanded later or by somebody else", () => {
    checkFixture(`
      import { dag, task } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      export const twenty = add.partial({ y: 20 });
      const thirty = add.partial({ y: 30 });
      export const all = { thirty };
      export default dag({ dag_id: "example" }, () => {
        const ten = add.partial({ y: 10 });
        ten.expand({ x: [1, 2] });
      });
    `);
  });

  it("is silenced for the whole file", () => {
    checkFixture(`
      // fanout-disable never-expanded -- work in progress
      import { dag, task } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      export default dag({ dag_id: "example" }, () => {
        add.partial({ y: 10 });
        add.partial({ y: 20 });
      });
    `);
  });

  it("is silent where the partial goes to code that is not followed", () => {
    checkFixture(
      inDag(`
    (globalThis as unknown as { keep: (value: unknown) => void }).keep(add.partial({ y: 10 }));
`),
    );
  });

  it("is silent about a partial that another rule or TypeScript speaks about", () => {
    checkFixture(
      inDag(`
    const total = task({ task_id: "total" }, ({ values }: { values: number[] }) => values.length);
    total({ values: add.partial({ y: 10 }) });
`),
    );
  });

  it("reports a partial that only decides a condition", () => {
    checkFixture(
      inDag(`
    if (add.partial({ y: 1 })) nums();
    //  ^^^^^^^^^^^ never-expanded
    void (add.partial({ y: 2 }) && nums());
    //    ^^^^^^^^^^^ never-expanded
    const isThere = !add.partial({ y: 3 });
    //               ^^^^^^^^^^^ never-expanded
    const ten = add.partial({ y: 10 });
    //          ^^^^^^^^^^^ never-expanded
    if (ten) nums();
    const label = (ten) ? "a" : "b";
    isThere || add.partial({ y: 4 });
    //         ^^^^^^^^^^^ never-expanded
`),
    );
  });

  it("is silent where what a condition gives is the partial, and where it is expanded too", () => {
    checkFixture(
      inDag(`
    declare const isLarge: boolean;
    const one = isLarge ? add.partial({ y: 1 }) : add.partial({ y: 2 });
    one.expand({ x: [1] });
    (add.partial({ y: 3 }) || add.partial({ y: 4 })).expand({ x: [1] });
    const ten = add.partial({ y: 10 });
    if (ten) ten.expand({ x: [1] });
    const keep = (value: unknown) => value;
    keep(isLarge && add.partial({ y: 5 }));
    const other = ten ?? add.partial({ y: 6 });
    other.expand({ x: [1] });
`),
    );
  });

  it("adds expand with the inputs that are missing", () => {
    expect(fixed(alone, /./, toBeFilledIn)).toContain("add.partial({ y: 10 }).expand({ x: [] });");
  });
});
