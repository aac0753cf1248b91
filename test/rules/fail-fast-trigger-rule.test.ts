import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

function dagWith(body: string, options = "fail_fast: true"): string {
  return `
    import { BashOperator, dag, setup, task, teardown } from "fanout";
    const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
    const open = setup({ task_id: "open" }, () => 1);
    const close = teardown({ task_id: "close" }, () => {});
    export default dag({ dag_id: "example", ${options} }, () => {
${body}
    });
  `;
}

const other = dagWith(`
      add.override({ trigger_rule: "all_done" })({ x: 1 });
      //                           ^^^^^^^^^^ fail-fast-trigger-rule
`);

describe("fail-fast-trigger-rule", () => {
  it("reports a task with another trigger rule, and shows what forbids it", () => {
    const { finding } = checkOne(other);
    expect(finding).toMatchObject({ messageId: "rule", severity: "error", phase: 1 });
    expect(finding.related.map(({ messageId, span }) => [messageId, span.line - finding.span.line])).toEqual([
      ["failFast", -2],
    ]);
  });

  it("reports operators, mapped tasks and rules that come from default_args", () => {
    checkFixture(
      dagWith(`
      new BashOperator({ task_id: "a", bash_command: "true", trigger_rule: "always" });
      //                                                                   ^^^^^^^^ fail-fast-trigger-rule
      add.override({ trigger_rule: "none_failed" }).expand({ x: [1, 2] });
      //                           ^^^^^^^^^^^^^ fail-fast-trigger-rule
`),
    );
    checkFixture(
      dagWith(
        `
      add({ x: 1 });
//    ^^^ fail-fast-trigger-rule
      add.override({ trigger_rule: "all_success" })({ x: 1 });
`,
        `fail_fast: true, default_args: { trigger_rule: "all_done" }`,
      ),
    );
  });

  it("lets all_success, teardowns and DAGs without fail_fast pass", () => {
    checkFixture(
      dagWith(`
      add({ x: 1 });
      add.override({ trigger_rule: "all_success" })({ x: 1 });
      close().as_teardown({ setups: open() });
`),
    );
    checkFixture(other.replace("fail_fast: true", "fail_fast: false").replace(/^.*\^.*$/m, ""));
    checkFixture(other.replace("fail_fast: true", "").replace(/^.*\^.*$/m, ""));
  });

  it("is silent where fail_fast, the rule or the task may be otherwise", () => {
    checkFixture(
      dagWith(
        `
      add.override({ trigger_rule: "all_done" })({ x: 1 });
`,
        `fail_fast: true, ...(JSON.parse("{}") as object)`,
      ),
    );
    checkFixture(
      dagWith(`
      add.override({ trigger_rule: process.env["RULE"] === "a" ? "all_done" : "all_success" })({ x: 1 });
      if (process.env["MORE"] === "yes") add.override({ trigger_rule: "all_done" })({ x: 1 });
`),
    );
  });

  it("changes the rule, or takes fail_fast out", () => {
    expect(fixed(other)).toContain(`add.override({ trigger_rule: "all_success" })`);
    expect(fixed(other, /fail_fast/)).toContain(`dag({ dag_id: "example" }, () =>`);
  });
});
