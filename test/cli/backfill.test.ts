import { writeFileSync } from "node:fs";
import path from "node:path";
import picocolors from "picocolors";
import { afterAll, describe, expect, test } from "vitest";
import { isRunEvent } from "#core/protocol/modelGuards.js";
import type { RunRecord } from "#core/model/run.js";
import type { PlannedRun } from "../../runtime/src/engine/backfillPlan.js";
import { nothingLines, planLines, progressLines, resultLines } from "../../runtime/src/cli/views/backfillText.js";
import { BackfillTracker, type ShownPlan } from "../../runtime/src/cli/views/backfillTracker.js";
import { cwd, endedAt, events, file, model, runId, source, start } from "./support/events.js";
import { runCli, startCli, tempProject } from "./support/cliProcess.js";

const daily = `import { dag, task } from "fanout";
const day = task({ task_id: "day" }, (_: object, { ds, params }) => {
  if (ds === "2024-01-02") throw new Error("no data");
  return [ds, params["country"]];
});
export default dag({ dag_id: "daily", schedule: "@daily", params: { country: "nl" } }, () => {
  day();
});
`;
const endless = `import { dag, task } from "fanout";
const day = task({ task_id: "day" }, () => new Promise(() => setInterval(() => undefined, 1000)));
export default dag({ dag_id: "endless", schedule: "@daily" }, () => {
  day();
});
`;
const unscheduled = daily.replace(`schedule: "@daily", `, "");

const project = tempProject({ "daily.dag.ts": daily, "endless.dag.ts": endless, "unscheduled.dag.ts": unscheduled });
const { dir } = project;
afterAll(project.remove);

const span = (from: string, to: string): string[] => ["--from", `2024-01-${from}`, "--to", `2024-01-${to}`];

async function runsOf(dag_id: string): Promise<RunRecord[]> {
  const { stdout } = await runCli(["runs", "--dag-id", dag_id, "--format", "json"], dir);
  return JSON.parse(stdout) as RunRecord[];
}

describe("fanout backfill", () => {
  test("shows every run, why one failed and what to do next, and ends with 1", async () => {
    const args = ["backfill", "daily.dag.ts", ...span("01", "03"), "--params", `{ "country": "de" }`];
    const { code, stdout, stderr } = await runCli(args, dir);
    expect([code, stderr]).toEqual([1, ""]);
    for (const row of [/01-01 00:00\s+✓ success/, /01-02 00:00\s+✗ failed.*day: no data/, /01-03 00:00\s+✓ success/]) {
      expect(stdout).toMatch(row);
    }
    expect(stdout).toContain("at daily.dag.ts:3");
    expect(stdout).toContain("fanout show backfill__2024-01-02T00-00-00.000Z");
    const runs = await runsOf("daily");
    expect(runs.map(({ run_type, state }) => [run_type, state])).toEqual([
      ["backfill", "success"],
      ["backfill", "failed"],
      ["backfill", "success"],
    ]);
    const { stdout: xcom } = await runCli(["xcom", "latest", "day", "--format", "json"], dir);
    expect(JSON.parse(xcom)).toEqual(["2024-01-03", "de"]);
  });

  test("has nothing to do the second time, and ends with 0", async () => {
    const { code, stdout } = await runCli(["backfill", "daily.dag.ts", ...span("01", "03")], dir);
    expect(code).toBe(0);
    expect(stdout).toContain("--reprocess-behavior failed");
    expect(await runsOf("daily")).toHaveLength(3);
  });

  test("says what it would do again, and does not", async () => {
    const args = ["backfill", "daily.dag.ts", ...span("01", "04"), "--reprocess-behavior", "failed", "--dry-run"];
    const { code, stdout } = await runCli([...args, "--format", "ndjson"], dir);
    expect(code).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { runs: boolean }).runs)).toEqual([false, true, false, true]);
    expect((await runCli(args, dir)).stdout).toMatch(/2024-01-02 00:00.*run.*backfill__2024-01-02\S* \(failed\)/);
    expect(await runsOf("daily")).toHaveLength(3);
  });

  test("prints the events of all runs for programs", async () => {
    const args = ["backfill", "daily.dag.ts", ...span("05", "06"), "--format", "ndjson"];
    const { code, stdout } = await runCli(args, dir);
    expect(code).toBe(0);
    const all: unknown[] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
    const finished = all.filter((event) => isRunEvent(event) && event.type === "run_finished");
    expect(all.every(isRunEvent)).toBe(true);
    expect(finished).toMatchObject(
      ["05", "06"].map((date) => ({ run_id: `backfill__2024-01-${date}T00-00-00.000Z`, state: "success" })),
    );
  });

  test("is refused for a DAG without intervals, with its place and what to do", async () => {
    const { code, stdout, stderr } = await runCli(["backfill", "unscheduled.dag.ts", ...span("01", "02")], dir);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("invalid-schedule");
    expect(stderr).toContain("unscheduled.dag.ts:6");
    expect(stderr).toContain("--logical-date");
  });

  test.each([
    ["--from", "yesterday"],
    ["--max-active-runs", "0"],
    ["--reprocess-behavior", "all"],
  ])("does not take '%s %s'", async (flag, value) => {
    const { code, stderr } = await runCli(["backfill", "daily.dag.ts", flag, value], dir);
    expect(code).toBe(2);
    expect(stderr).toContain(flag);
  });

  test("cancels the runs that are under way at the first Ctrl-C, and begins no others", async () => {
    const args = ["backfill", "endless.dag.ts", ...span("01", "05"), "--max-active-runs", "2"];
    const started = startCli(args, dir);
    const { child, stdout, ended } = started;
    while (stdout().split("▸").length < 3) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGINT");
    const { code, stdout: text } = await ended;
    expect(code).toBe(1);
    expect(text).toMatch(/cancelled\s+2 runs: 0 success, 2 failed, 3 not started/);
    expect((await runsOf("endless")).map(({ state }) => state)).toEqual(["failed", "failed"]);
  });
});

test.skipIf(process.platform === "win32")(
  "a backfill that was killed is not told to be done before it is",
  async () => {
    const { dir, remove } = tempProject({
      "daily.dag.ts": `import { existsSync } from "node:fs";
import { dag, task } from "fanout";
const one = task({ task_id: "one" }, async () => {
  while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 20));
});
export default dag({ dag_id: "daily", schedule: "@daily" }, () => { one(); });
`,
    });
    const args = ["backfill", "daily.dag.ts", ...span("01", "03")];
    const killed = startCli([...args, "--max-active-runs", "2"], dir);
    while (killed.stdout().split("▸").length < 3) await new Promise((done) => setTimeout(done, 20));
    killed.child.kill("SIGKILL");
    await killed.ended;
    writeFileSync(path.join(dir, "go"), "");
    const lostRuns = ["backfill__2024-01-01T00-00-00.000Z", "backfill__2024-01-02T00-00-00.000Z"];
    for (const format of ["text", "ndjson"]) {
      // The first time it runs what is left, then there is nothing left to run.
      const { code, stdout, stderr } = await runCli([...args, "--format", format], dir);
      expect([format, code]).toEqual([format, 1]);
      for (const run_id of lostRuns) expect(stdout + stderr).toContain(`resume ${run_id}`);
    }
    const plan = await runCli([...args, "--dry-run"], dir);
    expect(plan.stdout).toContain(`${lostRuns[0] ?? ""} (lost)`);
    expect(await runCli(["resume", lostRuns[0] ?? ""], dir)).toMatchObject({ code: 0 });
    expect(await runCli([...args, "--reprocess-behavior", "failed"], dir)).toMatchObject({ code: 0 });
    expect(await runCli(args, dir)).toMatchObject({ code: 0 });
    remove();
  },
);

describe("what is shown of a backfill", () => {
  const colors = picocolors.createColors(false);
  const DAY = 86_400_000;
  const interval = (day: number): PlannedRun["interval"] => ({
    start: Date.parse("2022-04-01") + day * DAY,
    end: Date.parse("2022-04-02") + day * DAY,
  });
  const existing: RunRecord = {
    ...{ run_id: "manual__2022-04-01", dag_id: "adder", state: "failed", run_type: "manual" },
    ...{
      logical_date: "",
      data_interval_start: "",
      data_interval_end: "",
      start: "",
      end: null,
      stopped: null,
      resumable: false,
    },
  };
  const kept: PlannedRun = { interval: interval(0), existing, isWanted: false };
  const wanted = (day: number): PlannedRun => ({ interval: interval(day), existing: null, isWanted: true });
  const [one, other] = [wanted(1), wanted(2)];
  const runs = [kept, one, other, wanted(3)];
  const plan: ShownPlan = { dag: { model }, runs };
  const output = { columns: () => 100, colors };

  function underWay(until: number): BackfillTracker {
    const tracker = new BackfillTracker(plan);
    tracker.begin(one, runId);
    for (const event of events.slice(0, until)) tracker.event(event);
    return tracker;
  }

  async function expectText(lines: readonly string[], name: string): Promise<void> {
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`./golden/${name}.txt`);
  }

  test("its plan", async () => {
    await expectText(planLines(plan, output), "backfill-plan");
    await expectText(nothingLines({ ...plan, runs: [kept] }, colors), "backfill-nothing");
  });

  test("its runs while they are under way", async () => {
    const size = { width: 80, height: 24, now: start + 1000 };
    const lines = progressLines(underWay(8), { colors, ...size, notice: "Cancelling." });
    await expectText(lines, "backfill-live");
    const narrow = progressLines(underWay(8), { colors, ...size, width: 20 });
    expect(narrow.every((line) => line.length <= 20)).toBe(true);
  });

  test("what became of them", async () => {
    const tracker = underWay(events.length);
    const lost = { code: "import-failed", message: "There is no 'x'." } as const;
    const ended = [
      { planned: one, run_id: runId, state: "failed", error: null },
      { planned: other, run_id: null, state: "failed", error: lost },
    ] as const;
    for (const each of ended) tracker.end(each);
    const view = {
      cwd,
      colors,
      readSource: (asked: string) => (asked === file ? source : undefined),
      width: 120,
      command: "fanout",
    };
    await expectText(resultLines({ runs: ended, cancelled: false }, tracker, view), "backfill-result");
    expect(tracker.run(runId)?.end).toBe(endedAt);
  });
});
