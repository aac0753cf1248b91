import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

describe("map-over-task", () => {
  const written = inDag(`
    const dicts = task({ task_id: "dicts" }, () => [{ x: 1, y: 2 }]);
    dicts().map(add);
    //          ^^^ map-over-task
`);

  it("reports a task in place of a function", () => {
    const { finding } = checkOne(written);
    expect(finding).toMatchObject({ messageId: "task", severity: "error", phase: 2 });
  });

  it("leaves it to TypeScript where the items are no inputs of the task", () => {
    checkFixture(
      inDag(`
    nums().map(add);
    nums().map((x) => x);
`),
    );
  });

  it("is silent about what is not known", () => {
    checkFixture(
      inDag(`
    const flag = JSON.parse("true") as boolean;
    nums().map(flag ? (add as never) : (n: number) => n);
`),
    );
  });

  it("maps the task itself", () => {
    expect(fixed(written)).toContain("add.expand_kwargs(dicts());");
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    const dicts = task({ task_id: "dicts" }, () => [{ x: 1, y: 2 }]);
    // fanout-disable-next-line map-over-task
    dicts().map(add);
`),
    );
  });
});
