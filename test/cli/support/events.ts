import type { DagModel, TaskNode } from "#core/model/dag.js";
import type { InstanceDetails } from "#core/model/run.js";
import type { RunEvent, RunEventBody } from "#core/model/runEvent.js";
import type { ReportedInstance } from "../../../runtime/src/cli/views/reportedInstance.js";

/** A run as the engine tells it: list → three mapped instances, one of which fails → a reduce that cannot run. */

export const file = "/project/dags/adder.dag.ts";
export const cwd = "/project";
export const runId = "manual__2022-04-02T00:00:00.000+00:00";
export const start = Date.parse("2022-04-02T00:00:00Z");

export const source = `import { dag, task } from "fanout";

const add = task({ task_id: "add" }, ({ x }: { x: number }) => {
  if (x === 2) throw new Error("two is not allowed");
  return x + 10;
});
`;

export const model: DagModel = {
  modelVersion: 1,
  origin: "executed",
  dag_id: "adder",
  schedule: null,
  tags: [],
  tasks: [
    node("numbers"),
    node("add", { kind: "expand", inputs: [{ name: "x", source: { type: "xcom", upstream: ["numbers"] } }] }),
    node("total"),
  ],
  groups: [],
  edges: [
    { from: "numbers", to: "add" },
    { from: "add", to: "total" },
  ],
  unresolved: [],
};

function node(task_id: string, mapping: TaskNode["mapping"] = null): TaskNode {
  return { task_id, operator: "task", group_id: null, trigger_rule: "all_success", mapping, certainty: "exact" };
}

const failure = {
  code: "task-failed",
  message: "Error: two is not allowed\u001b[2J",
  at: { file, line: 4, column: 22 },
  stack: `    at function (${file}:4:22)\n    at helper (/project/dags/helper.ts:2:9)`,
  advice: "Look at its log.",
} as const;

const bodies: readonly (readonly [number, RunEventBody])[] = [
  [0, { type: "run_started", dag_id: "adder", file, logical_date: "2022-04-02T00:00:00Z", model, node: "v20.20.2" }],
  [5, changed("numbers", -1, "running")],
  [5, { type: "task_changed", task_id: "numbers", state: "running", counts: { running: 1 } }],
  [90, changed("numbers", -1, "success")],
  [90, { type: "task_changed", task_id: "numbers", state: "success", counts: { success: 1 } }],
  [91, { type: "task_expanded", task_id: "add", count: 3 }],
  [92, { type: "task_changed", task_id: "add", state: "running", counts: { running: 2, scheduled: 1 } }],
  [150, changed("add", 0, "success")],
  [150, { type: "task_changed", task_id: "add", state: "running", counts: { success: 1, running: 2 } }],
  [
    1600,
    {
      type: "instances_changed",
      task_id: "add",
      changes: [{ map_index: 1, state: "failed", try_number: 1, error: failure }],
    },
  ],
  [1600, { type: "task_changed", task_id: "add", state: "failed", counts: { success: 1, running: 1, failed: 1 } }],
  [1700, changed("add", 2, "success")],
  [1700, { type: "task_changed", task_id: "add", state: "failed", counts: { success: 2, failed: 1 } }],
  [1701, changed("total", -1, "upstream_failed")],
  [1701, { type: "task_changed", task_id: "total", state: "upstream_failed", counts: { upstream_failed: 1 } }],
  [1710, { type: "run_finished", state: "failed", cancelled: false }],
];

function changed(task_id: string, map_index: number, state: "running" | "success" | "upstream_failed"): RunEventBody {
  return { type: "instances_changed", task_id, changes: [{ map_index, state, try_number: 1 }] };
}

export const events: readonly RunEvent[] = bodies.map(([after, body], index) => ({
  seq: index + 1,
  run_id: runId,
  at: start + after,
  ...body,
}));

export const endedAt = start + 1710;

export const instances: ReadonlyMap<string, readonly ReportedInstance[]> = new Map([
  ["numbers", [instance("numbers", -1, {}, [1, 2, 3], ["three numbers"])]],
  [
    "add",
    [
      instance("add", 0, { x: 1, label: "one" }, 11, ["adding 1"]),
      { ...instance("add", 1, { x: 2, label: "two" }, null, ["adding 2"], "failed") },
      instance("add", 2, { x: 3, label: "three\u001b[2J" }, 13, ["adding 3", "\u001b[31mdone\u001b[0m\u001b[2J"]),
    ],
  ],
  ["total", [instance("total", -1, null, null, [], "upstream_failed")]],
]);

function instance(
  task_id: string,
  map_index: number,
  rendered: InstanceDetails["rendered"],
  xcom: unknown,
  log: readonly string[],
  state: InstanceDetails["state"] = "success",
): ReportedInstance {
  const times = { start: "2022-04-02T00:00:00Z", end: "2022-04-02T00:00:00Z", duration_ms: 58 };
  const error = state === "failed" ? failure : null;
  return {
    details: {
      ...{ run_id: runId, task_id, map_index, name: null, state, try_number: 1, ...times, rendered },
      ...{ xcom, xcom_keys: [], tries: [], error },
    },
    log,
  };
}
