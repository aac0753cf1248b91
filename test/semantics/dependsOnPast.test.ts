import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { InstanceState } from "#core/model/run.js";
import type { Past } from "../../runtime/src/engine/past.js";
import { PastGate } from "../../runtime/src/engine/pastGate.js";
import type { Plan } from "../../runtime/src/engine/plan.js";
import { type BackfillArgs, backfill, dailyDag, outcomes } from "../runtime/support/backfill.js";
import { type FinishedRun, Project, runToEnd, states } from "../runtime/support/project.js";
import { dagPolicy, taskPolicy } from "../support/planTasks.js";

/** Days whose runs fail are named in a file of the project; the task says which of its instances do. */
const failOn = (task: string, options: string, bad: string): string => `
const ${task} = task({ task_id: "${task}", ${options} }, ({ x = 0 }: { x?: number }, { ds }) => {
  if (${bad}) throw new Error(ds);
  return x;
});`;

const day = (ds: string): Date => new Date(`${ds}T00:00Z`);

function runDay(project: Project, ds: string): Promise<FinishedRun> {
  return runToEnd(project, { logical_date: day(ds) });
}

function statesOf({ run }: FinishedRun): Record<string, string[]> {
  return Object.fromEntries(run.tasks.map((task) => [task.task_id, states(task)]));
}

describe("§2.9 depends_on_past", () => {
  const dag = dailyDag(failOn("a", "depends_on_past: true", `ds === "2024-01-02"`), `a({}); other();`);
  const withOther = (source: string): string =>
    source.replace("export default", `const other = task({ task_id: "other" }, () => 1);\nexport default`);

  it("runs in the first run, and where the same task of the run before succeeded", async () => {
    const project = new Project({ "dag.ts": withOther(dag) });
    expect((await runDay(project, "2023-12-31")).run.state).toBe("success");
    expect((await runDay(project, "2024-01-01")).run.state).toBe("success");
  });

  it("ends the run where it failed there, when everything else is done", async () => {
    const project = new Project({ "dag.ts": withOther(dag) });
    await runDay(project, "2024-01-02");
    const after = await runDay(project, "2024-01-03");
    expect(after.result).toMatchObject({ state: "failed", cancelled: false, error: { code: "depends-on-past" } });
    expect(after.result.error).toMatchObject({ at: { file: project.path("dag.ts") } });
    expect(after.result.error?.message).toContain("manual__2024-01-02T00-00-00.000Z");
    expect(statesOf(after)).toEqual({ a: ["none"], other: ["success"] });
    // The run of the day after looks at this one, in which the task did not run.
    expect((await runDay(project, "2024-01-04")).result.error?.code).toBe("depends-on-past");
    // Of several runs of a date the newest counts, and what is later does not.
    project.write({ "dag.ts": withOther(dag).replace("2024-01-02", "never") });
    await runDay(project, "2024-01-02");
    expect((await runDay(project, "2024-01-03")).run.state).toBe("success");
  });

  it("waits for what was skipped no more than for what succeeded", async () => {
    const skipping = dailyDag(
      `import { SkipException } from "fanout";
const a = task({ task_id: "a", depends_on_past: true }, (_: object, { ds }) => {
  if (ds === "2024-01-02") throw new SkipException("no");
});`,
      "a();",
    );
    const project = new Project({ "dag.ts": skipping });
    await runDay(project, "2024-01-02");
    expect((await runDay(project, "2024-01-03")).run.state).toBe("success");
  });

  it("compares equal map indexes", async () => {
    const mapped = dailyDag(
      failOn("a", "depends_on_past: true", `ds === "2024-01-02" && x === 1`),
      `a.expand({ x: [0, 1, 2] });`,
    );
    const project = new Project({ "dag.ts": mapped });
    expect(statesOf(await runDay(project, "2024-01-02"))).toEqual({ a: ["success", "failed", "success"] });
    const after = await runDay(project, "2024-01-03");
    expect(after.result.error?.code).toBe("depends-on-past");
    expect(after.result.error?.message).toContain("'a[1]'");
    expect(statesOf(after)).toEqual({ a: ["success", "none", "success"] });
  });

  it("has nothing to compare for an index that the run before did not have", async () => {
    const growing = dailyDag(
      `const numbers = task({ task_id: "numbers" }, (_: object, { ds }) => [1, 2, 3].slice(0, Number(ds.slice(-1))));
${failOn("a", "depends_on_past: true", "false")}`,
      `a.expand({ x: numbers() });`,
    );
    const project = new Project({ "dag.ts": growing });
    await runDay(project, "2024-01-01");
    expect(statesOf(await runDay(project, "2024-01-03"))["a"]).toEqual(["success", "success", "success"]);
  });

  it("looks at backfills only where the DAG catches up", async () => {
    const catching = dailyDag(
      failOn("a", "depends_on_past: true", `ds === "2024-01-02"`),
      "a({});",
      `catchup: true, start_date: new Date("2024-01-01")`,
    );
    const project = new Project({ "dag.ts": catching });
    await runDay(project, "2024-01-02");
    expect((await runDay(project, "2024-01-03")).run.state).toBe("success");
  });
});

describe("ignore_first_depends_on_past", () => {
  const before = dailyDag(failOn("a", "", "false"), "a({});");
  const added = (options: string): string =>
    dailyDag(
      `${failOn("a", "", "false")}\n${failOn("b", `depends_on_past: true, ${options}`, "false")}`,
      "a({}); b({});",
    );

  it("lets a task run that no earlier run had", async () => {
    const project = new Project({ "dag.ts": before });
    await runDay(project, "2024-01-01");
    project.write({ "dag.ts": added("") });
    expect((await runDay(project, "2024-01-02")).run.state).toBe("success");
  });

  it("does not where an earlier run had it, only not the last one", async () => {
    const project = new Project({ "dag.ts": added("") });
    await runDay(project, "2024-01-01");
    project.write({ "dag.ts": before });
    await runDay(project, "2024-01-02");
    project.write({ "dag.ts": added("") });
    expect((await runDay(project, "2024-01-03")).result.error?.code).toBe("depends-on-past");
  });

  it("keeps the task from running when it is false", async () => {
    const project = new Project({ "dag.ts": before });
    await runDay(project, "2024-01-01");
    project.write({ "dag.ts": added("ignore_first_depends_on_past: false") });
    expect((await runDay(project, "2024-01-02")).result.error?.code).toBe("depends-on-past");
  });
});

describe("§2.9 wait_for_downstream", () => {
  const source = (options: string): string =>
    dailyDag(
      `${failOn("a", options, "false")}
${failOn("b", "", `ds === "2024-01-02" && x >= 0`)}
${failOn("c", "", "false")}`,
      "chain(a({}), b({}), c({}));",
    );

  it("waits for the tasks that follow at once, and forces depends_on_past", async () => {
    const project = new Project({ "dag.ts": source("wait_for_downstream: true") });
    await runDay(project, "2024-01-02");
    const after = await runDay(project, "2024-01-03");
    expect(after.result.error?.code).toBe("depends-on-past");
    expect(statesOf(after)).toEqual({ a: ["none"], b: ["none"], c: ["none"] });
  });

  it("is more than depends_on_past asks for", async () => {
    const project = new Project({ "dag.ts": source("depends_on_past: true") });
    await runDay(project, "2024-01-02");
    expect((await runDay(project, "2024-01-03")).run.state).toBe("success");
  });
});

describe("wait_for_past_depends_before_skipping", () => {
  const source = (options: string, decide: string): string =>
    dailyDag(
      `${decide}
const late = task({ task_id: "late", depends_on_past: true, ${options} }, (_: object, { ds }) => {
  if (ds === "2024-01-02") throw new Error(ds);
});`,
      "chain(gate(), late());",
    );
  const branch = `const gate = task.short_circuit({ task_id: "gate" }, (_: object, { ds }) => ds === "2024-01-02");`;
  const skip = `import { SkipException } from "fanout";
const gate = task({ task_id: "gate" }, (_: object, { ds }) => {
  if (ds !== "2024-01-02") throw new SkipException("not today");
});`;

  it.each([
    ["a decision", branch],
    ["its trigger rule", skip],
  ])("keeps %s from skipping it before its past lets it run", async (_name, decide) => {
    const project = new Project({ "dag.ts": source("wait_for_past_depends_before_skipping: true", decide) });
    await runDay(project, "2024-01-02");
    const after = await runDay(project, "2024-01-03");
    expect(after.result.error?.code).toBe("depends-on-past");
    expect(statesOf(after)["late"]).toEqual(["none"]);
  });

  it.each([branch, skip])("and without it the past does not matter", async (decide) => {
    const project = new Project({ "dag.ts": source("", decide) });
    await runDay(project, "2024-01-02");
    expect(statesOf(await runDay(project, "2024-01-03"))["late"]).toEqual(["skipped"]);
  });

  it("skips where the past lets it run", async () => {
    const project = new Project({ "dag.ts": source("wait_for_past_depends_before_skipping: true", branch) });
    await runDay(project, "2024-01-03");
    const after = await runDay(project, "2024-01-04");
    expect([after.run.state, statesOf(after)["late"]]).toEqual(["success", ["skipped"]]);
  });
});

describe("§2.9 depends_on_past in a backfill", () => {
  const span: BackfillArgs = { from: "2024-01-01", to: "2024-01-04" };

  it("waits for the run before while both are under way", async () => {
    // Later days are quicker: without the past they would overtake.
    const slow = `const a = task({ task_id: "a", depends_on_past: true }, (_: object, { ds }) =>
  new Promise<number>((done) => setTimeout(() => done(Date.now()), 600 - 150 * Number(ds.slice(-1)))));`;
    const project = new Project({ "dag.ts": dailyDag(slow, "a();") });
    const result = await backfill(project, span, { max_active_runs: 4, each: { parallelism: 4 } });
    expect(result.runs.map(({ state }) => state)).toEqual(["success", "success", "success", "success"]);
    const history = project.history();
    const ends = result.runs.map(({ run_id }) => Number(history.xcom(run_id ?? "", "a")));
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  });

  it.each([1, 4])("ends those that come after a failure, %i at once", async (max_active_runs) => {
    const source = dailyDag(
      `${failOn("a", "depends_on_past: true", `ds === "2024-01-02"`)}\n${failOn("b", "", "false")}`,
      "a({}); b({});",
    );
    const project = new Project({ "dag.ts": source });
    const result = await backfill(project, span, { max_active_runs });
    expect(outcomes(result)).toEqual([
      "2024-01-01 success",
      "2024-01-02 failed",
      "2024-01-03 failed",
      "2024-01-04 failed",
    ]);
    expect(result.runs.map(({ error }) => error?.code)).toEqual([
      undefined,
      undefined,
      "depends-on-past",
      "depends-on-past",
    ]);
    const history = project.history();
    const b = result.runs.map(({ run_id }) => history.show(run_id ?? "").tasks[1]?.state);
    expect(b).toEqual(["success", "success", "success", "success"]);
  });

  it("does not look back in its first run", async () => {
    const source = dailyDag(failOn("a", "depends_on_past: true", `ds === "2023-12-31"`), "a({});");
    const project = new Project({ "dag.ts": source });
    await runDay(project, "2023-12-31");
    const result = await backfill(project, { from: "2024-01-01", to: "2024-01-02" });
    expect(outcomes(result)).toEqual(["2024-01-01 success", "2024-01-02 success"]);
  });

  it("looks at what the history has between its own runs", async () => {
    const source = dailyDag(failOn("a", "depends_on_past: true", `ds === "2024-01-02"`), "a({});");
    const project = new Project({ "dag.ts": source });
    await runDay(project, "2024-01-02");
    const result = await backfill(project, { from: "2024-01-01", to: "2024-01-03" });
    expect(outcomes(result)).toEqual(["2024-01-01 success", "2024-01-03 failed"]);
    expect(result.runs[1]?.error?.code).toBe("depends-on-past");
  });
});

const PAST_STATES = ["none", "running", "success", "failed", "skipped", "up_for_retry", "upstream_failed"] as const;

function planOf(options: Readonly<Record<string, unknown>>): Plan {
  const shape = { group: null, axes: null, fingerprint: "" };
  const tasks = [
    { ...taskPolicy(options), ...shape, task_id: "a", upstream: [], downstream: [1] },
    { ...taskPolicy(), ...shape, task_id: "b", upstream: [0], downstream: [] },
  ];
  return { dag_id: "d", policy: dagPolicy(), groups: [], tasks };
}

function pastOf(a: readonly InstanceState[], b: InstanceState, isOver: boolean): Past {
  const tasks: Readonly<Record<string, readonly InstanceState[]>> = { a, b: [b] };
  return {
    ...{ run_id: "before", isOver, hadBefore: () => false, onChange: () => () => undefined },
    task: (task_id) => {
      const found = tasks[task_id] ?? [];
      const count = found.length > 1 ? found.length : null;
      return { count, stateOf: (map_index) => found[Math.max(0, map_index)] ?? "none" };
    },
  };
}

describe("the gate", () => {
  const state = fc.constantFrom<InstanceState>(...PAST_STATES);

  it("lets through, keeps or gives up every instance by what its own past is", () => {
    fc.assert(
      fc.property(
        fc.array(state, { minLength: 2, maxLength: 6 }),
        state,
        fc.boolean(),
        fc.boolean(),
        (before, downstream, isOver, wait_for_downstream) => {
          const plan = planOf({ depends_on_past: true, wait_for_downstream });
          const gate = new PastGate(plan, pastOf(before, downstream, isOver));
          const isGood = (one: InstanceState): boolean => one === "success" || one === "skipped";
          const passes = before.map((one) => isGood(one) && (!wait_for_downstream || isGood(downstream)));
          const admitted = gate.admit({ task: 0, from: 0, count: before.length });
          const indexes = admitted.flatMap(({ from, count }) => Array.from({ length: count }, (_, at) => from + at));
          expect(indexes).toEqual(before.flatMap((_, index) => (passes[index] ? [index] : [])));
          expect(gate.isHolding).toBe(indexes.length < before.length);
          const isDead = (one: InstanceState): boolean => one === "failed" || one === "upstream_failed";
          const mayChange = (one: InstanceState): boolean => !isGood(one) && !isOver && !isDead(one);
          const waits = before.some((one, index) => {
            if (passes[index]) return false;
            return isGood(one) ? mayChange(downstream) : mayChange(one);
          });
          expect(gate.problem() === null).toBe(!gate.isHolding || waits);
        },
      ),
    );
  });

  it("is open for tasks that do not depend on the past, and without one", () => {
    const span = { task: 0, from: -1, count: 1 };
    expect(new PastGate(planOf({}), pastOf(["failed"], "failed", true)).admit(span)).toEqual([span]);
    expect(new PastGate(planOf({ depends_on_past: true }), null).admit(span)).toEqual([span]);
  });
});
