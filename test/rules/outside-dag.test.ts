import { describe, expect, it } from "vitest";
import { checkFixture, checkOne } from "./checkFixture.js";

const before = `
  import { BashOperator, dag, task, task_group } from "fanout";
  const num = task({ task_id: "num" }, () => 1);
  const group = task_group({ group_id: "group" }, () => num());
`;

describe("outside-dag", () => {
  it("reports a task that is made beside every DAG", () => {
    const { finding } = checkOne(`${before}
  num();
//^^^ outside-dag
  export default dag({ dag_id: "example" }, () => { num(); });
`);
    expect(finding).toMatchObject({ messageId: "outside", severity: "error", phase: 1 });
  });

  it("reports operators and groups, also through a helper", () => {
    checkFixture(`${before}
  const make = () => new BashOperator({ task_id: "print", bash_command: "a" });
  //                     ^^^^^^^^^^^^ outside-dag
  make();
  group();
//^^^^^ outside-dag
  export default dag({ dag_id: "example" }, () => { group(); });
`);
  });

  it("is silent in bodies, in functions that nobody calls, and under conditions that are not known", () => {
    checkFixture(`${before}
  const never = () => num();
  if (process.env["STAGE"] === "test") num();
  function body() { num(); group(); }
  export default dag({ dag_id: "example" }, body);
`);
  });

  it("is silenced by a comment", () => {
    checkFixture(`${before}
  // fanout-disable-next-line outside-dag
  num();
  export default dag({ dag_id: "example" }, () => { num(); });
`);
  });
});
