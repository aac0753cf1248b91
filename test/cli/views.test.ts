import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { liveLines } from "../../runtime/src/cli/views/liveView.js";
import { plainLines } from "../../runtime/src/cli/views/plainLines.js";
import { reportLines } from "../../runtime/src/cli/views/runReport.js";
import { RunTracker } from "../../runtime/src/cli/views/runTracker.js";
import { checkLines } from "../../runtime/src/cli/views/checkText.js";
import { widthOf } from "../../runtime/src/cli/views/text.js";
import { cwd, endedAt, events, file, instances, source } from "./support/events.js";

const colors = picocolors.createColors(false);
const view = { cwd, colors, readSource: (path: string) => (path === file ? source : undefined) };

function tracked(until = events.length): RunTracker {
  const tracker = new RunTracker();
  for (const event of events.slice(0, until)) tracker.apply(event);
  return tracker;
}

function runOf(tracker: RunTracker) {
  if (tracker.run === undefined) throw new Error("the run has not started");
  return tracker.run;
}

describe("a run as lines that only grow", () => {
  test("lets no control character of an error through", () => {
    const tracker = tracked();
    const text = events.flatMap((event) => plainLines(event, tracker, new Set(), { colors, cwd })).join("");
    expect(text).not.toMatch(/[\u0000-\u001f]/);
  });

  test("says what expanded, what failed and what finished, each once", async () => {
    const tracker = new RunTracker();
    const announced = new Set<string>();
    const lines = events.flatMap((event) => {
      tracker.apply(event);
      return plainLines(event, tracker, announced, { colors, cwd });
    });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./golden/plain.txt");
  });
});

describe("what a run is followed by", () => {
  test("keeps when a task ended, though it is told of once more when the run ends", () => {
    const tracker = tracked();
    const [task] = runOf(tracker).tasks.filter((each) => each.finished);
    if (task === undefined) throw new Error("no task has finished");
    const { task_id, counts, state, end } = task;
    const again = { seq: 99, run_id: runOf(tracker).run_id, at: endedAt + 5000, type: "task_changed" } as const;
    tracker.apply({ ...again, task_id, counts, state });
    expect(tracker.task(task_id)?.end).toBe(end);
  });
});

describe("what a run that goes on is followed by", () => {
  test("knows when that ran which does not run again", () => {
    const at = new Date(endedAt - 3_600_000);
    const end = new Date(at.getTime() + 100).toISOString();
    const kept = { map_index: -1, name: null, state: "success", try_number: 1, start: at.toISOString(), end } as const;
    const record = {
      task_id: "numbers",
      mapped: false,
      state: "success",
      count: null,
      counts: { success: 1 },
    } as const;
    const tracker = new RunTracker({ tasks: [{ ...record, instances: [{ ...kept, duration_ms: 100 }] }] });
    const [started] = events;
    if (started === undefined) throw new Error("there are no events");
    const told = { run_id: started.run_id, at: endedAt, task_id: "numbers" };
    const change = { map_index: -1, state: "success", try_number: 1, duration_ms: 100 } as const;
    tracker.apply(started);
    tracker.apply({ ...told, seq: 2, type: "instances_changed", changes: [change] });
    tracker.apply({ ...told, seq: 3, type: "task_changed", counts: { success: 1 }, state: "success" });
    expect(tracker.task("numbers")).toMatchObject({ start: at.getTime(), end: at.getTime() + 100 });
  });
});

describe("a run in place", () => {
  const size = { colors, width: 100, height: 24, now: endedAt };

  test.each([3, 9, 11, events.length])("after %i events", async (count) => {
    const lines = liveLines(runOf(tracked(count)), size);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`./golden/live-${count}.txt`);
  });

  test("no line is wider than the terminal, whatever it shows", () => {
    for (const width of [10, 20, 40, 80]) {
      const lines = liveLines(runOf(tracked(11)), { ...size, width, notice: "Cancelling: please wait for it." });
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }
  });

  test("there are never more lines than the terminal has, and what is under way stays", () => {
    const many = runOf(tracked(3));
    const [running] = many.tasks;
    const waiting = many.tasks[2];
    if (running === undefined || waiting === undefined) throw new Error("the model has three tasks");
    const tasks = Array.from({ length: 200 }, (_, index) => ({
      ...(index === 150 ? running : waiting),
      task_id: `task_${index}`,
    }));
    const lines = liveLines({ ...many, tasks }, { ...size, height: 12 });
    expect(lines.length).toBeLessThan(12);
    expect(lines.some((line) => line.includes("task_150"))).toBe(true);
  });
});

describe("the report after a run", () => {
  const report = { run: runOf(tracked()), instances, showLogs: false, command: "fanout" };

  test("has every instance, the failure with its place, and the next commands", async () => {
    const lines = reportLines(report, { ...view, width: 110 });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./golden/report.txt");
  });

  test("tells why the run ended early, also where an instance has failed", () => {
    const error = { code: "dagrun-timeout", message: "The run took too long." } as const;
    const text = (run: typeof report.run): string =>
      reportLines({ ...report, run }, { ...view, width: 110 }).join("\n");
    expect(text({ ...report.run, error })).toContain("dagrun-timeout");
    expect(text({ ...report.run, error: { ...error, code: "cancelled" } })).not.toContain("error cancelled");
  });

  test("with logs has every line of every instance", async () => {
    const lines = reportLines({ ...report, showLogs: true }, { ...view, width: 110 });
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./golden/report-logs.txt");
  });

  test("names what it leaves out of a large task", () => {
    const [, add] = report.run.tasks;
    if (add === undefined) throw new Error("the model has three tasks");
    const lines = reportLines(
      { ...report, run: { ...report.run, tasks: [{ ...add, count: 500 }] } },
      { ...view, width: 110 },
    );
    expect(lines.some((line) => line.includes("497 more"))).toBe(true);
  });

  test("lets no control character of a user's value or log through, except colours in logs", () => {
    const text = reportLines({ ...report, showLogs: true }, { ...view, width: 110 }).join("");
    expect(text.replace(/\u001b\[[\d;]*m/g, "")).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });
});

describe("the check's text", () => {
  test("shows every problem in its line", async () => {
    const span = { file, line: 4, column: 16, endLine: 4, endColumn: 21 };
    const problems = [
      { ...span, code: "not-mappable", severity: "error", message: "First sentence.\nSecond sentence." },
      {
        ...span,
        line: 1,
        endLine: 1,
        file: "/elsewhere/gone.dag.ts",
        code: "cycle",
        severity: "warning",
        message: "Gone.",
      },
    ] as const;
    const files = [file, "/elsewhere/gone.dag.ts"];
    const lines = checkLines({ problems, fixable: 1, fixed: [], dags: [], files, rules: [] }, view, 0);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("./golden/check.txt");
  });
});
