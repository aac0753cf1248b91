import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const any = `
    const show = task({ task_id: "show" }, (inputs: Record<string, number>) => Object.keys(inputs));
    const pair = task({ task_id: "pair" }, ({ kv }: { kv: [string, number] }) => kv[1]);`;

const reordered = inDag(`${any}
    pair.expand({ kv: { b: 1, 2: 3 } });
    //                        ^ integer-like-name
`);

describe("integer-like-name", () => {
  it("reports names in calls, partial, expand and dicts of expand_kwargs", () => {
    checkFixture(
      inDag(`${any}
    show({ 1: 2 });
    //     ^ integer-like-name
    show.partial({ "0": 2 }).expand({ x: [1], 12: [1] });
    //             ^^^ integer-like-name
    //                                        ^^ integer-like-name
    show.expand_kwargs([{ 7: 1 }]);
    //                    ^ integer-like-name
    add.expand_kwargs([{ x: 1, y: 1, 7: 1 }]);
`),
    );
    const { finding } = checkOne(
      inDag(`${any}
    const rows = [{ x: 1, 7: 1 }];
    //                    ^ integer-like-name
    show.expand_kwargs(rows);
`),
    );
    expect(finding).toMatchObject({ messageId: "name", severity: "error" });
  });

  it("speaks instead of the rule about names that are not known", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: [1], 0: [1] });
    //                                     ^ integer-like-name
`),
    );
  });

  it("warns of a dict that is mapped over in another order than it is written in", () => {
    const { finding } = checkOne(reordered);
    expect(finding).toMatchObject({ messageId: "order", severity: "warning" });
    expect(fixed(reordered)).toContain('kv: [["b", 1], ["2", 3]]');
  });

  it("is silent where the order is the written one, and about values", () => {
    checkFixture(
      inDag(`${any}
    pair.expand({ kv: { 1: 1, 2: 3, b: 1 } });
    pair.expand({ kv: { a: 1, b: 3, "01": 1, "-1": 1 } });
    pair.expand({ kv: [["b", 1], ["2", 3]] });
    show({ x1: 1, "1.5": 2 });
    const nested = task({ task_id: "nested" }, ({ x }: { x: Record<string, number> }) => x);
    nested.expand({ x: [{ b: 1, 2: 3 }] });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`${any}
    // fanout-disable-next-line integer-like-name
    show({ 1: 2 });
`),
    );
  });
});
