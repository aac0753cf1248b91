import { describe, expect, it } from "vitest";
import { checkFixture, fixed, inDag } from "./checkFixture.js";

describe("not-a-reference", () => {
  it("reports what is no reference where TypeScript does not", () => {
    const { findings } = checkFixture(
      inDag(`
    const names: any = ["a", "b"];
    nums().zip(names);
    //         ^^^^^ not-a-reference
    nums().concat(nums(), names);
    //                    ^^^^^ not-a-reference
`),
    );
    expect(findings).toMatchObject([{ messageId: "value", severity: "error", phase: 2 }, { messageId: "value" }]);
  });

  it("lets references and the options of zip pass", () => {
    checkFixture(
      inDag(`
    nums().zip(strs(), { fillvalue: 0 });
    nums().concat(nums(), nums().map((n) => n));
`),
    );
  });

  it("leaves typed values to TypeScript, and unknown ones alone", () => {
    checkFixture(
      inDag(`
    nums().zip([1, 2]);
    nums().concat(nums);
    nums().zip(JSON.parse("[]"));
`),
    );
  });

  it("calls a task that was only named, and takes the output of an operator", () => {
    const source = (value: string): string =>
      inDag(`
    const echo: any = new BashOperator({ task_id: "echo", bash_command: "echo" });
    const other: any = nums;
    nums().zip(${value});
    //         ${"^".repeat(value.length)} not-a-reference
    console.log(echo, other);
`);
    expect(fixed(source("other"))).toContain("nums().zip(other());");
    expect(fixed(source("echo"))).toContain("nums().zip(echo.output);");
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    const names: any = ["a", "b"];
    // fanout-disable-next-line not-a-reference
    nums().zip(names);
`),
    );
  });
});
