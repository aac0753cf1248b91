import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

describe("foreign-reference", () => {
  it("reports a result that goes from one DAG to another", () => {
    const { finding } = checkOne(`
      //- /flow.dag.ts
      import { dag, task } from "fanout";
      const nums = task({ task_id: "nums" }, () => [1, 2]);
      const total = task({ task_id: "total" }, ({ values }: { values: number[] }) => values.length);
      let shared: ReturnType<typeof nums>;
      export const first = dag({ dag_id: "first" }, () => { shared = nums(); });
      export const second = dag({ dag_id: "second" }, () => { total({ values: shared }); });
      //                                                              ^^^^^^^^^^^^^^ foreign-reference
    `);
    expect(finding).toMatchObject({ messageId: "foreign", severity: "error", phase: 1 });
  });

  it("reports it in chain, even where a task of the same id is there", () => {
    checkFixture(`
      //- /flow.dag.ts
      import { chain, dag, task } from "fanout";
      const nums = task({ task_id: "nums" }, () => [1, 2]);
      const done = task({ task_id: "done" }, () => 1);
      const made: ReturnType<typeof nums>[] = [];
      export const first = dag({ dag_id: "first" }, () => { made.push(nums()); });
      export const second = dag({ dag_id: "second" }, () => {
        nums();
        chain(made[0]!, done());
      //^^^^^^^^^^^^^^^^^^^^^^^ foreign-reference
      });
    `);
  });

  it("lets each DAG use its own, in loops, groups and helpers", () => {
    checkFixture(
      inDag(`
    const sums = both.expand({ x: [1], y: [2] });
    const first = nums();
    for (const x of [1, 2]) chain(first, add({ x, y: 1 }));
    chain(sums, num());
    const flag = JSON.parse("true") as boolean;
    const one = flag ? num() : nums();
    chain(one, strs());
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      `
      //- /flow.dag.ts
      import { dag, task } from "fanout";
      const nums = task({ task_id: "nums" }, () => [1, 2]);
      const total = task({ task_id: "total" }, ({ values }: { values: number[] }) => values.length);
      let shared: ReturnType<typeof nums>;
      export const first = dag({ dag_id: "first" }, () => { shared = nums(); });
      // fanout-disable-next-line foreign-reference
      export const second = dag({ dag_id: "second" }, () => { total({ values: shared }); });
    `,
    );
  });
});
