import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const spaced = inDag(`
    num.override({ task_id: "the number" })();
    //                      ^^^^^^^^^^^^ invalid-id
`);

describe("invalid-id", () => {
  it("reports characters that no id can have", () => {
    const { finding } = checkOne(spaced);
    expect(finding).toMatchObject({ messageId: "characters", severity: "error", phase: 1 });
  });

  it("reports ids of dags, groups, operators and functions", () => {
    const { findings } = checkFixture(`
  import { BashOperator, dag, task, task_group } from "fanout";
  const load = task(function load$all() { return 1; });
  //                         ^^^^^^^^ invalid-id
  const group = task_group({ group_id: "in.side" }, () => load());
  //                                   ^^^^^^^^^ invalid-id
  export default dag({ dag_id: "a/b" }, () => {
  //                           ^^^^^ invalid-id
    group();
    new BashOperator({ task_id: "", bash_command: "a" });
    //                          ^^ invalid-id
    BashOperator.partial({ task_id: "a*b" }).expand({ bash_command: ["a"] });
    //                              ^^^^^ invalid-id
  });
`);
    expect(findings.map(({ messageId }) => messageId).sort()).toEqual([
      "characters",
      "characters",
      "characters",
      "dot",
      "empty",
    ]);
  });

  it("sees them through variables, loops and templates that are known in part", () => {
    checkFixture(
      inDag(`
    const name = "so many";
    num.override({ task_id: name })();
    //                      ^^^^ invalid-id
    for (const each of ["a", "b:c"]) num.override({ task_id: each })();
    //                                                       ^^^^ invalid-id
    const env = process.env["STAGE"] ?? "";
    num.override({ task_id: \`load in \${env}\` })();
    //                      ^^^^^^^^^^^^^^^^ invalid-id
    num.override({ task_id: \`load_\${env}\` })();
    num.override({ task_id: env })();
`),
    );
  });

  it("lets letters of all languages pass, and dots of tasks", () => {
    checkFixture(
      inDag(`
    num.override({ task_id: "größe.π-2_数" })();
`),
    );
  });

  it("counts characters, together with those of the groups around a task", () => {
    const long = "x".repeat(150);
    const tooLong = `"${"y".repeat(251)}"`;
    const { findings } = checkFixture(
      inDag(`
    num.override({ task_id: ${tooLong} })();
    //                      ${"^".repeat(tooLong.length)} invalid-id
    num.override({ task_id: ${tooLong.replace("y", "")} })();
    task_group({ group_id: "${long}" }, () => num.override({ task_id: "${long}" })())();
    //                      ${" ".repeat(long.length)}                                   ${"^".repeat(152)} invalid-id
    task_group({ group_id: "${"z".repeat(201)}" }, () => 1)();
    //                     ${"^".repeat(203)} invalid-id
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["tooLong", "tooLongInGroup", "tooLong"]);
  });

  it("leaves what is no text to TypeScript", () => {
    checkFixture(inDag("    num.override({ task_id: 5 as never })();"));
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line invalid-id
    num.override({ task_id: "the number" })();
`),
    );
  });

  it("replaces the characters, unless that id is taken", () => {
    expect(fixed(spaced)).toContain('num.override({ task_id: "the_number" })();');
    const { finding } = checkOne(
      inDag(`
    num.override({ task_id: "the_number" })();
    num.override({ task_id: "the number" })();
    //                      ^^^^^^^^^^^^ invalid-id
`),
    );
    expect(finding.fixes).toEqual([]);
  });
});
