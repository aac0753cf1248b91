import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const always = inDag(`
    const note = task({ task_id: "note", trigger_rule: "always" }, ({ x }: { x: number }) => x);
    //                                                 ^^^^^^^^ always-with-mapping
    note.expand({ x: nums() });
`);

describe("always-with-mapping", () => {
  it("reports a task that is mapped over a result", () => {
    const { finding } = checkOne(always);
    expect(finding).toMatchObject({ messageId: "generated", severity: "error", phase: 1 });
    expect(finding.related.map(({ messageId, span }) => [messageId, span.line - finding.span.line])).toEqual([
      ["mappedHere", 2],
    ]);
  });

  it("reports override, expand_kwargs, operators and what map makes of a result", () => {
    checkFixture(
      inDag(`
    add.override({ trigger_rule: "always" }).expand_kwargs([{ x: num(), y: 1 }]);
    //                           ^^^^^^^^ always-with-mapping
    add.override({ trigger_rule: "always" }).partial({ y: 1 }).expand({ x: nums().map((n) => n + 1) });
    //                           ^^^^^^^^ always-with-mapping
    BashOperator.partial({ task_id: "print", trigger_rule: "always" }).expand({ bash_command: strs() });
    //                                                     ^^^^^^^^ always-with-mapping
`),
    );
  });

  it("reports every task of a mapped group, whatever the group is mapped over", () => {
    const { findings } = checkFixture(
      inDag(`
    const group = task_group({ group_id: "group" }, ({ x }: { x: XComArg<number> }) => {
      add.override({ trigger_rule: "always" })({ x, y: 1 });
      //                           ^^^^^^^^ always-with-mapping
      new BashOperator({ task_id: "print", bash_command: "true", trigger_rule: "always" });
      //                                                                       ^^^^^^^^ always-with-mapping
    });
    group.expand({ x: [1, 2] });
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["grouped", "grouped"]);
  });

  it("reports a rule that comes from default_args at the task", () => {
    checkFixture(`
      import { dag, task, task_group, type XComArg } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      const nums = task({ task_id: "nums", trigger_rule: "all_success" }, () => [1, 2, 3]);
      const group = task_group(
        { group_id: "group", default_args: { trigger_rule: "always" } },
        ({ x }: { x: XComArg<number> }) => add({ x, y: 1 }),
        //                                 ^^^ always-with-mapping
      );
      export default dag({ dag_id: "example", default_args: { trigger_rule: "always" } }, () => {
        add.partial({ y: 1 }).expand({ x: nums() });
//      ^^^ always-with-mapping
        group.expand({ x: [1] });
      });
    `);
  });

  it("lets always pass without mapping, and over values of the file", () => {
    checkFixture(
      inDag(`
    add.override({ trigger_rule: "always" }).expand({ x: [1, 2], y: [3] });
    add.override({ trigger_rule: "always" }).expand({ x: [num(), 2], y: [3] });
    add.override({ trigger_rule: "always" })({ x: num(), y: 1 });
    add.override({ trigger_rule: "all_done" }).partial({ y: 1 }).expand({ x: nums() });
`),
    );
  });

  it("is silent where the rule may be another one, or the task not there", () => {
    checkFixture(
      inDag(`
    const more = JSON.parse("{}") as { trigger_rule?: "all_done" };
    add.override({ trigger_rule: "always", ...more }).partial({ y: 1 }).expand({ x: nums() });
    add.override({ trigger_rule: Math.random() > 2 ? "always" : "all_done" }).partial({ y: 1 }).expand({ x: nums() });
    if (process.env["MORE"] === "yes") add.override({ trigger_rule: "always" }).partial({ y: 1 }).expand({ x: nums() });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line always-with-mapping -- shown in a talk
    add.override({ trigger_rule: "always" }).partial({ y: 1 }).expand({ x: nums() });
`),
    );
  });

  it("changes the rule where it is written, else at the call", () => {
    expect(fixed(always)).toContain(`trigger_rule: "all_done" }`);
    const inherited = `
      import { dag, task } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
      export default dag({ dag_id: "example", default_args: { trigger_rule: "always" } }, () => {
        add.partial({ y: 1 }).expand({ x: nums() });
//      ^^^ always-with-mapping
      });
    `;
    expect(fixed(inherited)).toContain(`add.override({ trigger_rule: "all_done" }).partial`);
  });
});
