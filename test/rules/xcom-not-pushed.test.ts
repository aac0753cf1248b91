import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const wrong = inDag(`
    const quiet = nums.override({ do_xcom_push: false })();
    //                            ^^^^^^^^^^^^^^^^^^^ xcom-not-pushed
    add.partial({ y: 1 }).expand({ x: quiet });
`);

describe("xcom-not-pushed", () => {
  it("reports the option of a task that is mapped over, and shows where", () => {
    const { finding } = checkOne(wrong);
    expect(finding).toMatchObject({ messageId: "notKept", severity: "error", phase: 1 });
    expect(finding.related).toMatchObject([{ messageId: "mapped", span: { line: finding.span.line + 2 } }]);
  });

  it("follows map, zip, concat, groups and expand_kwargs", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: nums.override({ do_xcom_push: false })().map((n) => n + 1) });
    //                                                ^^^^^^^^^^^^^^^^^^^ xcom-not-pushed
    add.partial({ y: 1 }).expand({ x: nums().concat(nums.override({ do_xcom_push: false })()) });
    //                                                              ^^^^^^^^^^^^^^^^^^^ xcom-not-pushed
    both.partial({ y: 1 }).expand({ x: nums.override({ do_xcom_push: false })() });
    //                                                 ^^^^^^^^^^^^^^^^^^^ xcom-not-pushed
    const pairs = task({ task_id: "pairs", do_xcom_push: false }, () => [{ x: 1, y: 2 }]);
    //                                     ^^^^^^^^^^^^^^^^^^^ xcom-not-pushed
    add.expand_kwargs(pairs());
`),
    );
  });

  it("is silent where nothing maps over it, or nothing surely does", () => {
    checkFixture(
      inDag(`
    const given = JSON.parse("{}") as { flag: boolean };
    chain(nums.override({ do_xcom_push: false })(), num());
    add({ x: num.override({ do_xcom_push: false })(), y: 1 });
    add.partial({ y: 1 }).expand({ x: add.override({ do_xcom_push: false }).partial({ y: 1 }).expand({ x: [1] }) });
    add.partial({ y: 1 }).expand({ x: nums.override({ do_xcom_push: given.flag })() });
    add.partial({ y: 1 }).expand({ x: nums.override({ do_xcom_push: true })() });
    const quiet = nums.override({ do_xcom_push: false })();
    if (given.flag) add.partial({ y: 1 }).expand({ x: quiet });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line xcom-not-pushed
    const quiet = nums.override({ do_xcom_push: false })();
    add.partial({ y: 1 }).expand({ x: quiet });
`),
    );
  });

  it("removes the option", () => {
    expect(fixed(wrong)).toContain("nums.override({})()");
  });
});
