import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

/** A mapped group with this body, over `x`. */
function inGroup(body: string, type = "number", call = "sums.expand({ x: [1, 2] })"): string {
  return `
    import { BashOperator, dag, task, task_group, type XComArg } from "fanout";
    const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
    const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
    const inner = task_group({ group_id: "inner" }, ({ x }: { x: XComArg<number> }) => add({ x, y: 1 }));
    const sums = task_group({ group_id: "sums" }, ({ x }: { x: XComArg<${type}> }) => {
${body}
    });
    export default dag({ dag_id: "example" }, () => {
      ${call};
    });
  `;
}

describe("nested-mapping", () => {
  it("reports a task that is mapped in a mapped group, and shows where the group is mapped", () => {
    const { finding } = checkOne(
      inGroup(`
      add.partial({ y: 1 }).expand({ x: [1, 2] });
      //                    ^^^^^^ nested-mapping
`),
    );
    expect(finding).toMatchObject({ messageId: "task", severity: "error", phase: 1 });
    expect(finding.related.map(({ messageId }) => messageId)).toEqual(["mappedHere"]);
  });

  it("reports it over a value of the group, a result of a task of the group, a list of dicts and of an operator", () => {
    checkFixture(
      inGroup(
        `
      add.partial({ y: 1 }).expand({ x });
      //                    ^^^^^^ nested-mapping
      add.partial({ y: 1 }).expand({ x: nums() });
      //                    ^^^^^^ nested-mapping
      add.expand_kwargs([{ x: 1, y: 2 }]);
      //  ^^^^^^^^^^^^^ nested-mapping
      BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["true"] });
      //                                         ^^^^^^ nested-mapping
`,
        "number[]",
        "sums.expand({ x: [[1], [2]] })",
      ),
    );
  });

  it("reports it once, whatever the type of what is mapped over", () => {
    checkFixture(
      inGroup(`
      add.partial({ y: 1 }).expand({ x });
      //                    ^^^^^^ nested-mapping
`),
    );
  });

  it("reports a group that is mapped in a mapped group, also with a group in between", () => {
    const { finding } = checkOne(`
      import { dag, task, task_group, type XComArg } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      const inner = task_group({ group_id: "inner" }, ({ y }: { y: XComArg<number> }) => add({ x: 1, y }));
      const middle = task_group({ group_id: "middle" }, () => {
        inner.expand({ y: [1, 2] });
        //    ^^^^^^ nested-mapping
      });
      const outer = task_group({ group_id: "outer" }, ({ x }: { x: XComArg<number> }) => {
        add({ x, y: 1 });
        middle();
      });
      export default dag({ dag_id: "example" }, () => {
        outer.expand({ x: [1, 2] });
      });
    `);
    expect(finding).toMatchObject({ messageId: "group" });
  });

  it("reports what takes a value of the group apart", () => {
    const { findings } = checkFixture(
      inGroup(
        `
      nums().concat(x);
      //     ^^^^^^ nested-mapping
      return x.map((one) => one + 1);
      //       ^^^ nested-mapping
`,
        "number[]",
        "sums.expand({ x: [[1], [2]] })",
      ),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["argument", "argument"]);
  });

  it("reports the call of this file where a helper maps", () => {
    checkFixture(`
      //- /main.dag.ts
      import { dag, task_group, type XComArg } from "fanout";
      import { addAll } from "./helper.js";
      const sums = task_group({ group_id: "sums" }, ({ x }: { x: XComArg<number> }) => {
        addAll(x);
      //^^^^^^^^^ nested-mapping
      });
      export default dag({ dag_id: "example" }, () => {
        sums.expand({ x: [1, 2] });
      });
      //- /helper.ts
      import { task, type XComArg } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      export function addAll(y: XComArg<number>) {
        return add.partial({ y }).expand({ x: [1, 2] });
      }
    `);
  });

  it("lets mapped tasks pass in a group that is not mapped, and mapped groups in one that is not", () => {
    checkFixture(
      inGroup(
        `
      inner.expand({ x: [1, 2] });
      inner.expand({ x: nums().map((one) => one + 1) });
      add.partial({ y: 1 }).expand({ x: [1, 2] });
      return add({ x, y: 1 });
`,
        "number",
        "sums({ x: 1 })",
      ),
    );
  });

  it("lets a group be called in a mapped group, and entries of its values be taken", () => {
    checkFixture(
      inGroup(
        `
      inner({ x: x.get("size") });
`,
        "{ size: number }",
        "sums.expand({ x: [{ size: 1 }] })",
      ),
    );
  });

  it("is silent where a condition decides whether the task or the group is mapped", () => {
    checkFixture(
      inGroup(`
      if (process.env["MORE"] === "yes") {
        add.partial({ y: 1 }).expand({ x: [1, 2] });
        nums().concat(x as unknown as XComArg<number[]>);
      }
`),
    );
    checkFixture(
      inGroup(
        `
      add.partial({ y: 1 }).expand({ x: [1, 2] });
`,
        "number",
        `if (process.env["MORE"] === "yes") sums.expand({ x: [1] }); else sums({ x: 1 })`,
      ),
    );
  });

  it("calls the task once for each instance where the group's values are single ones", () => {
    const text = (call: string): string =>
      fixed(
        inGroup(`
      ${call}
      //${" ".repeat(call.indexOf("expand") - 2)}^^^^^^ nested-mapping
`),
      );
    expect(text("add.partial({ y: 1 }).expand({ x });")).toContain("add({ y: 1, x });");
    expect(text("inner.override({ group_id: 'a' }); add.expand({ x: x, y: x });")).toContain("add({ x: x, y: x });");
  });

  it("offers nothing where lists are meant", () => {
    for (const value of ["[1, 2]", "nums()"]) {
      const { finding } = checkOne(
        inGroup(`
      add.partial({ y: 1 }).expand({ x: ${value} });
      //                    ^^^^^^ nested-mapping
`),
      );
      expect(finding.fixes).toEqual([]);
    }
  });
});
