import { describe, expect, it } from "vitest";
import { checkFixture, inDag } from "./checkFixture.js";

const tasks = `
    const dict = task({ task_id: "dict" }, (): Record<string, number> => ({ a: 1 }));
    const named = task({ task_id: "named" }, () => ({ a: 1, b: 2 }));
    const maybe = task({ task_id: "maybe" }, (): number[] | undefined => undefined);
    const pair = task({ task_id: "pair" }, (): [number, string] => [1, "a"]);
    const whatever = task({ task_id: "whatever" }, () => JSON.parse("[]"));
`;

describe("not-a-list", () => {
  it("reports dicts", () => {
    const { findings } = checkFixture(
      inDag(`${tasks}
    dict().map(([key]) => key);
//  ^^^^^^ not-a-list
    named().zip(nums());
//  ^^^^^^^ not-a-list
    nums().zip(dict());
    //         ^^^^^^ not-a-list
`),
    );
    expect(findings[0]).toMatchObject({ messageId: "dict", severity: "error", phase: 2 });
  });

  it("reports single values, also where they are only possible", () => {
    const { findings } = checkFixture(
      inDag(`${tasks}
    num().map((n) => n);
//  ^^^^^ not-a-list
    maybe().map((n) => n);
//  ^^^^^^^ not-a-list
    nums().concat(num());
    //            ^^^^^ not-a-list
`),
    );
    expect(findings[0]).toMatchObject({ messageId: "value" });
  });

  it("lets lists, mapped tasks, keys of dicts and what is not known pass", () => {
    checkFixture(
      inDag(`${tasks}
    nums().map((n) => n).zip(strs(), pair());
    add.partial({ y: 1 }).expand({ x: [1] }).map((n) => n);
    nums().concat(dict());
    whatever().map((n: number) => n);
    pair().map((each) => each);
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`${tasks}
    // fanout-disable-next-line not-a-list
    dict().map(([key]) => key);
`),
    );
  });
});
