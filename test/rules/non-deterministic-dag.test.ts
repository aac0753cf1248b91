import { describe, expect, it } from "vitest";
import { checkFixture as check, checkOne as checkForOne, inDag } from "./checkFixture.js";

const severities = { "duplicate-task-id": "off" } as const;
const checkFixture = (source: string) => check(source, severities);
const checkOne = (source: string) => checkForOne(source, severities);

const randomId = inDag(`
    num.override({ task_id: \`num_\${Math.random()}\` })();
    //                             ^^^^^^^^^^^^^ non-deterministic-dag
`);

describe("non-deterministic-dag", () => {
  it("reports a random id", () => {
    const { finding } = checkOne(randomId);
    expect(finding).toMatchObject({ messageId: "random", severity: "error", phase: 1 });
  });

  it("warns of the time, and tells of the environment", () => {
    const { findings } = checkFixture(
      inDag(`
    num.override({ task_id: "num_" + Date.now() })();
    //                               ^^^^^^^^^^ non-deterministic-dag
    num.override({ task_id: "num_" + process.env.STAGE })();
    //                               ^^^^^^^^^^^^^^^^^ non-deterministic-dag
`),
    );
    expect(findings).toMatchObject([
      { messageId: "time", severity: "warning" },
      { messageId: "environment", severity: "information" },
    ]);
  });

  it("reports conditions of every kind that the graph depends on", () => {
    checkFixture(
      inDag(`
    if (new Date().getDay() === 1) num();
    //  ^^^^^^^^^^ non-deterministic-dag
    const other = Math.random() > 0.5 ? nums() : strs();
    //            ^^^^^^^^^^^^^ non-deterministic-dag
    void (process.env["STAGE"] && add({ x: 1, y: 1 }));
    //    ^^^^^^^^^^^^^^^^^^^^ non-deterministic-dag
    switch (process.env.KIND) { case "a": add({ x: 1, y: 2 }); }
    //      ^^^^^^^^^^^^^^^^ non-deterministic-dag
`),
    );
  });

  it("reports loops and callbacks", () => {
    checkFixture(
      inDag(`
    for (let x = 0; x < Math.random() * 5; x++) num();
    //                  ^^^^^^^^^^^^^ non-deterministic-dag
    for (const id of (process.env.TABLES ?? "a,b").split(",")) nums.override({ task_id: id })();
    //                ^^^^^^^^^^^^^^^^^^ non-deterministic-dag
    void process.argv.slice(2).forEach((text) => strs.override({ task_id: "s" + text })());
    //   ^^^^^^^^^^^^ non-deterministic-dag
`),
    );
  });

  it("reports what is mapped over", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: [1, Math.random()] });
    //                                    ^^^^^^^^^^^^^ non-deterministic-dag
    add.partial({ y: 1 }).expand({ x: Array.from({ length: Number(process.env.COUNT) }, (_, i) => i) });
    //                                                            ^^^^^^^^^^^^^^^^^ non-deterministic-dag
    add.expand_kwargs([{ x: Date.now(), y: 1 }]);
    //                      ^^^^^^^^^^ non-deterministic-dag
`),
    );
  });

  it("reports one reading once, with everything that depends on it", () => {
    const { finding } = checkOne(
      inDag(`
    const today = new Date();
    //            ^^^^^^^^^^ non-deterministic-dag
    if (today.getDay() === 1) num();
    num.override({ task_id: \`num_\${today.getDate()}\` })();
`),
    );
    expect(finding.related).toMatchObject([{ messageId: "use" }]);
  });

  it("follows imports, destructuring, helpers and defaults", () => {
    checkFixture(`
      //- /flow.dag.ts
      import { randomUUID } from "node:crypto";
      import { dag, task } from "fanout";
      import { isMonday } from "./helpers.js";
      const { STAGE = "dev" } = process.env;
      //      ^^^^^^^^^^^^^ non-deterministic-dag
      const load = task({ task_id: "load" }, () => 1);
      export default dag({ dag_id: \`flow_\${STAGE}\` }, () => {
        load.override({ task_id: randomUUID() })();
        //                       ^^^^^^^^^^^^ non-deterministic-dag
        if (isMonday()) load();
        //  ^^^^^^^^^^ non-deterministic-dag
      });
      //- /helpers.ts
      export const isMonday = () => new Date().getDay() === 1;
    `);
  });

  it("lets it be used where the graph does not depend on it", () => {
    checkFixture(
      inDag(`
    const late = task({ task_id: "late" }, () => Date.now() + Math.random());
    late();
    add({ x: Date.now(), y: Math.random() });
    add.partial({ y: Date.now() }).expand({ x: [1] });
    if (process.env.DEBUG) console.log("loaded at", new Date());
    const fixed = new Date("2024-01-01");
    if (fixed.getDay() === 1) num();
    const given = JSON.parse("{}") as { flag: boolean };
    const now = Date.now();
    if (given.flag) num();
    console.log(now);
`),
    );
  });

  it("does not mistake one call of a helper for another", () => {
    checkFixture(
      inDag(`
    const id = (part: unknown) => \`num_\${String(part)}\`;
    console.log(id(Date.now()));
    num.override({ task_id: id(JSON.parse("1")) })();
`),
    );
  });

  it("leaves what is no list to the rule that says so", () => {
    checkFixture(
      inDag(`
    add.partial({ y: 1 }).expand({ x: new Date() as never });
    add.partial({ y: 1 }).expand({ x: Math.random() });
    //                                ^^^^^^^^^^^^^ not-mappable
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line non-deterministic-dag -- the stage is meant to be in the id
    num.override({ task_id: "num_" + process.env.STAGE })();
`),
    );
  });
});
