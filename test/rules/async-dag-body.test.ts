import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

const prelude = `
  import { type XComArg, dag, task, task_group } from "fanout";
  const one = task({ task_id: "one" }, () => 1);
`;

describe("async-dag-body", () => {
  it("reports the body of a DAG", () => {
    const { finding } = checkOne(`${prelude}
      export default dag({ dag_id: "a" }, async () => {
      //                                  ^^^^^ async-dag-body
        await Promise.resolve();
        one();
      });
    `);
    expect(finding).toMatchObject({ messageId: "dag", severity: "error", phase: 1, fixes: [] });
  });

  it("reports the body of a group, also where the group is mapped", () => {
    const { finding } = checkOne(`${prelude}
      const each = task_group({ group_id: "g" }, async ({ x }: { x: XComArg<number> }) => { void x; one(); });
      //                                         ^^^^^ async-dag-body
      export default dag({ dag_id: "a" }, () => {
        each.expand({ x: [1, 2] });
      });
    `);
    expect(finding.messageId).toBe("group");
  });

  it("follows a body that has a name, also in another file", () => {
    checkFixture(`
      //- /main.dag.ts
      import { dag } from "fanout";
      import { body } from "./body.js";
      export default dag({ dag_id: "a" }, body);
      //             ^^^^^^^^^^^^^^^^^^^^^^^^^^ async-dag-body
      //- /body.ts
      import { task } from "fanout";
      const one = task({ task_id: "one" }, () => 1);
      export async function body() { one(); }
    `);
  });

  it("lets async tasks and helpers pass, and bodies that are not known", () => {
    checkFixture(`${prelude}
      declare const unknownBody: () => void;
      const two = task({ task_id: "two" }, async () => Promise.resolve(2));
      async function helper() { await Promise.resolve(); }
      export const a = dag({ dag_id: "a" }, () => { two(); void helper; });
      export const b = dag({ dag_id: "b" }, unknownBody);
    `);
  });

  it("removes 'async' where nothing is awaited", () => {
    const text = fixed(`${prelude}
      export default dag({ dag_id: "a" }, async () => {
      //                                  ^^^^^ async-dag-body
        task({ task_id: "two" }, async () => { await Promise.resolve(); })();
      });
    `);
    expect(text).toContain('dag({ dag_id: "a" }, () => {');
  });

  it("is silenced by a comment", () => {
    checkFixture(`${prelude}
      // fanout-disable-next-line async-dag-body
      export default dag({ dag_id: "a" }, async () => { one(); });
    `);
  });
});
