import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

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

  it("does not judge inputs of the same name", () => {
    checkFixture(
      inDag(`
    const take = task({ task_id: "take" }, ({ retries }: { retries: number }) => retries);
    take({ retries: -1 });
`),
    );
  });
});
