import { describe, expect, it } from "vitest";
import * as helper from "./checkFixture.js";

const { inDag } = helper;
const severities = { "non-deterministic-dag": "off" } as const;
const checkFixture = (source: string) => helper.checkFixture(source, severities);
const checkOne = (source: string) => helper.checkOne(source, severities);
const fixed = (source: string) => helper.fixed(source, /./, severities);

const operators = inDag(`
    new BashOperator({ task_id: "print", bash_command: "a" });
    new BashOperator({ task_id: "print", bash_command: "b" });
    //                          ^^^^^^^ duplicate-task-id
`);
const functions = inDag(`
    add({ x: 1, y: 1 });
    add({ x: 2, y: 2 });
//  ^^^ duplicate-task-id
`);

describe("duplicate-task-id", () => {
  it("reports an operator whose id is taken, and shows by whom", () => {
    const { finding } = checkOne(operators);
    expect(finding).toMatchObject({ messageId: "taken", severity: "error", phase: 1 });
    expect(finding.related).toMatchObject([{ messageId: "first", span: { line: finding.span.line - 1, column: 31 } }]);
  });

  it("informs about the id that a task function gets", () => {
    const { finding } = checkOne(functions);
    expect(finding).toMatchObject({ messageId: "suffixed", severity: "information" });
    expect(finding.message).toContain("add__1");
  });

  it("reports a mapped operator that is made twice from one partial, and one made in a loop", () => {
    checkFixture(
      inDag(`
    const print = BashOperator.partial({ task_id: "print" });
    print.expand({ bash_command: ["a"] });
    print.expand({ bash_command: ["b"] });
//  ^^^^^ duplicate-task-id
    for (const name of ["a", "b"]) {
      new BashOperator({ task_id: "same", bash_command: name });
//    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ duplicate-task-id
    }
`),
    );
  });

  it("lets different ids pass, and the same id in another DAG", () => {
    checkFixture(`
      import { BashOperator, dag } from "fanout";
      export const first = dag({ dag_id: "first" }, () => {
        new BashOperator({ task_id: "print", bash_command: "a" });
        for (const name of ["a", "b"]) new BashOperator({ task_id: \`print_\${name}\`, bash_command: name });
      });
      export const second = dag({ dag_id: "second" }, () => {
        new BashOperator({ task_id: "print", bash_command: "a" });
      });
    `);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    new BashOperator({ task_id: "print", bash_command: "a" });
    // fanout-disable-next-line duplicate-task-id -- the second is never reached
    new BashOperator({ task_id: "print", bash_command: "b" });
`),
    );
  });

  it("is silent where an id, or whether the task exists, cannot be told", () => {
    checkFixture(
      inDag(`
    const name = String(process.env["NAME"]);
    new BashOperator({ task_id: "print", bash_command: "a" });
    new BashOperator({ task_id: name, bash_command: "b" });
    new BashOperator({ task_id: name, bash_command: "c" });
    if (process.env["MORE"] === "yes") new BashOperator({ task_id: "print", bash_command: "b" });
`),
    );
  });

  it("gives the operator another id", () => {
    expect(fixed(operators)).toContain('new BashOperator({ task_id: "print_2", bash_command: "b" });');
  });

  it("gives the task another id by override", () => {
    expect(fixed(functions)).toContain('add.override({ task_id: "add_2" })({ x: 2, y: 2 });');
    const mapped = inDag(`
    add({ x: 1, y: 1 });
    add.partial({ y: 2 }).expand({ x: [1] });
//  ^^^ duplicate-task-id
`);
    expect(fixed(mapped)).toContain('add.override({ task_id: "add_2" }).partial({ y: 2 }).expand({ x: [1] });');
  });
});
