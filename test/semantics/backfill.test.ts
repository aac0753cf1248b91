import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunEvent } from "#core/model/runEvent.js";
import { startBackfill } from "../../runtime/src/engine/backfill.js";
import { backfill, dailyDag, outcomes, planOf } from "../runtime/support/backfill.js";
import { Project, refusalOf, runToEnd } from "../runtime/support/project.js";

const day = `const day = task({ task_id: "day" }, (_: object, { ds, run_id }) => [ds, run_id]);`;

function projectWith(args = "", definitions = day, body = "day();"): Project {
  return new Project({ "dag.ts": dailyDag(definitions, body, args) });
}

/** The first day of each interval, those that are kept in brackets. */
async function planned(project: Project, args: Parameters<typeof planOf>[1]): Promise<string[]> {
  const { runs } = await planOf(project, args);
  return runs.map(({ interval, isWanted }) => {
    const date = new Date(interval.start).toISOString().slice(0, 10);
    return isWanted ? date : `[${date}]`;
  });
}

const START = `start_date: new Date("2024-01-02")`;

describe("which intervals a backfill has", () => {
  it.each([
    [
      "both ends belong to it",
      "",
      { from: "2024-01-01", to: "2024-01-03" },
      ["2024-01-01", "2024-01-02", "2024-01-03"],
    ],
    ["a begun day does not", "", { from: "2024-01-01T00:01Z", to: "2024-01-02" }, ["2024-01-02"]],
    ["only what is complete", "", { from: "2024-12-29", now: "2024-12-31T23:59Z" }, ["2024-12-29", "2024-12-30"]],
    ["what ends right now is complete", "", { from: "2024-12-30", now: "2024-12-31T00:00Z" }, ["2024-12-30"]],
    ["not before start_date", START, { from: "2023-12-01", to: "2024-01-03" }, ["2024-01-02", "2024-01-03"]],
    ["from start_date on", START, { to: "2024-01-03" }, ["2024-01-02", "2024-01-03"]],
    [
      "not after end_date",
      `end_date: new Date("2024-01-02")`,
      { from: "2024-01-01", to: "2024-01-05" },
      ["2024-01-01", "2024-01-02"],
    ],
    [
      "catchup: all since start_date",
      `${START}, catchup: true`,
      { now: "2024-01-05T12:00Z" },
      ["2024-01-02", "2024-01-03", "2024-01-04"],
    ],
    ["no catchup: the last complete one", START, { now: "2024-01-05T12:00Z" }, ["2024-01-04"]],
    ["no catchup and no start_date", "", { now: "2024-01-05T12:00Z" }, ["2024-01-04"]],
    ["no catchup, begun today", START, { now: "2024-01-02T12:00Z" }, []],
    ["backwards", "", { from: "2024-01-01", to: "2024-01-02", run_backwards: true }, ["2024-01-02", "2024-01-01"]],
  ])("%s", async (_name, dagArgs, args, expected) => {
    expect(await planned(projectWith(dagArgs), args)).toEqual(expected);
  });

  it("those of the DAG's time zone", async () => {
    const { runs } = await planOf(projectWith(`timezone: "Europe/Berlin"`), { from: "2024-03-30", to: "2024-04-01" });
    expect(runs.map(({ interval }) => new Date(interval.start).toISOString())).toEqual([
      "2024-03-30T23:00:00.000Z",
      "2024-03-31T22:00:00.000Z",
    ]);
  });

  it.each([
    ["invalid-schedule", "", "schedule: null", { from: "2024-01-01" }],
    ["invalid-schedule", "", `schedule: "@once"`, { from: "2024-01-01" }],
    ["invalid-schedule", "", `schedule: "99 * * * *"`, { from: "2024-01-01" }],
    ["invalid-option", "", `schedule: "@daily", catchup: true`, {}],
    ["invalid-option", "", `schedule: "@daily"`, { to: "2024-01-01" }],
    ["invalid-option", "", `schedule: "@daily"`, { from: "2024-01-02", to: "2024-01-01" }],
    ["invalid-option", "", `schedule: "@daily"`, { from: "2025-01-02" }],
    ["invalid-option", "depends_on_past: true", `schedule: "@daily"`, { from: "2024-01-01", run_backwards: true }],
  ])("is refused with %s: %s %s %j", async (code, taskArgs, dagArgs, args) => {
    const project = new Project({
      "dag.ts": `import { dag, task } from "fanout";
const day = task({ task_id: "day", ${taskArgs} }, () => 1);
export default dag({ dag_id: "d", ${dagArgs} }, () => {
  day();
});
`,
    });
    const error = await refusalOf(planOf(project, args));
    expect(error.code).toBe(code);
    expect(project.history().runs()).toEqual([]);
  });
});

describe("the runs of a backfill", () => {
  it("are one for each interval, in order, with the interval's dates", async () => {
    const project = projectWith("max_active_runs: 1");
    const result = await backfill(project, { from: "2024-01-01", to: "2024-01-03" });
    expect(outcomes(result)).toEqual(["2024-01-01 success", "2024-01-02 success", "2024-01-03 success"]);
    const history = project.history();
    const runs = history.runs().toReversed();
    expect(runs).toMatchObject(
      ["01", "02", "03"].map((date, index) => ({
        run_id: `backfill__2024-01-${date}T00-00-00.000Z`,
        run_type: "backfill",
        logical_date: `2024-01-${date}T00:00:00.000Z`,
        data_interval_end: `2024-01-0${String(index + 2)}T00:00:00.000Z`,
      })),
    );
    expect(runs.map(({ run_id }) => history.xcom(run_id, "day"))).toEqual(
      runs.map(({ run_id, logical_date }) => [logical_date.slice(0, 10), run_id]),
    );
    // One begins when the one before it has ended.
    for (const [index, run] of runs.slice(1).entries()) expect(run.start >= (runs[index]?.end ?? "")).toBe(true);
  });

  it("leave alone what has a run, and do again what they are told to", async () => {
    const failing = `const day = task({ task_id: "day" }, (_: object, { ds }) => {
  if (ds === "2024-01-02" && !existsSync(process.env.FANOUT_TEST_MENDED ?? "")) throw new Error("no");
});`;
    const project = projectWith("", failing);
    const span = { from: "2024-01-01", to: "2024-01-02" };
    expect(outcomes(await backfill(project, span))).toEqual(["2024-01-01 success", "2024-01-02 failed"]);
    const wider = { from: "2024-01-01", to: "2024-01-03" };
    expect(await planned(project, wider)).toEqual(["[2024-01-01]", "[2024-01-02]", "2024-01-03"]);
    expect(await planned(project, { ...wider, reprocess_behavior: "failed" })).toEqual([
      "[2024-01-01]",
      "2024-01-02",
      "2024-01-03",
    ]);
    expect(await planned(project, { ...wider, reprocess_behavior: "completed" })).toEqual([
      "2024-01-01",
      "2024-01-02",
      "2024-01-03",
    ]);
    const again = await backfill(project, { ...span, reprocess_behavior: "failed" });
    expect(again.runs.map(({ run_id }) => run_id)).toEqual(["backfill__2024-01-02T00-00-00.000Z__1"]);
    // The newest run of a date is the one that counts.
    expect(await planned(project, { ...span, reprocess_behavior: "failed" })).toEqual(["[2024-01-01]", "2024-01-02"]);
  });

  it("count a run by hand for the same date as the interval's", async () => {
    const project = projectWith();
    await runToEnd(project, { logical_date: new Date("2024-01-02T00:00Z") });
    expect(await planned(project, { from: "2024-01-01", to: "2024-01-02" })).toEqual(["2024-01-01", "[2024-01-02]"]);
  });

  it("go on when one of them fails", async () => {
    const failing = `const day = task({ task_id: "day" }, (_: object, { ds }) => {
  if (ds === "2024-01-02") throw new Error("no");
});`;
    const project = projectWith("max_active_runs: 1", failing);
    const result = await backfill(project, { from: "2024-01-01", to: "2024-01-03" });
    expect(outcomes(result)).toEqual(["2024-01-01 success", "2024-01-02 failed", "2024-01-03 success"]);
  });

  it("go on when one of them cannot be started", async () => {
    const project = projectWith("max_active_runs: 1");
    const plan = await planOf(project, { from: "2024-01-01", to: "2024-01-02" });
    const { "dag.ts": good } = { "dag.ts": dailyDag(day, "day();") };
    project.write({ "dag.ts": "export default 1" });
    const ended: string[] = [];
    const result = await startBackfill(plan, {
      onEnd: ({ error }) => {
        ended.push(error?.code ?? "");
        project.write({ "dag.ts": good });
      },
    }).done;
    expect(result.runs.map(({ run_id, state }) => [run_id === null, state])).toEqual([
      [true, "failed"],
      [false, "success"],
    ]);
    expect(ended).toEqual(["no-dag", ""]);
  });

  it.each([1, 2, 4])("are at most %i at once", async (max_active_runs) => {
    const slow = `const day = task({ task_id: "day" }, () => new Promise((done) => setTimeout(done, 300)));`;
    const project = projectWith("max_active_runs: 3", slow);
    const active = new Set<string>();
    let most = 0;
    const onEvent = ({ type, run_id }: RunEvent): void => {
      if (type === "run_started") active.add(run_id);
      if (type === "run_finished") active.delete(run_id);
      most = Math.max(most, active.size);
    };
    await backfill(project, { from: "2024-01-01", to: "2024-01-05" }, { max_active_runs, onEvent });
    expect(most).toBeLessThanOrEqual(max_active_runs);
    expect(project.history().runs()).toHaveLength(5);
  });

  it("are under way together", async () => {
    // Neither ends before the other has begun.
    const meeting = `import { appendFileSync, readFileSync } from "node:fs";
const day = task({ task_id: "day" }, async () => {
  appendFileSync("NOTES", "x");
  while (readFileSync("NOTES", "utf8").length < 2) await new Promise((done) => setTimeout(done, 20));
});`;
    const project = projectWith("", meeting);
    project.write({ "dag.ts": dailyDag(meeting.replaceAll("NOTES", project.path("notes.txt")), "day();") });
    const span = { from: "2024-01-01", to: "2024-01-02" };
    expect(outcomes(await backfill(project, span))).toEqual(["2024-01-01 success", "2024-01-02 success"]);
  });

  it("are given the params", async () => {
    const project = projectWith(
      "params: { a: 1 }",
      `const day = task({ task_id: "day" }, (_: object, { params }) => params);`,
    );
    const { runs } = await backfill(project, { from: "2024-01-01", to: "2024-01-01" }, { each: { params: { a: 2 } } });
    expect(project.history().xcom(runs[0]?.run_id ?? "", "day")).toEqual({ a: 2 });
  });

  it("know the last one that succeeded", async () => {
    const previous = `const day = task({ task_id: "day" }, (_: object, { ds, prev_data_interval_start_success: before }) => {
  if (ds === "2024-01-02") throw new Error("no");
  return before?.toISOString() ?? "none";
});`;
    const project = projectWith("max_active_runs: 1", previous);
    const { runs } = await backfill(project, { from: "2024-01-01", to: "2024-01-03" });
    const history = project.history();
    const seen = runs.map(({ run_id }) => history.xcom(run_id ?? "", "day"));
    expect(seen).toEqual(["none", null, "2024-01-01T00:00:00.000Z"]);
  });

  it("end when they are cancelled, and no others begin", async () => {
    const endless = `const day = task({ task_id: "day" }, () => new Promise(() => setInterval(() => undefined, 1000)));`;
    const project = projectWith("max_active_runs: 2", endless);
    const plan = await planOf(project, { from: "2024-01-01", to: "2024-01-05" });
    let begun = 0;
    const handle = startBackfill(plan, {
      onEvent: ({ type }) => {
        if (type === "run_started" && ++begun === 2) handle.cancel();
      },
    });
    const { runs, cancelled } = await handle.done;
    expect(cancelled).toBe(true);
    expect(runs.map(({ state, error }) => [state, error?.code])).toEqual([
      ["failed", "cancelled"],
      ["failed", "cancelled"],
    ]);
    expect(project.history().runs()).toHaveLength(2);
  });

  // Each instance notes when it begins and ends: how many lines of the one are ahead of the other is how many ran at once.
  const noting = (options: string): string => `import { appendFileSync } from "node:fs";
const note = (text: string) => appendFileSync("NOTES", text + "\\n");
const day = task({ task_id: "day", ${options} }, async ({ x }: { x: number }) => {
  note("begin");
  await new Promise((done) => setTimeout(done, 60));
  note("end");
  return x;
});`;

  it.each([
    ["the parallelism", "", 2, 2],
    ["max_active_tis_per_dag", "max_active_tis_per_dag: 1", 4, 1],
    ["a pool", `pool: "one"`, 4, 1],
    ["max_active_tis_per_dagrun, which is of each run", "max_active_tis_per_dagrun: 1", 4, 3],
  ])("share %s", async (_name, options, parallelism, most) => {
    const project = new Project({ "fanout.config.json": `{ "pools": { "one": 1 } }` });
    const notes = project.path("notes.txt");
    const source = noting(options).replace("NOTES", notes);
    project.write({ "dag.ts": dailyDag(source, "day.expand({ x: [1, 2, 3] });") });
    const result = await backfill(
      project,
      { from: "2024-01-01", to: "2024-01-03" },
      { max_active_runs: 3, each: { parallelism } },
    );
    expect(result.runs.map(({ state }) => state)).toEqual(["success", "success", "success"]);
    const lines = readFileSync(notes, "utf8").trim().split("\n");
    expect(lines).toHaveLength(18);
    const atOnce = lines.map((_, index) => {
      const before = lines.slice(0, index + 1);
      return 2 * before.filter((line) => line === "begin").length - before.length;
    });
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(most);
  });
});
