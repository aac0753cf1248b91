import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

/** A task that takes more than the prelude's. */
const noted = `
    const sum = task({ task_id: "sum" }, ({ x, y, note }: { x: number; y: number; note?: string }) => [x + y, note]);`;

const mistyped = inDag(`${noted}
    sum.partial({ x: 1 }).expand({ y: [1, 2], noted: ["a"] });
    //                                        ^^^^^ unknown-parameter
`);

describe("unknown-parameter", () => {
  it("reports a name that the function does not take, and the nearest one that is left", () => {
    const { finding } = checkOne(mistyped);
    expect(finding).toMatchObject({ messageId: "nearest", severity: "error", phase: 1 });
    expect(finding.fixes.map(({ title }) => title)).toEqual(["Rename 'noted' to 'note'", "Remove 'noted'"]);
  });

  it("reports a name that resembles none", () => {
    const { finding } = checkOne(
      inDag(`${noted}
    sum.partial({ y: 1 }).expand({ x: [1], colour: ["a"], note: ["b"] });
    //                                     ^^^^^^ unknown-parameter
`),
    );
    expect(finding.messageId).toBe("unknown");
    expect(finding.fixes).toHaveLength(1);
  });

  it("takes the only name that is left for the one that was meant", () => {
    const source = inDag(`
    const square = task({ task_id: "square" }, ({ side }: { side: number }) => side * side);
    square.expand({ edge: [1, 2] });
    //              ^^^^ unknown-parameter
`);
    expect(fixed(source)).toContain("square.expand({ side: [1, 2] });");
  });

  it("does not offer a name that is given already", () => {
    const { finding } = checkOne(
      inDag(`${noted}
    sum.partial({ y: 1, note: "a" }).expand({ x: [1], notes: ["a"] });
    //                                                ^^^^^ unknown-parameter
`),
    );
    expect(finding.messageId).toBe("unknown");
  });

  it("reports it of groups and of operators whose arguments are known", () => {
    checkFixture(
      inDag(`
    both.partial({ y: 1 }).expand({ x: [1], z: [2] });
    //                                      ^ unknown-parameter
    class Load extends BaseOperator<{ sql: string; limit?: number }, number> {
      override execute() { return 1; }
    }
    Load.partial({ task_id: "load" }).expand({ sql: ["a"], limits: [1] });
    //                                                     ^^^^^^ unknown-parameter
    BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["a"], envs: [{}] });
    //                                                                       ^^^^ unknown-parameter
`),
    );
  });

  it("sees it behind a variable, an alias and a loop", () => {
    checkFixture(
      inDag(`
    const ranges = { x: [1], why: [2] };
    //                       ^^^ unknown-parameter
    const plus = add;
    for (const name of ["a", "b"]) plus.override({ task_id: name }).partial({ y: 1 }).expand(ranges);
`),
    );
  });

  it("reports it in dicts of expand_kwargs that are not written in the call", () => {
    const source = inDag(`
    const rows = [{ x: 1, y: 2 }, { x: 1, y: 2, notes: "a" }];
    //                                          ^^^^^ unknown-parameter
    add.expand_kwargs(rows);
    add.expand_kwargs([{ x: 1, y: 2, z: 3 }]);
`);
    const { finding } = checkOne(source);
    expect(finding).toMatchObject({ messageId: "unknown", phase: 2 });
    checkFixture(`
//- /flow.dag.js
  import { dag, task } from "fanout";
  const add = task({ task_id: "add" }, ({ x, y }) => x + y);
  export default dag({ dag_id: "example" }, () => {
    add.expand_kwargs([{ x: 1, y: 2, z: 3 }]);
    //                               ^ unknown-parameter
  });
`);
  });

  it("reports it of results whose dicts surely have the name", () => {
    const { finding } = checkOne(
      inDag(`
    add.expand_kwargs(nums().map((x) => ({ x, y: 1, z: 2 })));
    //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unknown-parameter
`),
    );
    expect(finding.messageId).toBe("result");
    checkFixture(
      inDag(`
    const rows = task({ task_id: "rows" }, (): { x: number; y: number; z?: number; w: number | undefined }[] => []);
    add.expand_kwargs(rows());
    add.expand_kwargs(nums().map((x) => ({ x, y: 1 })));
    class Row { x = 1; y = 2; get area() { return this.x * this.y; } }
    const made = task({ task_id: "made" }, () => [new Row()]);
    add.expand_kwargs(made());
    const free = task({ task_id: "free" }, (inputs: Record<string, unknown>) => Object.keys(inputs));
    free.expand_kwargs(nums().map((x) => ({ x })));
`),
    );
  });

  it("reports it in the file that calls a helper", () => {
    const { finding } = checkOne(`
  import { dag } from "fanout";
  import { mapped } from "./helper.js";
  export default dag({ dag_id: "example" }, () => {
    mapped();
//  ^^^^^^^^ unknown-parameter
  });
//- /helper.ts
  import { task } from "fanout";
  const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
  export const mapped = () => add.partial({ y: 1 }).expand({ x: [1], z: [2] });
`);
    expect(finding.related).toMatchObject([{ span: { file: "/helper.ts" } }]);
    expect(finding.fixes).toEqual([]);
  });

  it("leaves partial and calls to TypeScript, and reports each name once", () => {
    checkFixture(
      inDag(`
    add({ x: 1, y: 2, z: 3 } as never);
    add.partial({ y: 1, y2: 1 } as never).expand({ x: [1] });
`),
    );
  });

  it("is silent where the names are not known", () => {
    checkFixture(
      inDag(`
    const loose = task({ task_id: "loose" }, (inputs: Record<string, unknown>) => inputs);
    loose.expand({ anything: [1] });
    const rest = task({ task_id: "rest" }, ({ x, ...others }: { x: number; [name: string]: unknown }) => [x, others]);
    rest.expand({ x: [1], other: [2] });
    const generic = <I extends object>(inputs: I) => inputs;
    task({ task_id: "generic" }, generic).expand({ x: [1] });
    const given = JSON.parse("{}") as { z: number[] };
    add.partial({ y: 1 }).expand({ x: [1], ...given });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line unknown-parameter -- the next version takes it
    add.partial({ y: 1 }).expand({ x: [1], z: [2] });
`),
    );
  });

  it("renames it, also where it is short for a variable, and removes it", () => {
    expect(fixed(mistyped, /^Rename/)).toContain('.expand({ y: [1, 2], note: ["a"] });');
    expect(fixed(mistyped, /^Remove/)).toContain(".expand({ y: [1, 2] });");
    const short = inDag(`${noted}
    const notes = ["a"];
    sum.partial({ y: 1 }).expand({ x: [1], notes });
    //                                     ^^^^^ unknown-parameter
`);
    expect(fixed(short, /^Rename/)).toContain(".expand({ x: [1], note: notes });");
  });
});
