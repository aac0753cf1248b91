import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

describe("mapped-branch", () => {
  it("reports a branch that is mapped", () => {
    const { finding } = checkOne(
      inDag(`
    const choose = task.branch({ task_id: "choose" }, ({ x }: { x: number }) => (x > 1 ? "num" : null));
    chain(choose.expand({ x: [1, 2] }), num());
    //           ^^^^^^ mapped-branch
`),
    );
    expect(finding).toMatchObject({ messageId: "branch", severity: "error", phase: 1 });
  });

  it("reports a short circuit, with partial, override and expand_kwargs", () => {
    checkFixture(
      inDag(`
    const isBig = task.short_circuit({ task_id: "is_big" }, ({ x, y }: { x: number; y: number }) => x > y);
    isBig.partial({ y: 1 }).expand({ x: nums() });
    //                      ^^^^^^ mapped-branch
    isBig.override({ task_id: "other" }).expand_kwargs([{ x: 1, y: 2 }]);
    //                                   ^^^^^^^^^^^^^ mapped-branch
`),
    );
  });

  it("lets them pass in a mapped group, and where they are not mapped", () => {
    checkFixture(
      inDag(`
    const isBig = task.short_circuit({ task_id: "is_big" }, ({ x }: { x: number }) => x > 1);
    const group = task_group({ group_id: "group" }, ({ x }: { x: XComArg<number> }) => {
      chain(isBig({ x }), add({ x, y: 1 }));
    });
    group.expand({ x: [1, 2] });
    chain(isBig({ x: 1 }), num());
`),
    );
  });

  it("leaves a branch that is mapped in a mapped group to the rule that speaks about the mapping", () => {
    checkFixture(
      inDag(`
    const isBig = task.short_circuit({ task_id: "is_big" }, ({ x }: { x: number }) => x > 1);
    const group = task_group({ group_id: "group" }, ({ x }: { x: XComArg<number> }) => {
      add({ x, y: 1 });
      isBig.expand({ x: [1, 2] });
      //    ^^^^^^ nested-mapping
    });
    group.expand({ x: [1, 2] });
`),
    );
  });

  it("is silent where a condition decides whether it is made", () => {
    checkFixture(
      inDag(`
    const isBig = task.short_circuit({ task_id: "is_big" }, ({ x }: { x: number }) => x > 1);
    if (process.env["MORE"] === "yes") isBig.expand({ x: [1, 2] });
`),
    );
  });
});
