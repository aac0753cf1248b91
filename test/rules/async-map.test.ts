import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

describe("async-map", () => {
  const written = inDag(`
    add.partial({ y: 1 }).expand({ x: nums().map(async (n) => n + 1) });
    //                                           ^^^^^ async-map
`);

  it("reports an async function, which TypeScript lets through for it", () => {
    const { finding } = checkOne(written);
    expect(finding).toMatchObject({ messageId: "async", severity: "error", phase: 1 });
  });

  it("follows names and functions of other files", () => {
    checkFixture(`
      //- /flow.dag.ts
      import { dag, task } from "fanout";
      import { fetchOne } from "./helpers.js";
      const nums = task({ task_id: "nums" }, () => [1, 2]);
      export default dag({ dag_id: "flow" }, () => {
        nums().map(fetchOne);
        //         ^^^^^^^^ async-map
      });
      //- /helpers.ts
      export async function fetchOne(n: number) { return Promise.resolve(n); }
    `);
  });

  it("lets plain functions, async tasks and unknown functions pass", () => {
    checkFixture(
      inDag(`
    nums().map((n) => n + 1);
    [1, 2].map(async (n) => Promise.resolve(n));
    strs();
    const given = JSON.parse("{}") as { fn: (n: number) => number };
    nums().map(given.fn);
`),
    );
  });

  it("removes 'async' where nothing is awaited", () => {
    expect(fixed(written)).toContain("nums().map((n) => n + 1)");
    const { finding } = checkOne(
      inDag(`
    nums().map(async (n) => await Promise.resolve(n));
    //         ^^^^^ async-map
`),
    );
    expect(finding.fixes).toEqual([]);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line async-map
    nums().map(async (n) => n + 1);
`),
    );
  });
});
