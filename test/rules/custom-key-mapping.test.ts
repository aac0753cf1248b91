import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const withReport = (body: string): string =>
  inDag(`
    const report = task({ task_id: "report" }, () => ({ rows: [1, 2], dicts: [{ x: 1, y: 2 }], total: 3 }));
${body}
`);

const direct = withReport(`
    add.partial({ y: 1 }).expand({ x: report().get("rows") });
    //                                ^^^^^^^^^^^^^^^^^^^^ custom-key-mapping
`);

describe("custom-key-mapping", () => {
  it("reports an entry that is expanded over", () => {
    const { finding } = checkOne(direct);
    expect(finding).toMatchObject({ messageId: "expanded", severity: "error", phase: 1 });
  });

  it("reports it through names, in lists, and whatever its type is", () => {
    checkFixture(
      withReport(`
    const rows = report().get("rows");
    add.partial({ y: 1 }).expand({ x: rows });
    //                                ^^^^ custom-key-mapping
    add.partial({ y: 1 }).expand({ x: [1, report().get("total")] });
    //                                    ^^^^^^^^^^^^^^^^^^^^^ custom-key-mapping
    add.partial({ y: 1 }).expand({ x: report().get("total") });
    //                                ^^^^^^^^^^^^^^^^^^^^^ custom-key-mapping
`),
    );
  });

  it("reports it of expand_kwargs and of task groups", () => {
    checkFixture(
      withReport(`
    add.expand_kwargs(report().get("dicts"));
    //                ^^^^^^^^^^^^^^^^^^^^^ custom-key-mapping
    add.expand_kwargs([{ x: report().get("total"), y: 1 }]);
    //                      ^^^^^^^^^^^^^^^^^^^^^ custom-key-mapping
    both.partial({ y: 1 }).expand({ x: report().get("rows") });
    //                                 ^^^^^^^^^^^^^^^^^^^^ custom-key-mapping
`),
    );
  });

  it("reports what is derived from an entry, whether or not it is used", () => {
    const { findings } = checkFixture(
      withReport(`
    const rows = report().get("rows");
    add.partial({ y: 1 }).expand({ x: rows.map((row) => row + 1) });
    //                                     ^^^ custom-key-mapping
    rows.zip(nums());
    //   ^^^ custom-key-mapping
    nums().zip(rows);
    //     ^^^ custom-key-mapping
    nums().concat(rows);
    //     ^^^^^^ custom-key-mapping
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["derived", "derived", "derived", "derived"]);
  });

  it("follows helpers of other files and loops", () => {
    checkFixture(`
      //- /flow.dag.ts
      import { dag } from "fanout";
      import { rows, show } from "./helpers.js";
      export default dag({ dag_id: "flow" }, () => {
        for (const table of ["a", "b"]) show.partial({ table }).expand({ row: rows() });
        //                                                                    ^^^^^^ custom-key-mapping
      });
      //- /helpers.ts
      import { task } from "fanout";
      const report = task({ task_id: "report" }, () => ({ rows: [1, 2] }));
      export const show = task({ task_id: "show" }, ({ row }: { table: string; row: number }) => row);
      export const rows = () => report().get("rows");
    `);
  });

  it("lets an entry be given to a task, and whole results be mapped over", () => {
    checkFixture(
      withReport(`
    add({ x: report().get("total"), y: 1 });
    add.partial({ y: report().get("total") }).expand({ x: nums() });
    const collect = task({ task_id: "collect" }, ({ items }: { items: number[] }) => items);
    add.partial({ y: 1 }).expand({ x: collect({ items: report().get("rows") }) });
`),
    );
  });

  it("leaves inputs that another rule owns to that rule", () => {
    checkFixture(
      withReport(`
    add.partial({ x: 1, y: 1 }).expand({ x: report().get("rows") });
    //                                   ^ partial-and-expand
`),
    );
  });

  it("is silent about what is not known", () => {
    checkFixture(
      withReport(`
    const flag = JSON.parse("true") as boolean;
    const rows = flag ? report().get("rows") : nums();
    add.partial({ y: 1 }).expand({ x: rows });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      withReport(`
    // fanout-disable-next-line custom-key-mapping
    add.partial({ y: 1 }).expand({ x: report().get("rows") });
`),
    );
  });

  it("puts a task between", () => {
    const text = fixed(direct);
    expect(text).toContain(
      'const collect = task({ task_id: "collect" }, ({ items }: { items: number[] }) => items);\n\nexport default dag(',
    );
    expect(text).toContain('expand({ x: collect({ items: report().get("rows") }) });');
  });
});
