import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const both = inDag(`
    add.partial({ y: 10 }).expand({ x: [1, 2], y: [1] });
    //                                         ^ partial-and-expand
`);

describe("partial-and-expand", () => {
  it("reports a name that dicts of expand_kwargs have once more", () => {
    const source = inDag(`
    const rows = [{ x: 1, y: 2 }];
    //                    ^ partial-and-expand
    add.partial({ y: 1 }).expand_kwargs(rows);
`);
    const { finding } = checkOne(source);
    expect(finding.related).toHaveLength(1);
    expect(fixed(source, /from 'expand_kwargs'/)).toContain("const rows = [{ x: 1 }];");
    const { finding: typed } = checkOne(
      inDag(`
    add.partial({ y: 1 }).expand_kwargs(nums().map((x) => ({ x, y: x })));
    //                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ partial-and-expand
`),
    );
    expect(typed).toMatchObject({ messageId: "result", phase: 2 });
    checkFixture(inDag("    add.partial({ y: 1 }).expand_kwargs([{ x: 1, y: 2 }]);"));
  });

  it("reports a repeated input, and shows the other place", () => {
    const { finding } = checkOne(both);
    expect(finding).toMatchObject({ messageId: "givenTwice", severity: "error", phase: 1 });
    expect(finding.related).toMatchObject([
      { messageId: "inPartial", span: { line: finding.span.line, column: 17, endColumn: 18 } },
    ]);
  });

  it("follows a partial that has a name", () => {
    checkFixture(
      inDag(`
    const ten = add.partial({ y: 10, note: "ten" });
    ten.expand({ x: [1], note: ["a"] });
    //                   ^^^^ partial-and-expand
    ten.expand({ x: [2] });
`),
    );
  });

  it("lets different inputs pass, and the same input of different calls", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 10 }).expand({ x: [1] });
    add.partial({ x: 10 }).expand({ y: [1] });
`),
    );
  });

  it("reports it of a task group", () => {
    const { finding } = checkOne(
      inDag(`
    both.partial({ y: 10 }).expand({ x: [1, 2], y: [1] });
    //                                          ^ partial-and-expand
`),
    );
    expect(finding.fixes.map(({ title }) => title)).toEqual(["Remove 'y' from 'partial'", "Remove 'y' from 'expand'"]);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line partial-and-expand
    add.partial({ y: 10 }).expand({ x: [1], y: [1] });
`),
    );
  });

  it("is silent where a spread hides what is given", () => {
    checkFixture(
      inDag(`
    const given = JSON.parse("{}") as { y: number };
    add.partial({ ...given }).expand({ x: [1], y: [1] });
`),
    );
  });

  it("removes it from either", () => {
    expect(fixed(both, /'partial'/)).toContain("add.partial({}).expand({ x: [1, 2], y: [1] });");
    expect(fixed(both, /'expand'/)).toContain("add.partial({ y: 10 }).expand({ x: [1, 2] });");
  });

  it("lets the params of an operator be given to both, which the engine puts together", () => {
    checkFixture(
      inDag(`
    BashOperator.partial({ task_id: "sh", params: { n: 3 } }).expand({
      bash_command: ["true", "false"],
      params: [{ n: 1 }, { n: 2 }],
    });
`),
    );
  });
});
