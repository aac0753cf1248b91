import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

describe("map-arity", () => {
  it("reports a second parameter where TypeScript does not", () => {
    const { finding } = checkOne(`
      //- /flow.dag.js
      import { dag, task } from "fanout";
      const nums = task({ task_id: "nums" }, () => [1, 2]);
      export default dag({ dag_id: "flow" }, () => {
        nums().map((n, index) => n * index);
        //             ^^^^^ map-arity
        nums().map((n, factor = 2) => n * factor);
        nums().map((n, ...rest) => rest.length + n);
        [1].map((n, index) => n * index);
      });
    `);
    expect(finding).toMatchObject({ messageId: "tooMany", severity: "error", phase: 2 });
  });

  it("leaves typed functions to TypeScript, and unknown ones alone", () => {
    checkFixture(
      inDag(`
    const two = (n: number, index: number) => n * index;
    nums().map(two);
    nums().map((n) => n);
    nums().map(JSON.parse("null"));
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    const two: any = (n: number, index: number) => n * index;
    // fanout-disable-next-line map-arity
    nums().map(two);
`),
    );
  });
});
