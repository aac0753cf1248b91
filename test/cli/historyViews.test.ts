import picocolors from "picocolors";
import { expect, test } from "vitest";
import type { RecordedRun, RunRecord } from "#core/model/run.js";
import { instanceLines, runLines, runsLines } from "../../runtime/src/cli/views/historyText.js";
import { cwd, file, instances, source } from "./support/events.js";

const colors = picocolors.createColors(false);
const view = { cwd, colors, readSource: (path: string) => (path === file ? source : undefined) };
const failed = instances.get("add")?.[1]?.details;
if (failed === undefined) throw new Error("add has three instances");

const times = { start: "2022-04-02T00:00:00.000Z", end: "2022-04-02T00:00:01.700Z" };
const summary: Omit<RunRecord, "state"> = {
  ...{ run_id: failed.run_id, dag_id: "adder", logical_date: "2022-04-02T00:00:00.000Z", ...times },
  ...{ run_type: "backfill", data_interval_start: "2022-04-02T00:00:00.000Z" },
  ...{ data_interval_end: "2022-04-03T00:00:00.000Z", stopped: null, resumable: false },
};
const details: RecordedRun = {
  ...summary,
  state: "failed",
  file,
  error: null,
  code_versions: [],
  tasks: [
    { task_id: "numbers", mapped: false, state: "success", count: 1, counts: { success: 1 }, instances: [] },
    {
      ...{ task_id: "add", mapped: true, state: "failed", count: 3 },
      counts: { success: 2, failed: 1 },
      instances: (instances.get("add") ?? []).map((instance) => instance.details),
    },
    { task_id: "later", mapped: true, state: "none", count: null, counts: { none: 1 }, instances: [] },
  ],
};

async function expectText(lines: readonly string[], name: string): Promise<void> {
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`./golden/${name}.txt`);
}

test("runs, one of which is still going on, and one of which was lost", async () => {
  const running = { ...summary, run_id: "manual__2022-04-03", state: "running", end: null } as const;
  const lost = { ...summary, run_id: "manual__2022-04-01", state: "failed", end: null, stopped: "lost" } as const;
  await expectText(runsLines([running, { ...summary, state: "failed" }, lost], 120, colors), "runs");
});

test("a run with the reason of its failure", async () => {
  await expectText(runLines(details, [failed], view), "show-run");
});

test("an instance with inputs, result and error", async () => {
  await expectText(instanceLines({ ...failed, name: "two", xcom: { kept: [1] } }, view), "show-instance");
});

test("a run that was cancelled and went on with other code", async () => {
  const code_versions = [
    { hash: "a".repeat(64), at: times.start },
    { hash: "b".repeat(64), at: times.end },
  ];
  const advice = "'fanout resume some' goes on with what has not ended.";
  const error = { code: "cancelled", message: "The run was cancelled.", advice } as const;
  const lines = runLines({ ...details, stopped: "cancelled", code_versions, error }, [failed], view);
  await expectText(lines, "show-cancelled");
});

test("an instance that has had several tries, with other code between them", async () => {
  const one = { ...times, duration_ms: 58, error: failed.error };
  const tries = [
    { ...one, try_number: 1, state: "failed", code_hash: "a".repeat(64) },
    { ...one, try_number: 2, state: "success", code_hash: "b".repeat(64), error: null },
  ] as const;
  await expectText(
    instanceLines({ ...failed, try_number: 2, state: "success", error: null, tries }, view),
    "show-tries",
  );
});
