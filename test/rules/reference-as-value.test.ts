import { describe, expect, it } from "vitest";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { SharedProject } from "../support/sharedProject.js";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const projects = new SharedProject();

describe("reference-as-value", () => {
  it("reports a condition at once, without types", () => {
    const { finding } = checkOne(
      inDag(`
    if (num()) add({ x: 1, y: 1 });
    //  ^^^^^ reference-as-value
`),
    );
    expect(finding).toMatchObject({ messageId: "condition", severity: "error", phase: 1 });
  });

  it.each([
    ["a negation", "if (!ready) num();", 9],
    ["a ternary", "add({ x: ready ? 1 : 2, y: 1 });", 13],
    ["a while loop", "while (ready) break;", 11],
    ["a for loop", "for (let i = 0; ready; i++) break;", 20],
    ["a do loop", "do num(); while (ready);", 21],
    ["what stands before &&", "void (ready && num());", 10],
    ["Boolean()", "if (Boolean(ready)) num();", 16],
    ["a sign", "add({ x: -ready, y: 1 });", 14],
    ["another sign", "console.log(~ready);", 17],
    ["Number()", "add({ x: Number(ready), y: 1 });", 20],
  ])("reports %s", (_name, line, column) => {
    checkFixture(
      inDag(`
    const ready = nums();
    ${line}
    //${" ".repeat(column - 6)}^^^^^ reference-as-value
`),
    );
  });

  it("reports the first of several operands of one condition", () => {
    checkFixture(
      inDag(`
    const ready = num();
    if (ready && strs()) nums();
    //  ^^^^^ reference-as-value
    if (ready || strs()) nums();
    //  ^^^^^ reference-as-value
`),
    );
  });

  it("reports derived references, results of mapped tasks and outputs of operators", () => {
    checkFixture(
      inDag(`
    const sums = add.partial({ y: 1 }).expand({ x: [1] });
    const hello = new BashOperator({ task_id: "hello", bash_command: "echo" });
    if (sums) num();
    //  ^^^^ reference-as-value
    if (nums().map((n) => n + 1)) num();
    //  ^^^^^^^^^^^^^^^^^^^^^^^^ reference-as-value
    if (hello.output) num();
    //  ^^^^^^^^^^^^ reference-as-value
    if (num().as_setup()) num();
    //  ^^^^^^^^^^^^^^^^ reference-as-value
`),
    );
  });

  it("reports what a helper of another file does, at the call that leads there", () => {
    const { finding } = checkOne(`
      //- /flow.dag.ts
      import { dag } from "fanout";
      import { load } from "./helpers.js";
      export default dag({ dag_id: "flow" }, () => { load(); });
      //                                             ^^^^^^ reference-as-value
      //- /helpers.ts
      import { task } from "fanout";
      const num = task({ task_id: "num" }, () => 42);
      export function load() { if (num()) num(); }
    `);
    expect(finding.related).toMatchObject([{ span: { file: "/helpers.ts" } }]);
  });

  it("reports what is declared as a reference and nothing else", () => {
    checkFixture(
      inDag(`
    const only = (given: XComArg<number>) => { if (given) num(); };
    //                                             ^^^^^ reference-as-value
    only(num());
    const make = () => num();
    if (make()) num();
    //  ^^^^^^ reference-as-value
    const all = { first: num() };
    if (all.first) num();
    //  ^^^^^^^^^ reference-as-value
`),
    );
  });

  it("lets what may be missing be asked for", () => {
    checkFixture(
      inDag(`
    let last: XComArg<number> | undefined;
    for (const x of [1, 2]) {
      const next = add({ x, y: 1 });
      if (last) chain(last, next);
      last = next;
    }
    const after = (given?: XComArg<number>) => (given ? add({ x: given, y: 1 }) : num());
    after(num());
    const other = (given: XComArg<number>) => { if (given) num(); };
    other([num()][1]!);
    other(num());
    const all = [num(), num()];
    if (all[0]) num();
    const [first] = all;
    if (first) num();
    const last2 = all[all.length - 1];
    if (last2) num();
    const byName: Record<string, XComArg<number>> = { a: num() };
    if (byName["a"]) num();
    if (byName.a) num();
    const set = all.filter(Boolean);
    if (set.length > 0) num();
    const perhaps = (JSON.parse("1") as boolean) ? num() : undefined;
    if (perhaps) num();
`),
    );
  });

  it("lets references be compared with each other and with nothing", () => {
    checkFixture(
      inDag(`
    const one = num();
    const other: XComArg<number> | null = num();
    if (one === other) num();
    if (one !== null) num();
    if (typeof one === "object") num();
`),
    );
  });

  it("leaves to TypeScript what it says itself", () => {
    checkFixture(
      inDag(`
    const one = nums();
    for (const n of one) add({ x: n, y: 1 });
    add({ x: num() + 1, y: 1 });
    if (num() > 1) num();
    if (num() === 42) num();
    add({ x: [...one].length, y: 1 });
`),
    );
  });

  it("speaks where TypeScript does not: of any, and of references of the same type", () => {
    checkFixture(
      inDag(`
    const one: any = nums();
    for (const n of one) add({ x: n, y: 1 });
    //              ^^^ reference-as-value
    add({ x: one + 1, y: 1 });
    //       ^^^ reference-as-value
    if (one > 1) num();
    //  ^^^ reference-as-value
    if (one === 42) num();
    //  ^^^ reference-as-value
    add({ x: [...one].length, y: 1 });
    //           ^^^ reference-as-value
    const [first] = one;
    //              ^^^ reference-as-value
    switch (one) { case 1: num(); }
    //      ^^^ reference-as-value
    const two = num();
    const three = num();
    if (two < three) num();
    //  ^^^ reference-as-value
    //        ^^^^^ reference-as-value
`),
    );
  });

  it("reads JavaScript, which nobody checks", () => {
    checkFixture(`
      //- /flow.dag.js
      import { dag, task } from "fanout";
      const nums = task({ task_id: "nums" }, () => [1, 2]);
      const add = task({ task_id: "add" }, ({ x }) => x + 1);
      export default dag({ dag_id: "flow" }, () => {
        const list = nums();
        for (const x of list) add({ x });
        //              ^^^^ reference-as-value
        if (list) add({ x: 1 });
        //  ^^^^ reference-as-value
      });
    `);
  });

  it("lets a reference be a part of a template, but not of an id or of what is compared", () => {
    checkFixture(
      inDag(`
    const one = num();
    new BashOperator({ task_id: "echo", bash_command: \`echo \${one}\` });
    new BashOperator({ task_id: "cat", bash_command: "cat " + one });
    console.log(\`\${one}\`);
    if (\`\${one}\` === "42") num();
    //     ^^^ reference-as-value
    num.override({ task_id: \`num_\${one}\` })();
    //                             ^^^ reference-as-value
    num.override({ pool: "pool_" + one })();
    //                             ^^^ reference-as-value
`),
    );
  });

  it("reports what a group does with what its instances get", () => {
    checkFixture(
      inDag(`
    const pick = task_group({ group_id: "pick" }, ({ x, y }: { x: XComArg<number>; y?: XComArg<number> }) => {
      if (x) num();
      //  ^ reference-as-value
      if (y) num();
      new BashOperator({ task_id: "echo", bash_command: \`echo \${x}\` });
      //                                                        ^ reference-as-value
      add({ x, y: 1 });
    });
    pick.expand({ x: [1, 2] });
`),
    );
  });

  it("is silent about a group's input that another call gives as a plain value", () => {
    checkFixture(
      inDag(`
    const pick = task_group({ group_id: "pick" }, ({ x }: { x: XComArg<number> }) => {
      if (x) add({ x, y: 1 });
    });
    pick({ x: 0 });
    pick.expand({ x: [1, 2] });
`),
    );
  });

  it("is silent about what is not known", () => {
    checkFixture(
      inDag(`
    const flag = JSON.parse("true") as boolean;
    const one = flag ? num() : undefined;
    if (one) num();
    const given = JSON.parse("{}") as { one: XComArg<number> };
    if (given.one) num();
`),
    );
  });

  it.each([
    ["condition", "if (num()) num();"],
    ["fallback", "console.log(num() ?? 1);"],
    ["value", "console.log(-num());"],
    ["items", "console.log([...(num() as any)]);"],
    ["option", "num.override({ task_id: `a${num()}` })();"],
    ["comparedText", "console.log(`${num()}` === '1');"],
    ["placeholder", "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => `${x}`).expand({ x: [1] });"],
  ])("tells what is wrong: %s", (messageId, line) => {
    const { workspace, fixture } = projects.open(inDag(line));
    const types = workspace.typeQueries(fixture.main);
    const findings = runRules(workspace.analyze(fixture.main), { rules, severities: {}, types });
    const ours = findings.filter(({ rule }) => rule === "reference-as-value");
    expect(ours.map((finding) => finding.messageId)).toEqual([messageId]);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line reference-as-value -- it is a flag
    if (num()) add({ x: 1, y: 1 });
`),
    );
  });

  it("removes a fallback that is never used", () => {
    const source = (operator: string): string =>
      inDag(`
    const one = num();
    add({ x: one ${operator} 5, y: 1 });
    //       ^^^ reference-as-value
`);
    expect(fixed(source("??"))).toContain("add({ x: one, y: 1 });");
    expect(fixed(source("||"))).toContain("add({ x: one, y: 1 });");
  });
});
