import picocolors from "picocolors";
import { expect, test } from "vitest";
import type { RecordedRun } from "#core/model/run.js";
import { instanceLines, runLines, runsLines } from "../../runtime/src/cli/views/historyText.js";
import { cwd, file, instances, source } from "./support/events.js";

const colors = picocolors.createColors(false);
const view = { cwd, colors, readSource: (path: string) => (path === file ? source : undefined) };
const failed = instances.get("add")?.[1]?.details;
if (failed === undefined) throw new Error("add has three instances");

const times = { start: "2022-04-02T00:00:00.000Z", end: "2022-04-02T00:00:01.700Z" };
const summary = { run_id: failed.run_id, dag_id: "adder", logical_date: "2022-04-02T00:00:00.000Z", ...times };
const details: RecordedRun = {
  ...summary,
  state: "failed",
  run_type: "backfill",
  data_interval_start: summary.logical_date,
  data_interval_end: "2022-04-03T00:00:00.000Z",
  file,
  error: null,
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

test("runs, one of which is still going on", async () => {
  const running = { ...summary, run_id: "manual__2022-04-03", state: "running", end: null } as const;
  await expectText(runsLines([running, { ...summary, state: "failed" }], 120, colors), "runs");
});

test("a run with the reason of its failure", async () => {
  await expectText(runLines(details, [failed], view), "show-run");
});

test("an instance with inputs, result and error", async () => {
  await expectText(instanceLines({ ...failed, name: "two", xcom: { kept: [1] } }, view), "show-instance");
});
