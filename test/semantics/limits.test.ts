import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Limits } from "../../runtime/src/engine/limits.js";
import type { RunOptions } from "../../runtime/src/engine/startRun.js";
import { startRun } from "../../runtime/src/engine/startRun.js";
import { Project, dagSource, refusalOf, runToEnd, start } from "../runtime/support/project.js";

/** Writes down when an instance begins and ends; the first waits for others, as many as are to run together. */
const TRACE = `import { appendFileSync, readFileSync } from "node:fs";
const lines = (begin: string) => readFileSync(process.env["TRACE"] ?? "", "utf8").split("\\n").filter((line) => line.startsWith(begin));
const write = (line: string) => appendFileSync(process.env["TRACE"] ?? "", line + "\\n");
const trace = (name: string, options: object = {}, together = 1, prefix = name) =>
  task({ task_id: name, ...options }, async ({ x }: { x: number }) => {
    write("+" + name + ":" + x);
    do await new Promise((resolve) => setTimeout(resolve, 20)); while (lines("+" + prefix).length < together);
    write("-" + name + ":" + x);
  });`;

const SIX = "{ x: [1, 2, 3, 4, 5, 6] }";

class Traced {
  readonly project: Project;

  constructor(definitions: string, body: string, files: Readonly<Record<string, string>> = {}) {
    this.project = new Project({ trace: "", ...files });
    const setTrace = `process.env["TRACE"] = ${JSON.stringify(this.project.path("trace"))};`;
    this.project.write({ "dag.ts": dagSource(`${TRACE}\n${setTrace}\n${definitions}`, body) });
  }

  async run(options: Partial<RunOptions> = {}): Promise<this> {
    const { result } = await runToEnd(this.project, { parallelism: 4, ...options });
    expect(result.state).toBe("success");
    return this;
  }

  get lines(): string[] {
    return readFileSync(this.project.path("trace"), "utf8").trim().split("\n");
  }

  /** Names of the tasks in the order in which their instances began. */
  get begun(): string[] {
    return this.lines.filter((line) => line.startsWith("+")).map((line) => line.slice(1).split(":")[0] ?? "");
  }

  /** Most instances at once of the tasks whose name begins so. */
  most(prefix: string): number {
    let [now, most] = [0, 0];
    for (const line of this.lines.filter((one) => one.slice(1).startsWith(prefix))) {
      now += line.startsWith("+") ? 1 : -1;
      most = Math.max(most, now);
    }
    return most;
  }
}

describe("§2.5 limits of how many instances run at once", () => {
  it("max_active_tis_per_dagrun is one of each task", async () => {
    const traced = await new Traced(
      `const a = trace("a", { max_active_tis_per_dagrun: 1 }); const b = trace("b", { max_active_tis_per_dagrun: 2 }, 2);`,
      `a.expand(${SIX}); b.expand(${SIX});`,
    ).run();
    expect([traced.most("a"), traced.most("b")]).toEqual([1, 2]);
    expect(traced.begun).toHaveLength(12);
  });

  it("max_active_tasks is one of the run", async () => {
    const traced = new Traced(
      `const a = trace("a", {}, 2, ""); const b = trace("b", {}, 2, "");`,
      `a.expand(${SIX}); b.expand(${SIX});`,
    );
    const file = traced.project.path("dag.ts");
    traced.project.write({ "dag.ts": readFileSync(file, "utf8").replace("{ dag_id", "{ max_active_tasks: 2, dag_id") });
    await traced.run();
    expect(traced.most("")).toBe(2);
  });

  it.each([
    ["fanout.config.json", { "fanout.config.json": `{ "pools": { "db": 2 } }` }],
    ["package.json", { "package.json": `{ "type": "module", "fanout": { "pools": { "db": 2 } } }` }],
  ])("a pool of %s is shared by the tasks that name it", async (_, files) => {
    const traced = await new Traced(
      `const a = trace("db_a", { pool: "db" }, 2, "db"); const b = trace("db_b", { pool: "db" }, 2, "db"); const c = trace("c");`,
      `a.expand(${SIX}); b.expand(${SIX}); c.expand(${SIX});`,
      files,
    ).run();
    expect(traced.most("db")).toBe(2);
    expect(traced.begun).toHaveLength(18);
  });

  it("an instance takes pool_slots of its pool, and does not wait for ever behind those that take fewer", async () => {
    const traced = await new Traced(
      `const big = trace("big", { pool: "db", pool_slots: 3 }); const small = trace("small", { pool: "db" });`,
      `small.expand(${SIX}); big.expand({ x: [1, 2] });`,
      { "fanout.config.json": `{ "pools": { "db": 3 } }` },
    ).run();
    expect(traced.most("big")).toBe(1);
    const lines = traced.lines;
    for (const [index, line] of lines.entries()) {
      if (line.startsWith("+big")) expect(lines[index + 1]?.startsWith("-big")).toBe(true);
    }
  });

  it("max_active_tis_per_dag and pools hold for all runs that share one process", async () => {
    const traced = new Traced(
      `const a = trace("a", { max_active_tis_per_dag: 1 }); const b = trace("b", { pool: "db" }, 2);`,
      `a.expand(${SIX}); b.expand(${SIX});`,
      { "fanout.config.json": `{ "pools": { "db": 2 } }` },
    );
    const limits = new Limits();
    const dates = ["2026-01-01", "2026-01-02"].map((text) => new Date(text));
    const runs = await Promise.all(
      dates.map((logical_date) => start(traced.project, { limits, logical_date, parallelism: 3 })),
    );
    const results = await Promise.all(runs.map(({ done }) => done));
    expect(results.map(({ state }) => state)).toEqual(["success", "success"]);
    expect([traced.most("a"), traced.most("b")]).toEqual([1, 2]);
    expect(traced.begun).toHaveLength(24);
  });

  it.each([
    ["an unknown pool", `trace("a", { pool: "gpu" }).expand(${SIX});`, "unknown-pool"],
    ["more slots than the pool has", `trace("a", { pool: "db", pool_slots: 3 }).expand(${SIX});`, "invalid-option"],
  ])("%s is refused before the run begins, with the place of the task", async (_, body, code) => {
    const { project } = new Traced("", body, { "fanout.config.json": `{ "pools": { "db": 2 } }` });
    const file = project.path("dag.ts");
    const refused = await refusalOf(startRun({ file }));
    expect(refused).toMatchObject({ code, exitCode: 2, at: { file, line: 14 } });
  });

  it.each([
    [`{ "pools": { "db": 0 } }`, 1, 1],
    [`{ "pools": [1] }`, 1, 1],
    [`{ "maxMapLength": "many" }`, 1, 1],
    [`{\n  "pools": }`, 2, 12],
  ])("the configuration %j is refused with its place", async (config, line, column) => {
    const { project } = new Traced("", `trace("a").expand(${SIX});`, { "fanout.config.json": config });
    const refused = await refusalOf(startRun({ file: project.path("dag.ts") }));
    const at = { file: project.path("fanout.config.json"), line, column };
    expect(refused).toMatchObject({ code: "invalid-option", exitCode: 2, at });
  });
});

describe("§2.5 priority", () => {
  const weighted = (options: string): string => `const a = trace("a", { priority_weight: 1, ${options} });
    const b = trace("b", { priority_weight: 5, ${options} }); const c = trace("c", { priority_weight: 3, ${options} });`;

  it("is that of the heavier task, then the order of the plan, then the index", async () => {
    const traced = await new Traced(
      weighted(`weight_rule: "absolute"`),
      `a.expand({ x: [1, 2] }); b.expand({ x: [2, 1] }); c.expand({ x: [1] });`,
    ).run({ parallelism: 1 });
    expect(traced.lines.filter((line) => line.startsWith("+"))).toEqual(["+b:2", "+b:1", "+c:1", "+a:1", "+a:2"]);
  });

  it.each([
    // a → b → c, and d alone: a weighs 1+5+3, b 5+3, c 3, d 4.
    ["downstream", ["a", "b", "d", "c"]],
    // a weighs 1, b 1+5, c 1+5+3, d 4.
    ["upstream", ["d", "a", "b", "c"]],
  ])("adds up what stands %s", async (rule, order) => {
    const traced = await new Traced(
      `${weighted(`weight_rule: "${rule}"`)} const d = trace("d", { priority_weight: 4, weight_rule: "${rule}" });`,
      `chain(a({ x: 1 }), b({ x: 1 }), c({ x: 1 })); d({ x: 1 });`,
    ).run({ parallelism: 1 });
    expect(traced.begun).toEqual(order);
  });
});

describe("max_map_length", () => {
  const tooLong = (config: string): Project =>
    new Project({
      "fanout.config.json": config,
      "dag.ts": dagSource(
        `const list = task({ task_id: "list" }, () => [1, 2, 3]); const work = task({ task_id: "work" }, (_: { x: number }) => 1);`,
        `work.expand({ x: list() });`,
      ),
    });

  it("may stand in the configuration", async () => {
    const run = await runToEnd(tooLong(`{ "maxMapLength": 2 }`));
    expect(run.instance("list").error?.code).toBe("xcom-too-long");
    expect((await runToEnd(tooLong(`{ "maxMapLength": 3 }`))).result.state).toBe("success");
  });
});
