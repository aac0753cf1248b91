import { describe, expect, test } from "vitest";
import type { HostMessage } from "#core/protocol/parse.js";
import { EMPTY_STATE, markOf, reduce, screenOf, stateOf } from "../../webview/src/state.js";
import type { PageState } from "../../webview/src/state.js";
import { adder, mapped, model, overlay, run, runDelta, snapshot, task } from "./support/models.js";

function after(...messages: readonly HostMessage[]): PageState {
  return messages.reduce((state, message) => reduce(state, message).state, EMPTY_STATE);
}

const shown = (more: Parameters<typeof snapshot>[1] = {}): HostMessage => ({
  method: "snapshot",
  params: snapshot(adder(), more),
});
const running = shown({ run: run("running", [overlay("numbers", "running")]) });

function delta(revision: number, ...tasks: readonly ReturnType<typeof overlay>[]): HostMessage {
  return runDelta(revision, "running", tasks);
}

describe("deltas", () => {
  test("the next revision patches only the tasks that it names", () => {
    const step = reduce(after(running), delta(2, overlay("add", "running", { success: 1, running: 2 })));
    expect(step.touched).toEqual(["add"]);
    expect(step.post).toEqual([]);
    expect(stateOf(step.state, "add")).toBe("running");
    expect(stateOf(step.state, "numbers")).toBe("running");
    expect(stateOf(step.state, "total")).toBe("none");
  });

  test("the run's own state and end follow", () => {
    const end: HostMessage = runDelta(2, "success", [], { end: 99 });
    expect(after(running, end).run).toMatchObject({ state: "success", end: 99 });
  });

  test("what ran when the run was lost does so no longer, whenever it was told", () => {
    const half = overlay("add", "running", { success: 1, running: 2 });
    const lost: HostMessage = runDelta(2, "failed", [half], { end: 99 });
    const step = reduce(after(running), lost);
    expect(step.touched).toBe("all");
    expect([stateOf(step.state, "numbers"), stateOf(step.state, "add")]).toEqual(["lost", "lost"]);
    expect(step.state.overlays.get("add")?.counts).toEqual({ success: 1, lost: 2 });
    const read = after(shown({ run: run("failed", [half, overlay("total", "failed")]) }));
    expect([stateOf(read, "add"), stateOf(read, "total")]).toEqual(["lost", "failed"]);
  });

  test("what was cancelled is told from what failed, at once and after the end", () => {
    const some = { ...overlay("add", "failed", { success: 1, failed: 2 }), cancelled: 1 };
    const all = { ...overlay("numbers", "failed", { failed: 1 }), cancelled: 1 };
    const cancelling = after(running, delta(2, some, all));
    const ended = reduce(cancelling, runDelta(3, "failed", [], { end: 99, stopped: "cancelled" })).state;
    for (const state of [cancelling, ended]) {
      expect([stateOf(state, "numbers"), stateOf(state, "add")]).toEqual(["cancelled", "failed"]);
      expect(state.overlays.get("add")?.counts).toEqual({ success: 1, failed: 1, cancelled: 1 });
      expect(state.overlays.get("numbers")?.counts).toEqual({ cancelled: 1 });
    }
  });

  test("a gap asks for a snapshot once, and is healed by it", () => {
    const gap = reduce(after(running), delta(3, overlay("add", "failed")));
    expect(gap.post).toEqual([{ method: "resync", params: null }]);
    expect(stateOf(gap.state, "add")).toBe("none");
    const next = reduce(gap.state, delta(4, overlay("add", "failed")));
    expect(next.post).toEqual([]);
    const healed = reduce(next.state, shown({ revision: 4, run: run("running", [overlay("add", "failed")]) })).state;
    expect(reduce(healed, delta(5, overlay("total", "upstream_failed"))).post).toEqual([]);
  });

  test("a delta without a run is out of step too", () => {
    expect(reduce(after(shown()), delta(2)).post).toEqual([{ method: "resync", params: null }]);
  });
});

describe("selection", () => {
  test("picking a task selects it and reveals its source", () => {
    const step = reduce(after(shown()), { method: "pickTask", params: { task_id: "add" } });
    expect(step.state.selected).toBe("add");
    expect(step.post).toEqual([{ method: "revealTask", params: { task_id: "add" } }]);
  });

  test("it survives an edit that keeps the task, and ends with the task", () => {
    const picked = after(shown(), { method: "selectTask", params: { task_id: "total" } });
    expect(reduce(picked, shown({ revision: 2 })).state.selected).toBe("total");
    const without: HostMessage = { method: "snapshot", params: snapshot(model([task("numbers")])) };
    expect(reduce(picked, without).state.selected).toBeNull();
  });

  test("the cursor's task wins", () => {
    const picked = after(shown(), { method: "selectTask", params: { task_id: "total" } });
    const step = reduce(picked, { method: "selectTask", params: { task_id: "add" } });
    expect(step.state.selected).toBe("add");
    expect(step.touched).toEqual(["total", "add"]);
    expect(reduce(picked, shown({ selected: "numbers" })).state.selected).toBe("numbers");
  });
});

describe("marks", () => {
  test("known before a run, from the run once it has expanded, none for tasks that are not mapped", () => {
    const add = mapped("add", [{ type: "literal", length: 3 }]);
    const dag = model([add, task("total")]);
    const before = after({ method: "snapshot", params: snapshot(dag) });
    expect([markOf(before, add), markOf(before, task("total"))]).toEqual(["[3]", ""]);
    const open = after(running);
    const unknown = adder().tasks[1] ?? task("add");
    expect(markOf(open, unknown)).toBe("[ ]");
    expect(markOf(reduce(open, delta(2, overlay("add", "queued", { queued: 3 }))).state, unknown)).toBe("[3]");
  });
});

describe("what fills the page", () => {
  const many = (count: number): HostMessage => ({
    method: "snapshot",
    params: snapshot(model(Array.from({ length: count }, (_, index) => task(`t${index}`)))),
  });

  test.each<[string, PageState]>([
    ["waiting", EMPTY_STATE],
    ["no-dag", after({ method: "snapshot", params: snapshot(null) })],
    ["no-tasks", after(many(0))],
    ["graph", after(many(300))],
    ["huge", after(many(301))],
    ["graph", reduce(after(many(301)), { method: "drawLarge", params: null }).state],
  ])("%s", (screen, state) => {
    expect(screenOf(state)).toBe(screen);
  });
});

test("a state picked in the legend is forgotten with its run", () => {
  const picked = reduce(after(running), { method: "emphasise", params: { state: "failed" } }).state;
  expect(picked.emphasised).toBe("failed");
  expect(reduce(picked, shown({ revision: 2 })).state.emphasised).toBeNull();
});
