import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const nameless = inDag(`
    const load = task(() => 1);
    //           ^^^^ missing-task-id
    load();
`);

describe("missing-task-id", () => {
  it("reports a task whose function has no name", () => {
    const { finding } = checkOne(nameless);
    expect(finding).toMatchObject({ messageId: "namelessFunction", severity: "error", phase: 1 });
  });

  it("reports it once, however often the task is called, and of every kind of task", () => {
    checkFixture(
      inDag(`
    const each = task.branch({ retries: 1 }, () => null);
    //           ^^^^^^^^^^^ missing-task-id
    each();
    for (const _ of [1, 2]) each.override({ retries: 2 })();
    task((inputs: { x: number }) => inputs.x).expand({ x: [1] });
//  ^^^^ missing-task-id
    const fns = [() => 1];
    task(fns[0]!)();
//  ^^^^ missing-task-id
`),
    );
  });

  it("reports an empty id", () => {
    const { finding } = checkOne(
      inDag(`
    task({ task_id: "" }, () => 1)();
    //              ^^ missing-task-id
`),
    );
    expect(finding.messageId).toBe("empty");
  });

  it("lets every name pass that JavaScript gives a function", () => {
    checkFixture(`
  import { dag, task } from "fanout";
  import named, { made } from "./named.js";
  let late: () => number;
  late = () => 1;
  const helpers = { method() { return 1; }, arrow: () => 2, ["quoted"]: () => 3, wrapped: (() => 4) as () => number };
  class Tasks { static field = () => 5; }
  const parameter = (fn = () => 6) => task(fn);
  export default dag({ dag_id: "example" }, () => {
    task(function own() { return 1; })();
    for (const fn of [late, named, made("x"), ...Object.values(helpers), Tasks.field]) task(fn)();
    parameter()();
    task(() => 1).override({ task_id: "given" })();
  });
//- /named.ts
  export default () => 7;
  export const made = (name: string) => ({ [name]: () => 8 })[name]!;
`);
  });

  it("is silent where the function or its options are not known", () => {
    checkFixture(
      inDag(`
    const options = JSON.parse("{}") as { task_id: string };
    task({ ...options }, () => 1)();
    task(options, () => 1)();
    task(JSON.parse("null") as () => number)();
    const unused = task(() => 1);
    class Load extends BaseOperator<{ sql: string }, number> {
      constructor(args: { sql: string }) { super({ task_id: "load", ...args }); }
      override execute() { return 1; }
    }
    new Load({ sql: "a" });
`),
    );
  });

  it("leaves operators to TypeScript, and reports them in JavaScript", () => {
    checkFixture(inDag('    new BashOperator({ bash_command: "a" } as never);'));
    const { finding } = checkOne(`
//- /flow.dag.js
  import { BashOperator, dag } from "fanout";
  class Print extends BashOperator {}
  export default dag({ dag_id: "example" }, () => {
    new Print({ bash_command: "a" });
    //  ^^^^^ missing-task-id
  });
`);
    expect(finding.messageId).toBe("operator");
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    // fanout-disable-next-line missing-task-id
    task(() => 1)();
`),
    );
  });

  it("names it like its variable", () => {
    expect(fixed(nameless)).toContain('const load = task({ task_id: "load" }, () => 1);');
    const taken = inDag(`
    const nums$ = task.short_circuit({ retries: 2 }, () => true);
    //            ^^^^^^^^^^^^^^^^^^ missing-task-id
    nums$();
    num.override({ task_id: "nums_" })();
`);
    expect(fixed(taken)).toContain('task.short_circuit({ retries: 2, task_id: "nums__2" }, () => true);');
    const empty = inDag(`
    const load = task({ task_id: "" }, () => 1);
    //                           ^^ missing-task-id
    load();
`);
    expect(fixed(empty)).toContain('task({ task_id: "load" }, () => 1);');
  });
});
