import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const operator = inDag(`
    BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["a", "b"], pool: ["default_pool"] });
    //                                                                            ^^^^ unmappable-parameter
`);

describe("unmappable-parameter", () => {
  it("reports an option in dicts of expand_kwargs", () => {
    checkFixture(
      inDag(`
    const rows = [{ x: 1, y: 2, pool: "a" }];
    //                          ^^^^ unmappable-parameter
    add.expand_kwargs(rows);
    add.expand_kwargs(nums().map((x) => ({ x, y: 1, retries: 2 })));
    //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unmappable-parameter
`),
    );
  });

  it("says nothing of task groups, whose inputs may have any name", () => {
    checkFixture(
      inDag(`
    const pooled = task_group({ group_id: "g" }, ({ pool }: { pool: XComArg<number> }) => add({ x: pool, y: 1 }));
    pooled.expand({ pool: [1, 2] });
`),
    );
  });

  it("reports an argument of an operator", () => {
    const { finding } = checkOne(operator);
    expect(finding).toMatchObject({ messageId: "operatorArgument", severity: "error", phase: 1 });
  });

  it("reports several arguments, the id among them, also where partial gives them", () => {
    checkFixture(
      inDag(`
    BashOperator.partial({ task_id: "a" }).expand({ bash_command: ["x"], task_id: ["b"], retries: [1], doc_md: [""] });
    //                                                                   ^^^^^^^ unmappable-parameter
    //                                                                                   ^^^^^^^ unmappable-parameter
    //                                                                                                 ^^^^^^ unmappable-parameter
`),
    );
  });

  it("reports an option of a task function", () => {
    const { finding } = checkOne(
      inDag(`
    add.partial({ y: 10 }).expand({ x: [1], pool: ["a"] });
    //                                      ^^^^ unmappable-parameter
`),
    );
    expect(finding.messageId).toBe("taskOption");
  });

  it("reports a parameter of a task function only where the task sets that argument itself", () => {
    const { findings } = checkFixture(
      inDag(`
    const free = task({ task_id: "free" }, ({ pool }: { pool: string }) => pool);
    const set = task({ task_id: "set", retries: 2 }, ({ retries }: { retries: number }) => retries);
    const id = task({ task_id: "id" }, ({ task_id }: { task_id: string }) => task_id);
    free.expand({ pool: ["a", "b"] });
    set.expand({ retries: [1, 2] });
    //           ^^^^^^^ unmappable-parameter
    id.expand({ task_id: ["a"] });
    //          ^^^^^^^ unmappable-parameter
`),
    );
    expect(findings.map((finding) => finding.messageId)).toEqual([
      "parameterNamedLikeOption",
      "parameterNamedLikeOption",
    ]);
  });

  it("leaves the value of such an argument to nobody else", () => {
    checkFixture(
      inDag(`
    BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["a"], pool: 5 });
    //                                                                       ^^^^ unmappable-parameter
`),
    );
  });

  it("lets an operator's own arguments and partial pass", () => {
    checkFixture(
      inDag(`
    class Load extends BaseOperator<{ sql: string; pools: string }, number> {
      override execute() { return 1; }
    }
    Load.partial({ task_id: "load", pool: "default_pool" }).expand({ sql: ["a"], pools: ["b"] });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line unmappable-parameter -- tried on purpose
    BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["a"], pool: ["small"] });
`),
    );
  });

  it("is silent where the parameters of a task are not known", () => {
    checkFixture(
      inDag(`
    const loose = task({ task_id: "loose" }, (inputs: Record<string, unknown>) => inputs);
    loose.expand({ pool: ["a"] });
    const extra = JSON.parse("{}") as { pool: string[] };
    BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["a"], ...extra });
`),
    );
  });

  it("moves one value to partial", () => {
    expect(fixed(operator, /^Move/)).toContain(
      'BashOperator.partial({ task_id: "print", pool: "default_pool" }).expand({ bash_command: ["a", "b"] });',
    );
  });

  it("removes the argument", () => {
    expect(fixed(operator, /^Remove/)).toContain(
      '.partial({ task_id: "print" }).expand({ bash_command: ["a", "b"] });',
    );
  });

  it("moves an option of a task function to override", () => {
    const source = inDag(`
    add.partial({ y: 10 }).expand({ retries: [2], x: [1] });
    //                              ^^^^^^^ unmappable-parameter
`);
    expect(fixed(source, /^Move/)).toContain("add.override({ retries: 2 }).partial({ y: 10 }).expand({ x: [1] });");
  });

  it("offers no fix that would leave nothing to expand", () => {
    const { finding } = checkOne(
      inDag(`
    BashOperator.partial({ task_id: "print", bash_command: "a" }).expand({ pool: ["small"] });
    //                                                                     ^^^^ unmappable-parameter
`),
    );
    expect(finding.fixes).toEqual([]);
  });
});
