import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const pools = { pools: { database: 4, network: 2 } };

describe("unknown-pool", () => {
  it("reports a pool that there is not", () => {
    const { finding } = checkOne(
      inDag(`
    nums.override({ pool: "databse" })();
    //                    ^^^^^^^^^ unknown-pool
`),
      undefined,
      pools,
    );
    expect(finding).toMatchObject({ messageId: "unknown", severity: "error", phase: 1 });
  });

  it("reports it of operators, of their partial, and in default_args", () => {
    checkFixture(
      `
  import { BashOperator, dag, task, task_group } from "fanout";
  const num = task({ task_id: "num", pool: "a" }, () => 1);
  //                                       ^^^ unknown-pool
  const group = task_group({ group_id: "g", default_args: { pool: "b" } }, () => { num(); });
  //                                                              ^^^ unknown-pool
  export default dag({ dag_id: "d", default_args: { pool: "c" } }, () => {
  //                                                      ^^^ unknown-pool
    group();
    new BashOperator({ task_id: "x", bash_command: "true", pool: "d" });
    //                                                           ^^^ unknown-pool
    BashOperator.partial({ task_id: "y", pool: "e" }).expand({ bash_command: ["true"] });
    //                                         ^^^ unknown-pool
  });
`,
      undefined,
      pools,
    );
  });

  it("reports an instance that takes more slots than there are", () => {
    const { finding } = checkOne(
      inDag(`
    nums.override({ pool: "network", pool_slots: 3 })();
    //                                           ^ unknown-pool
`),
      undefined,
      pools,
    );
    expect(finding.messageId).toBe("tooSmall");
  });

  it("lets known pools pass, and what is not known", () => {
    checkFixture(
      inDag(`
    const given = JSON.parse("{}") as { pool: string };
    nums.override({ pool: "database", pool_slots: 4 })();
    nums.override({ pool: "default_pool", pool_slots: 200 })();
    nums.override({ pool: given.pool })();
    nums.override({ ...given })();
    nums.override({ pool: given.pool === "" ? "database" : "other" })();
    nums.override({ pool: undefined })();
    for (const pool of ["database", "other"]) if (given.pool.length > 2) nums.override({ task_id: pool, pool })();
`),
      undefined,
      pools,
    );
  });

  it("offers the pools that there are", () => {
    const wrong = inDag(`
    nums.override({ pool: "Network" })();
    //                    ^^^^^^^^^ unknown-pool
`);
    expect(fixed(wrong, /./, undefined, pools)).toContain('pool: "network"');
    const other = inDag(`
    const pool = "other";
    nums.override({ pool })();
    //              ^^^^ unknown-pool
`);
    expect(fixed(other, /database/, undefined, pools)).toContain('pool: "database"');
    expect(fixed(other, /default_pool/, undefined)).toContain('pool: "default_pool"');
  });
});
