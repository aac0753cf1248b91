import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

describe("invalid-argument", () => {
  it.each([
    ["whole", "retries", "-1"],
    ["whole", "retries", "0.5"],
    ["whole", "pool_slots", "0"],
    ["whole", "priority_weight", "1.5"],
    ["whole", "max_active_tis_per_dag", "0"],
    ["whole", "max_active_tis_per_dagrun", "-2"],
    ["factor", "retry_exponential_backoff", "0.5"],
    ["duration", "retry_delay", "-1"],
    ["duration", "retry_delay", '"-5m"'],
    ["duration", "max_retry_delay", '"1e3s"'],
    ["duration", "execution_timeout", "{ hours: 1, minutes: -61 }"],
    ["text", "pool", '""'],
    ["date", "start_date", 'new Date("2022-13-01")'],
    ["date", "end_date", 'new Date("tomorrow")'],
  ])("%s: reports %s: %s of a task", (messageId, name, value) => {
    const { finding } = checkOne(
      inDag(`
    nums.override({ ${name}: ${value} })();
    //              ${" ".repeat(name.length + 2)}${"^".repeat(value.length)} invalid-argument
`),
    );
    expect(finding).toMatchObject({ messageId, severity: "error", phase: 1 });
  });

  it("reports those of a DAG, its default_args and a group's, of a sensor and of an operator", () => {
    checkFixture(`
  import { BashOperator, dag, task, task_group } from "fanout";
  const RETRIES = 2.5;
  const START = new Date("2022-02-42");
  const ready = task.sensor({ task_id: "ready", poke_interval: -1 }, () => true);
  //                                                           ^^ invalid-argument
  const group = task_group({ group_id: "g", default_args: { pool_slots: 0 } }, () => { ready(); });
  //                                                                    ^ invalid-argument
  export default dag(
    {
      dag_id: "d",
      start_date: START,
      //          ^^^^^ invalid-argument
      max_active_runs: 0,
      //               ^ invalid-argument
      dagrun_timeout: "-1h",
      //              ^^^^^ invalid-argument
      timezone: "",
      //        ^^ invalid-argument
      default_args: { retries: RETRIES },
      //                       ^^^^^^^ invalid-argument
    },
    () => {
      group();
      BashOperator.partial({ task_id: "y", retries: -1 }).expand({ bash_command: ["true"] });
      //                                            ^^ invalid-argument
    },
  );
`);
  });

  it("lets what the engine takes pass, and what is not known", () => {
    checkFixture(
      inDag(`
    const given = JSON.parse("{}") as { n: number; s: string; retries?: number };
    nums.override({ retries: 0, pool_slots: 3, priority_weight: -5, retry_exponential_backoff: true })();
    nums.override({ retry_delay: 0, execution_timeout: "1.5h", max_retry_delay: { days: 1, hours: -1 } })();
    nums.override({ retries: undefined, start_date: new Date("2022-04-02"), end_date: new Date(2022, 3, 2) })();
    nums.override({ retries: given.n, retry_delay: { minutes: given.n }, end_date: new Date(given.s) })();
    nums.override({ retries: given.n > 1 ? -1 : 1, end_date: new Date() })();
    nums.override({ ...given })();
    for (const slots of [0, 1]) if (given.n < slots) nums.override({ pool_slots: slots })();
`),
    );
  });

  it("leaves to TypeScript what is of another type", () => {
    checkFixture(
      inDag(`
    nums.override({ retries: "2", retry_delay: "5 minutes", pool_slots: true } as never)();
`),
    );
  });

  it("finds names that nothing takes, and texts that cannot be meant, in JavaScript that TypeScript does not check", () => {
    const { findings } = checkFixture(`
//- /flow.dag.js
  import { BashOperator, dag, task, task_group } from "fanout";
  const a = task({ task_id: "a", retrys: 3, trigger_rule: "all_okay" }, () => 1);
  //                             ^^^^^^ invalid-argument
  //                                                      ^^^^^^^^^^ invalid-argument
  const group = task_group({ group_id: "g", tooltpi: "x" }, () => { a(); });
  //                                        ^^^^^^^ invalid-argument
  const ready = task.sensor({ task_id: "ready", mode: "pok", timeout: 5, soft_fail: true }, () => true);
  //                                                  ^^^^^ invalid-argument
  const skip = task.short_circuit({ task_id: "s", ignore_downstream_trigger_rules: false, timeout: 5 }, () => true);
  //                                                                                      ^^^^^^^ invalid-argument
  const b = task({ task_id: "b", params: { n: 1 }, owner: "me", trigger_rule: undefined, weight_rule: null }, () => 1);
  export default dag({ dag_id: "op", shedule: "@daily", schedule: null, default_args: { poool: "p" } }, () => {
    //                               ^^^^^^^ invalid-argument
    //                                                                                  ^^^^^ invalid-argument
    group();
    ready();
    skip();
    b();
    const bash = new BashOperator({ task_id: "bash", bash_command: "true", weight_rule: "up" });
    //                                                                                  ^^^^ invalid-argument
  });
`);
    expect(findings.map(({ messageId }) => messageId).sort()).toEqual(
      [..."ccc", ..."nnnn", "u"].map((kind) => ({ c: "choice", n: "nearest", u: "unknown" })[kind]),
    );
  });

  it("finds values of other types there", () => {
    const { findings } = checkFixture(`
//- /flow.dag.js
  import { dag, task } from "fanout";
  const a = task({ task_id: "a", retries: "2", retry_delay: "5 minutes", do_xcom_push: "no" }, () => 1);
  //                                      ^^^ invalid-argument
  //                                                        ^^^^^^^^^^^ invalid-argument
  //                                                                                   ^^^^ invalid-argument
  const b = task({ task_id: "b", pool: 5, retry_exponential_backoff: "2", execution_timeout: true }, () => 1);
  //                                   ^ invalid-argument
  //                                                                 ^^^ invalid-argument
  //                                                                                         ^^^^ invalid-argument
  const c = task({ task_id: "c", retries: null, retry_delay: undefined, pool: null, do_xcom_push: false }, () => 1);
  export default dag({ dag_id: "op", catchup: null }, () => {
    a();
    b();
    c();
  });
`);
    const kinds = ["whole", "duration", "flag", "text", "factor", "duration"];
    expect(findings.map(({ messageId }) => messageId)).toEqual(kinds);
  });

  it("leaves a misspelt task_id of a nameless function to the rule of names", () => {
    checkFixture(`
//- /flow.dag.js
  import { dag, task } from "fanout";
  export default dag({ dag_id: "op" }, () => {
    const made = task({ tsk_id: "a" }, () => 1)();
    //           ^^^^ missing-task-id
  });
`);
  });

  it("mends a name and a text by the nearest", () => {
    const source = (option: string, marked = ""): string => `
//- /flow.dag.js
  import { dag, task } from "fanout";
  const a = task({ task_id: "a" }, () => 1);
  export default dag({ dag_id: "op" }, () => {
    a.override({ ${option} })();${marked}
  });
`;
    const name = fixed(source("retrys: 3", "\n    //           ^^^^^^ invalid-argument"), /Rename/);
    expect(name).toContain("{ retries: 3 }");
    const text = fixed(
      source('trigger_rule: "al_done"', `\n    //                         ${"^".repeat(9)} invalid-argument`),
    );
    expect(text).toContain('{ trigger_rule: "all_done" }');
  });

  it("leaves both to TypeScript where it checks the file", () => {
    const flow = (first: string): string => `
//- /flow.dag.js
  ${first}
  import { dag, task } from "fanout";
  const a = task({ task_id: "a", retrys: 3, trigger_rule: "all_okay" }, () => 1);
  export default dag({ dag_id: "op", shedule: "@daily" }, () => { a(); });
`;
    checkFixture(flow("// @ts-check"));
  });

  it("does not judge inputs of the same name", () => {
    checkFixture(
      inDag(`
    const take = task({ task_id: "take" }, ({ retries }: { retries: number }) => retries);
    take({ retries: -1 });
`),
    );
  });
});
