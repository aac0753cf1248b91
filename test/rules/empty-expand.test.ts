import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

describe("empty-expand", () => {
  it("reports an expand that names nothing", () => {
    const { finding } = checkOne(
      inDag(`
    add.expand({});
    //  ^^^^^^ empty-expand
`),
    );
    expect(finding).toMatchObject({ messageId: "nothing", severity: "error", phase: 1, fixes: [] });
  });

  it("reports it behind partial, of groups, of operators and of functions whose inputs are not known", () => {
    const { findings } = checkFixture(
      inDag(`
    add.partial({ x: 1 }).expand({});
    //                    ^^^^^^ empty-expand
    both.expand({});
    //   ^^^^^^ empty-expand
    BashOperator.partial({ task_id: "print", bash_command: "a" }).expand({});
    //                                                            ^^^^^^ empty-expand
    const loose = task({ task_id: "loose" }, (inputs: Record<string, unknown>) => inputs);
    loose.expand({});
    //    ^^^^^^ empty-expand
`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["nothing", "nothing", "nothing", "nothingKnown"]);
  });

  it("sees it behind a variable and a helper", () => {
    checkFixture(
      inDag(`
    const none = {};
    const each = (given: object) => nums.expand(given as Record<never, never>);
    //                                   ^^^^^^ empty-expand
    each(none);
`),
    );
  });

  it("is silent where inputs may hide, or come later", () => {
    checkFixture(
      inDag(`
    const given = JSON.parse("{}") as { x: number[] };
    add.partial({ y: 1 }).expand({ ...given });
    add.partial({ y: 1 }).expand(given);
    const made: Record<string, number[]> = {};
    made["x"] = [1];
    add.partial({ y: 1 }).expand(made as { x: number[] });
`),
    );
  });

  it("leaves a call without an argument to TypeScript, and reports it where TypeScript does not look", () => {
    checkFixture(inDag("    (add as any).expand();"));
    checkFixture(`
//- /flow.dag.js
  import { dag, task } from "fanout";
  const one = task({ task_id: "one" }, () => 1);
  export default dag({ dag_id: "example" }, () => {
    one.expand();
    //  ^^^^^^ empty-expand
  });
`);
  });

  it("leaves JavaScript to TypeScript where the file or the project lets it check", () => {
    const marker = "//  ^^^^^^ empty-expand";
    const check = (head: string, checkJs: boolean, expected: string) =>
      checkFixture(`
//- /flow.dag.js
  ${head}
  import { dag, task } from "fanout";
  const one = task({ task_id: "one" }, () => 1);
  export default dag({ dag_id: "example" }, () => {
    one.expand();
    ${expected}
  });
//- /tsconfig.json
  { "compilerOptions": { "strict": true, "allowJs": true, "checkJs": ${String(checkJs)}, "module": "nodenext", "types": [] } }
`);
    check("", true, "");
    check("// @ts-check", false, "");
    check("// @ts-nocheck", true, marker);
    check("", false, marker);
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line empty-expand
    add.expand({});
`),
    );
  });

  it("calls what has nothing left to map over", () => {
    const { finding } = checkOne(
      inDag(`
    nums.expand({});
    //   ^^^^^^ empty-expand
`),
    );
    expect(finding.messageId).toBe("nothingLeft");
    const task = inDag(`
    add.partial({ x: 1, y: 2 }).expand({});
    //                          ^^^^^^ empty-expand
`);
    expect(fixed(task)).toContain(" add({ x: 1, y: 2 });");
    const operator = inDag(`
    class Load extends BaseOperator<{ sql: string }, number> {
      override execute() { return 1; }
    }
    Load.partial({ task_id: "load", sql: "a" }).expand({});
    //                                          ^^^^^^ empty-expand
`);
    expect(fixed(operator)).toContain('new Load({ task_id: "load", sql: "a" });');
    const plain = inDag(`
    nums.expand({});
    //   ^^^^^^ empty-expand
`);
    expect(fixed(plain)).toContain("nums();");
  });
});
