import { describe, expect, it } from "vitest";
import type {
  InstanceDetails,
  InstanceState,
  InstanceSummary,
  RunDetails,
  TaskSummary,
  TrySummary,
} from "#core/model/run.js";
import type { RunEntry } from "../../client/src/runs/runBook.js";
import {
  childrenOf,
  childrenOfRun,
  childrenOfTries,
  idOf,
  partContext,
  instanceDescription,
  instanceLabel,
  rangeOf,
  runContext,
  runDescription,
  taskDescription,
  taskLabel,
  tryDescription,
} from "../../client/src/runs/treeModel.js";
import type { TreeNode } from "../../client/src/runs/treeModel.js";
import { STATE_ICONS } from "../../client/src/runs/stateIcons.js";

const entry: RunEntry = {
  home: "/dags/.fanout",
  file: null,
  summary: {
    run_id: "run-1",
    dag_id: "ml",
    state: "failed",
    logical_date: "2026-01-01T00:00:00Z",
    start: "2026-01-02T00:00:00Z",
    end: "2026-01-02T00:00:09Z",
    stopped: null,
    resumable: false,
  },
};

function instance(map_index: number, state: InstanceState = "success", name: string | null = null): InstanceSummary {
  return { map_index, name, state, try_number: 1, start: null, end: null, duration_ms: 12 };
}

function mapped(count: number | null, instances: readonly InstanceSummary[]): TaskSummary {
  const counts: Partial<Record<InstanceState, number>> = {};
  for (const { state } of instances) counts[state] = (counts[state] ?? 0) + 1;
  return { task_id: "train", mapped: true, state: "failed", count, counts, instances };
}

const single: TaskSummary = {
  task_id: "load",
  mapped: false,
  state: "success",
  count: null,
  counts: { success: 1 },
  instances: [instance(-1)],
};

/** Of what is unfolded without reading anything. */
function unfoldNode(node: TreeNode | undefined): readonly TreeNode[] {
  return node === undefined || node.type === "run" || node.type === "tries" ? [] : childrenOf(node);
}

function unfold(task: TaskSummary): readonly TreeNode[] {
  const details: RunDetails = { ...entry.summary, file: "/dags/ml.dag.ts", error: null, tasks: [task] };
  const [node] = childrenOfRun(entry, details);
  return unfoldNode(node);
}

function childrenOfFirst(nodes: readonly TreeNode[]): readonly TreeNode[] {
  return unfoldNode(nodes[0]);
}

describe("the tree of a run", () => {
  it("goes from a mapped task over its instances to their documents", () => {
    const instances = unfold(mapped(2, [instance(0), instance(1, "failed")]));
    expect(instances.map(({ type }) => type)).toEqual(["instance", "instance"]);
    const documents = childrenOfFirst(instances);
    expect(documents.map((node) => node.type === "document" && node.kind)).toEqual(["log", "rendered", "xcom"]);
  });

  it("goes from a task that is not mapped straight to its documents", () => {
    expect(unfold(single).map((node) => node.type === "document" && node.map_index)).toEqual([-1, -1, -1]);
  });

  it("holds the earlier tries of an instance behind its documents, each with the log of its own", () => {
    const again = { ...instance(1, "failed", "eu"), try_number: 3 };
    const nodes = unfoldNode(unfold(mapped(2, [instance(0), again]))[1]);
    expect(nodes.map(({ type }) => type)).toEqual(["document", "document", "document", "tries"]);
    const tries = nodes.at(-1);
    if (tries?.type !== "tries") throw new Error("there are no tries");
    expect(tries).toMatchObject({ count: 2, map_index: 1, name: "eu" });
    const error = { code: "task-failed", message: "no" } as const;
    const tried = (try_number: number): TrySummary => ({
      ...{ try_number, state: "failed", start: null, end: null, duration_ms: 12, code_hash: null, error },
    });
    const details = { ...again, tries: [tried(1), tried(2), tried(3)] } as unknown as InstanceDetails;
    const earlier = childrenOfTries(tries, details);
    expect(earlier.map((node) => node.type === "try" && node.tried.try_number)).toEqual([1, 2]);
    expect(earlier.map((node) => node.type === "try" && tryDescription(node.tried))[0]).toBe("failed · 12 ms · no");
    const ids = [...nodes, ...earlier].map(idOf);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("shows no instance before the expansion", () => {
    expect(unfold(mapped(null, [instance(-1, "scheduled")]))).toEqual([]);
  });

  it("lists many instances in ranges", () => {
    const many = Array.from({ length: 250 }, (_, index) => instance(index, index === 210 ? "failed" : "success"));
    const ranges = unfold(mapped(250, many)).filter(({ type }) => type === "range");
    const shown = ranges.map((node) => (node.type === "range" ? rangeOf(node) : null));
    expect(shown.map((range) => range?.label)).toEqual(["[0 – 99]", "[100 – 199]", "[200 – 249]"]);
    expect(shown.map((range) => range?.state)).toEqual(["success", "success", "failed"]);
    expect(childrenOfFirst(ranges)).toHaveLength(100);
  });

  it("names failed instances before the ranges, under ids of their own", () => {
    const many = Array.from({ length: 250 }, (_, index) => instance(index, index === 210 ? "failed" : "success"));
    const nodes = unfold(mapped(250, many));
    expect(nodes.map((node) => (node.type === "instance" ? node.instance.map_index : node.type))).toEqual([
      ...[210, "range", "range", "range"],
    ]);
    const last = nodes.at(-1);
    const inRange = unfoldNode(last);
    const ids = [...nodes, ...childrenOfFirst(nodes), ...inRange, ...childrenOfFirst(inRange)].map(idOf);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("gives every node its own id, the same after a refresh", () => {
    const instances = () => unfold(mapped(2, [instance(0), instance(1)]));
    const ids = [...instances(), ...childrenOfFirst(instances())].map(idOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...instances(), ...childrenOfFirst(instances())].map(idOf)).toEqual(ids);
  });

  it("says why a run cannot be unfolded, or why it failed as a whole", () => {
    const error = { code: "cycle", message: "a waits for b" } as const;
    expect(childrenOfRun(entry, error)).toEqual([{ type: "message", error }]);
    const details: RunDetails = { ...entry.summary, file: "/dags/ml.dag.ts", error, tasks: [single] };
    expect(childrenOfRun(entry, details).map(({ type }) => type)).toEqual(["message", "task"]);
    // Its own row says so.
    const cancelled = { ...details, error: { code: "cancelled", message: "stopped" } } as const;
    expect(childrenOfRun(entry, cancelled).map(({ type }) => type)).toEqual(["task"]);
  });
});

describe("icons", () => {
  it("tell what was not run from what failed, without their colours", () => {
    const told = ["success", "failed", "upstream_failed", "skipped", "running", "lost", "cancelled", "none"] as const;
    expect(new Set(told.map((state) => STATE_ICONS[state].icon)).size).toBe(told.length);
  });
});

describe("menus", () => {
  it("offer to go on only with what was stopped before its tasks had ended", () => {
    const { summary } = entry;
    const succeeded = { ...summary, state: "success" } as const;
    expect(runContext(summary, false)).toBe("failedRun");
    expect(runContext({ ...summary, resumable: true }, false)).toBe("stoppedRun");
    expect(runContext(succeeded, false)).toBe("finishedRun");
    expect(runContext({ ...summary, state: "running" }, true)).toBe("runningRun");
  });

  it("offer to try again only what failed, or was not run because of that", () => {
    const states = ["failed", "upstream_failed", "success", "none"] as const;
    expect(states.map((state) => partContext("task", state, false))).toEqual([
      ...["failed-task", "failed-task", "task", "task"],
    ]);
    expect(partContext("instance", "failed", true)).toBe("live-instance");
  });
});

describe("labels", () => {
  it("say of a run that was stopped that it was, and of another how long it took", () => {
    const now = Date.parse("2026-01-02T00:05:00Z");
    const stopped: RunEntry = { ...entry, summary: { ...entry.summary, stopped: "cancelled" } };
    expect(runDescription(stopped, now)).toContain("cancelled");
    expect(runDescription(entry, now)).not.toContain("cancelled");
  });

  it("carry the count once it is known", () => {
    expect([single, mapped(null, []), mapped(3, [])].map(taskLabel)).toEqual(["load", "train [ ]", "train [3]"]);
    expect([instance(2), instance(2, "success", "eu")].map(instanceLabel)).toEqual(["[2]", "[2] eu"]);
  });

  it("count states, worst first", () => {
    const task = mapped(3, [instance(0), instance(1, "failed"), instance(2)]);
    expect(taskDescription(task)).toBe("1 failed · 2 success");
    expect(taskDescription(mapped(3, [instance(0, "none"), instance(1), instance(2, "none")]))).toMatch(
      /^1 success · 2/,
    );
  });

  it("say of what was lost with its run that it does not run", () => {
    const lost: InstanceSummary = { ...instance(0, "running"), lost: true };
    const task = { ...mapped(2, [lost, instance(1)]), state: "running" } as const;
    expect(taskDescription(task)).toBe("1 lost · 1 success");
    expect(instanceDescription(lost)).toMatch(/^lost/);
    expect(taskDescription({ ...task, instances: [instance(0, "running"), instance(1)] })).toMatch(/^1 running/);
  });

  it("say of what was cancelled with its run that it was, and of what failed before that it failed", () => {
    const cancelled: InstanceSummary = { ...instance(0, "failed"), cancelled: true };
    const task = mapped(3, [cancelled, instance(1, "failed"), instance(2)]);
    expect(taskDescription(task)).toBe("1 failed · 1 cancelled · 1 success");
    expect(taskDescription(mapped(2, [cancelled, instance(1)]))).toBe("1 cancelled · 1 success");
    expect(instanceDescription(cancelled)).toMatch(/^cancelled/);
    const tried = { ...cancelled, code_hash: null, error: { code: "cancelled", message: "stopped" } } as const;
    expect(tryDescription(tried)).toMatch(/^cancelled/);
    expect(tryDescription({ ...tried, error: { code: "task-failed", message: "no" } })).toMatch(/^failed/);
  });

  it("of a range tell what was cancelled, too, and pin only what failed by itself", () => {
    const many = Array.from({ length: 120 }, (_, index): InstanceSummary => ({
      ...instance(index, index < 2 ? "failed" : "success"),
      ...(index === 0 && { cancelled: true }),
    }));
    const nodes = unfold(mapped(120, many));
    expect(nodes.map((node) => (node.type === "instance" ? node.instance.map_index : node.type))).toEqual([
      ...[1, "range", "range"],
    ]);
    const range = nodes.find((node) => node.type === "range");
    expect(range && rangeOf(range)).toMatchObject({
      state: "failed",
      description: "1 failed · 1 cancelled · 98 success",
    });
  });
});
