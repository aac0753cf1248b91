import { describe, expect, it } from "vitest";
import type { Mark, PlannedTask, RunAction } from "#core/model/runAction.js";
import type { Deed } from "../../client/src/runs/actionText.js";
import { clearChoices, countOf, doneText, onlyQuestion, planQuestion } from "../../client/src/runs/actionText.js";
import { dagModel } from "./support/runs.js";

const plan: readonly PlannedTask[] = [
  { task_id: "train", counts: { failed: 1 }, first: [{ map_index: 2, state: "failed" }] },
  { task_id: "score", counts: { upstream_failed: 1 }, first: [{ map_index: -1, state: "upstream_failed" }] },
  {
    task_id: "many",
    counts: { success: 99_998, failed: 2 },
    first: [
      { map_index: 0, state: "success" },
      { map_index: 1, state: "failed" },
    ],
  },
];
const clear: RunAction = { name: "clear", selection: {} };
const clearing: Deed = { verb: "Clear", action: clear };
const marking = (state: Mark): Deed => ({ verb: "Mark", action: { name: "mark", state, selection: {} } });
const nameless = () => null;

describe("what is asked before a run is changed", () => {
  it("names one instance, and counts many by their states", () => {
    expect(countOf(plan)).toBe(100_002);
    const { text, detail } = planQuestion("ml", clearing, plan, nameless);
    expect(text).toContain("100002");
    const [train, score, many] = detail.split("\n");
    expect([train, score, many]).toEqual([
      "train [2]: failed",
      "score: upstream failed",
      "many: 2 failed · 99998 success",
    ]);
  });

  it("tells what instances are marked as", () => {
    expect(planQuestion("ml", marking("failed"), plan.slice(0, 1), nameless).text).toContain("failed");
  });

  it("asks by the name of what was chosen", () => {
    const { text, yes } = planQuestion("ml", { verb: "Retry", action: clear }, plan, nameless);
    expect([text.startsWith("Retry "), yes]).toEqual([true, "Retry"]);
  });

  it("calls an instance by its name", () => {
    const nameOf = (task_id: string, map_index: number) => (task_id === "train" && map_index === 2 ? "svm" : null);
    expect(planQuestion("ml", clearing, plan, nameOf).detail).toMatch(/^train \[2\] svm: failed$/m);
  });

  it("says what a mark leaves", () => {
    const notes = (["success", "failed"] as const).map(
      (state) => planQuestion("ml", marking(state), plan, nameless).detail.split("\n").at(-1) ?? "",
    );
    expect(notes[0]).not.toBe(notes[1]);
  });

  it("is told once it is marked, and where it is cleared by the end of the run", () => {
    const mark: RunAction = { name: "mark", state: "failed", selection: { task_id: "train" } };
    expect(doneText("ml", mark, plan.slice(0, 1))).toMatch(/1 .*'ml'.*failed/);
    expect(doneText("ml", clear, plan)).toBeNull();
  });

  it("stays short for a run of many tasks", () => {
    const tasks = Array.from({ length: 500 }, (_, index): PlannedTask => ({
      task_id: `task_${index}`,
      counts: { success: 1 },
      first: [{ map_index: -1, state: "success" }],
    }));
    const { detail } = planQuestion("ml", clearing, tasks, nameless);
    expect(detail).toContain("task_0: success");
    expect(detail).toContain("485");
    expect(detail.split("\n").length).toBeLessThan(25);
  });

  it("offers for a run nothing behind it, for a task also that", () => {
    expect(clearChoices({}).some(({ more }) => more.downstream === true)).toBe(false);
    expect(clearChoices({ task_id: "train" }).filter(({ more }) => more.downstream === true)).toHaveLength(2);
  });
});

describe("what is asked before only a part is run", () => {
  const model = {
    ...dagModel("ml", ["list", "train[]", "score", "other"]),
    edges: [
      { from: "list", to: "train" },
      { from: "train", to: "score" },
    ],
  };

  it("names the tasks before it, and no others", () => {
    const lines = onlyQuestion(model, "ml", { task_id: "score" }).detail.split("\n");
    expect(lines.slice(1)).toEqual(["list", "train [ ]"]);
    expect(onlyQuestion(model, "ml", { task_id: "train", map_index: 2 }).text).toContain("train [2]");
  });

  it("says nothing about tasks that it does not know", () => {
    expect(onlyQuestion(null, "ml", { task_id: "score" }).detail).not.toContain("list");
    expect(onlyQuestion(model, "ml", { task_id: "list" }).detail).not.toContain("train");
  });
});
