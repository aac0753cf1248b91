import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const dict = inDag(`
    add.expand_kwargs({ x: 1, y: 2 });
    //                ^^^^^^^^^^^^^^ expand-kwargs-shape
`);

/** In JavaScript, where TypeScript says nothing. */
function inJavaScript(body: string): string {
  return `
//- /flow.dag.js
  import { dag, task } from "fanout";
  const add = task({ task_id: "add" }, ({ x, y }) => x + y);
  export default dag({ dag_id: "example" }, () => {
${body}
  });
`;
}

describe("expand-kwargs-shape", () => {
  it("reports one dict instead of a list", () => {
    const { finding } = checkOne(dict);
    expect(finding).toMatchObject({ messageId: "dict", severity: "error", phase: 1 });
  });

  it("reports what is no result yet", () => {
    const { findings } = checkFixture(
      inDag(`
    add.expand_kwargs(nums);
    //                ^^^^ expand-kwargs-shape
    add.expand_kwargs(new BashOperator({ task_id: "rows", bash_command: "a" }));
    //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expand-kwargs-shape
    const ten = add.partial({ y: 10 });
    add.expand_kwargs(ten);
    //                ^^^ expand-kwargs-shape
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["notCalled", "operator", "partial"]);
  });

  it("reports results of other shapes by their type, also behind map and in a group", () => {
    const { findings } = checkFixture(
      inDag(`
    add.expand_kwargs(num());
    //                ^^^^^ expand-kwargs-shape
    add.expand_kwargs(nums());
    //                ^^^^^^ expand-kwargs-shape
    add.expand_kwargs(strs().map((text) => [text].forEach(String)));
    //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expand-kwargs-shape
    const row = task({ task_id: "row" }, () => ({ x: 1, y: 2 }));
    both.expand_kwargs(row());
    //                 ^^^^^ expand-kwargs-shape
    const perhaps = task({ task_id: "perhaps" }, (): { x: number; y: number }[] | undefined => undefined);
    add.expand_kwargs(perhaps());
    //                ^^^^^^^^^ expand-kwargs-shape
    const untyped = task({ task_id: "untyped" }, () => JSON.parse("[]"));
    add.expand_kwargs(untyped());
    //                ^^^^^^^^^ expand-kwargs-shape
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual([
      "result",
      "items",
      "items",
      "result",
      "result",
      "untyped",
    ]);
    expect(findings.at(-1)?.severity).toBe("warning");
  });

  it("lets lists of dicts pass, and results that are or may be one", () => {
    checkFixture(
      inDag(`
    const rows = task({ task_id: "rows" }, () => [{ x: 1, y: 2 }]);
    const row = task({ task_id: "row" }, () => ({ x: 1, y: 2 }));
    const lists = task({ task_id: "lists" }, (): any[] => []);
    const either = task({ task_id: "either" }, (): { x: number }[] | readonly { x: number; y: 1 }[] => []);
    add.expand_kwargs([{ x: 1, y: num() }, row()]);
    add.expand_kwargs(rows());
    add.expand_kwargs(rows().concat(rows()));
    add.expand_kwargs(lists());
    add.partial({ y: 1 }).expand_kwargs(either());
    add.partial({ y: 1 }).expand_kwargs(nums().map((x) => ({ x })));
    const made = [];
    for (const x of [1, 2]) made.push({ x, y: 1 });
    add.expand_kwargs(made);
    const each = <T extends { x: number; y: number }>(some: XComArg<T[]>) => add.expand_kwargs(some);
    each(rows());
`),
    );
  });

  it("leaves to TypeScript what it says item by item", () => {
    checkFixture(
      inDag(`
    add.expand_kwargs(5 as never);
    add.expand_kwargs([1, "a"] as never);
    add.expand_kwargs({ x: 1, y: 2, z: 3 } as never);
`),
    );
  });

  it("reports values and items where TypeScript does not look", () => {
    const { findings } = checkFixture(
      inJavaScript(`
    add.expand_kwargs("x");
    //                ^^^ expand-kwargs-shape
    add.expand_kwargs([{ x: 1, y: 2 }, null]);
    //                                 ^^^^ expand-kwargs-shape
    const lists = [[1, 2]];
    add.expand_kwargs(lists);
    //                ^^^^^ expand-kwargs-shape
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["value", "item", "item"]);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line expand-kwargs-shape
    add.expand_kwargs({ x: 1, y: 2 });
`),
    );
  });

  it("puts a dict into a list, calls a task, gives the output, and makes dicts of items", () => {
    expect(fixed(dict)).toContain("add.expand_kwargs([{ x: 1, y: 2 }]);");
    const rows = `
    const rows = task({ task_id: "rows" }, () => [{ x: 1, y: 2 }]);
    const row = task({ task_id: "row" }, () => ({ x: 1, y: 2 }));
    class Load extends BaseOperator<{ sql: string }, { x: number; y: number }[]> {
      override execute() { return []; }
    }
    const load = new Load({ task_id: "load", sql: "a" });`;
    const called = inDag(`${rows}
    add.expand_kwargs(rows);
    //                ^^^^ expand-kwargs-shape
`);
    expect(fixed(called)).toContain("add.expand_kwargs(rows());");
    const output = inDag(`${rows}
    add.expand_kwargs(load);
    //                ^^^^ expand-kwargs-shape
`);
    expect(fixed(output)).toContain("add.expand_kwargs(load.output);");
    const wrapped = inDag(`${rows}
    add.expand_kwargs(row());
    //                ^^^^^ expand-kwargs-shape
`);
    expect(fixed(wrapped)).toContain("add.expand_kwargs([row()]);");
    const items = inDag(`
    add.partial({ y: 1 }).expand_kwargs(nums());
    //                                  ^^^^^^ expand-kwargs-shape
`);
    expect(fixed(items)).toContain(".expand_kwargs(nums().map((x) => ({ x })));");
  });
});
