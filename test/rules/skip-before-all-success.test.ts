import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

/** A DAG with tasks that skip, and this body. */
function dagWith(body: string, more = "", options = ""): string {
  return `
    import { BaseOperator, SkipException, chain, dag, task, task_group, type XComArg } from "fanout";
    import * as fanout from "fanout";
    const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
    const even = task({ task_id: "even" }, ({ x }: { x: number }) => {
      if (x % 2 > 0) throw new SkipException("odd");
      return x;
    });
    const plain = task({ task_id: "plain" }, ({ x }: { x: number }) => x);
    const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
${more}
    export default dag({ dag_id: "example"${options} }, () => {
${body}
    });
  `;
}

const reduced = dagWith(`
      total({ values: even.expand({ x: [1, 2] }) });
      //              ^^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
`);

describe("skip-before-all-success", () => {
  it("reports a reducer of a task that skips itself, and shows where", () => {
    const { finding } = checkOne(reduced);
    expect(finding).toMatchObject({ messageId: "skipped", severity: "warning", phase: 1 });
    expect(finding.related).toMatchObject([{ messageId: "reason", span: { line: 5 } }]);
  });

  it("reports what maps over its results, and what finds them in a list, under a derived reference or in partial", () => {
    checkFixture(
      dagWith(
        `
      const evens = even.expand({ x: nums() });
      plain.expand({ x: evens });
      //                ^^^^^ skip-before-all-success
      both.partial({ values: evens }).expand({ x: [1, 2] });
      //                     ^^^^^ skip-before-all-success
      lists({ values: [nums(), evens.map((one) => one)] });
      //              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
      plain.expand_kwargs(evens.map((x) => ({ x })));
      //                  ^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
`,
        `
    const both = task({ task_id: "both" }, ({ values, x }: { values: readonly number[]; x: number }) => values.length + x);
    const lists = task({ task_id: "lists" }, ({ values }: { values: readonly number[][] }) => values.length);
`,
      ),
    );
  });

  it("reports a skip in the function of map, and in operators", () => {
    checkFixture(
      dagWith(
        `
      const some = nums().map((one) => {
        if (one > 2) throw new fanout.SkipException();
        return one;
      });
      total({ values: plain.expand({ x: some }) });
      //              ^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
      total({ values: Find.partial({ task_id: "find" }).expand({ name: ["a", "b"] }).output });
      //              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
`,
        `
    class Find extends BaseOperator<{ name: string }, number> {
      override async execute() {
        throw new SkipException(this.args.name);
      }
    }
`,
      ),
    );
  });

  it("reports what takes results out of a mapped group in which a branch, short circuit or task skips", () => {
    const { findings } = checkFixture(
      dagWith(
        `
      const routed = route.expand({ x: [1, 2] });
      total({ values: routed.small });
      //              ^^^^^^^^^^^^ skip-before-all-success
      total({ values: routed.after });
      //              ^^^^^^^^^^^^ skip-before-all-success
      joined({ values: routed.joined });
      total({ values: cut.expand({ x: [1, 2] }) });
      //              ^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
      total({ values: behind.expand({ x: [1, 2] }) });
      //              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
`,
        `
    const joined = task({ task_id: "joined" }, ({ values }: { values: readonly number[] }) => values.length);
    const route = task_group({ group_id: "route" }, ({ x }: { x: XComArg<number> }) => {
      const choose = task.branch({ task_id: "choose" }, ({ x }: { x: number }) => (x > 1 ? "route.big" : "route.small"));
      const chosen = choose({ x });
      const small = plain.override({ task_id: "small" })({ x });
      const big = plain.override({ task_id: "big" })({ x });
      chain(chosen, [small, big]);
      const after = plain.override({ task_id: "after" })({ x: small });
      const joined = plain.override({ task_id: "joined", trigger_rule: "none_failed_min_one_success" })({ x });
      chain([small, big], joined);
      return { small, after, joined };
    });
    const cut = task_group({ group_id: "cut" }, ({ x }: { x: XComArg<number> }) => {
      const isBig = task.short_circuit({ task_id: "is_big" }, ({ x }: { x: number }) => x > 1);
      const last = plain({ x });
      chain(isBig({ x }), plain.override({ task_id: "first" })({ x }), last);
      return last;
    });
    const behind = task_group({ group_id: "behind" }, ({ x }: { x: XComArg<number> }) => plain({ x: even({ x }) }));
`,
      ),
    );
    expect(findings).toHaveLength(4);
  });

  it("lets a rule that bears skips pass, and one that is written out", () => {
    checkFixture(
      dagWith(`
      const evens = even.expand({ x: [1, 2] });
      total.override({ trigger_rule: "none_failed" })({ values: evens });
      total.override({ trigger_rule: "all_done" })({ values: evens });
      total.override({ trigger_rule: "all_success" })({ values: evens });
`),
    );
    checkFixture(
      dagWith("total({ values: even.expand({ x: [1, 2] }) });", "", `, default_args: { trigger_rule: "none_failed" }`),
    );
  });

  it("lets a task pass that is not mapped, whose skip everything behind it shares", () => {
    checkFixture(
      dagWith(
        `
      plain({ x: even({ x: 1 }) });
      group.expand({ x: [1, 2] });
`,
        `
    const group = task_group({ group_id: "group" }, ({ x }: { x: XComArg<number> }) => {
      plain({ x: even({ x }) });
    });
`,
      ),
    );
  });

  it("is silent where the exception is caught, is another one, or belongs to another function", () => {
    checkFixture(
      dagWith(
        `
      for (const each of [caught, other, inner, own]) total({ values: each.expand({ x: [1, 2] }) });
`,
        `
    const caught = task({ task_id: "caught" }, ({ x }: { x: number }) => {
      try {
        if (x > 1) throw new SkipException();
      } catch {
        return 0;
      }
      return x;
    });
    const other = task({ task_id: "other" }, ({ x }: { x: number }) => {
      if (x > 1) throw new Error("SkipException");
      return x;
    });
    const inner = task({ task_id: "inner" }, ({ x }: { x: number }) => {
      const skip = () => {
        throw new SkipException();
      };
      return x > 5 ? Number(skip) : x;
    });
    const own = task({ task_id: "own" }, ({ x }: { x: number }) => {
      class Mine extends Error {}
      if (x > 1) throw new Mine();
      return x;
    });
`,
      ),
    );
  });

  it("is silent where the rule may be another one, or the task not there", () => {
    checkFixture(
      dagWith(`
      const more = JSON.parse("{}") as object;
      const evens = even.expand({ x: [1, 2] });
      total.override({ ...more })({ values: evens });
      total.override({ trigger_rule: process.env["RULE"] === "a" ? "none_failed" : "all_done" })({ values: evens });
      if (process.env["MORE"] === "yes") total({ values: evens });
`),
    );
    checkFixture(
      dagWith("total({ values: even.expand({ x: [1, 2] }) });", "const more: object = JSON.parse('{}');", `, ...more`),
    );
  });

  it("is silent where a branch of a mapped group always follows the task, or what it returns is not written out", () => {
    checkFixture(
      dagWith(
        `
      const routed = route.expand({ x: [1, 2] });
      total({ values: routed });
`,
        `
    const route = task_group({ group_id: "route" }, ({ x }: { x: XComArg<number> }) => {
      const choose = task.branch({ task_id: "choose" }, ({ x }: { x: number }) => {
        if (x > 5) return ["route.always", "route.other"];
        return x > 1 ? "route.always" : ["route.other", "route.always"];
      });
      const computed = task.branch({ task_id: "computed" }, ({ x }: { x: number }) => \`route.\${x}\`);
      const always = plain.override({ task_id: "always" })({ x });
      chain(choose({ x }), [always, plain.override({ task_id: "other" })({ x })]);
      chain(computed({ x }), always);
      return always;
    });
`,
      ),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      dagWith(`
      // fanout-disable-next-line skip-before-all-success -- nothing is better than half
      total({ values: even.expand({ x: [1, 2] }) });
`),
    );
  });

  it("adds none_failed at the call", () => {
    expect(fixed(reduced)).toContain(
      `total.override({ trigger_rule: "none_failed" })({ values: even.expand({ x: [1, 2] }) });`,
    );
    const operator = dagWith(
      `
      new Sum({ task_id: "sum", values: even.expand({ x: [1, 2] }) });
      //                                ^^^^^^^^^^^^^^^^^^^^^^^^^^ skip-before-all-success
`,
      `
    class Sum extends BaseOperator<{ values: readonly number[] }, number> {
      static template_fields = ["values"] as const;
      override async execute() {
        return this.args.values.length;
      }
    }
`,
    );
    expect(fixed(operator)).toContain(`values: even.expand({ x: [1, 2] }), trigger_rule: "none_failed" });`);
  });

  it("changes the one call that makes several tasks", () => {
    const text = fixed(
      dagWith(
        `
      sum(even.expand({ x: [1, 2] }));
      sum(even.expand({ x: [3, 4] }));
`,
        `
    const sum = (values: XComArg<number[]>) => total({ values });
    //                                                 ^^^^^^ skip-before-all-success
`,
      ),
    );
    expect(text).toContain(`=> total.override({ trigger_rule: "none_failed" })({ values });`);
  });
});
