import type { HostMessage } from "#core/protocol/parse.js";
import type { DagModel, Edge, GroupNode, MapSource, TaskNode } from "#core/model/dag.js";
import type { InstanceState, RunState, StateCounts } from "#core/model/run.js";
import type { PreviewSnapshot, RunOverlay, TaskOverlay } from "#core/protocol/preview.js";

export function task(task_id: string, more: Partial<TaskNode> = {}): TaskNode {
  return {
    task_id,
    operator: "task",
    group_id: null,
    trigger_rule: "all_success",
    mapping: null,
    certainty: "exact",
    ...more,
  };
}

export function mapped(task_id: string, sources: readonly MapSource[], more: Partial<TaskNode> = {}): TaskNode {
  const inputs = sources.map((source, index) => ({ name: `input${index}`, source }));
  return task(task_id, { mapping: { kind: "expand", inputs }, ...more });
}

export function group(group_id: string, parent_id: string | null = null): GroupNode {
  return { group_id, parent_id, mapping: null };
}

/** `edges` as `a > b`. */
export function model(
  tasks: readonly TaskNode[],
  edges: readonly string[] = [],
  more: Partial<DagModel> = {},
): DagModel {
  return {
    modelVersion: 1,
    origin: "read",
    dag_id: "adder",
    schedule: null,
    tags: [],
    tasks,
    groups: [],
    edges: edges.map(edge),
    unresolved: [],
    ...more,
  };
}

function edge(text: string): Edge {
  const [from = "", to = ""] = text.split(" > ");
  return { from, to };
}

/** `add [ ]`, whose count is known only when `numbers` has run, then a reduce. */
export function adder(): DagModel {
  return model(
    [task("numbers"), mapped("add", [{ type: "xcom", upstream: ["numbers"] }]), task("total")],
    ["numbers > add", "add > total"],
  );
}

export function snapshot(dag: DagModel | null, more: Partial<PreviewSnapshot> = {}): PreviewSnapshot {
  return {
    revision: 1,
    model: dag,
    dagIds: dag === null ? [] : [dag.dag_id],
    notice: null,
    run: null,
    selected: null,
    canRun: true,
    fileName: "adder.dag.ts",
    ...more,
  };
}

/** The message that shows a model, as the extension host sends it. */
export function shown(...given: Parameters<typeof snapshot>): HostMessage {
  return { method: "snapshot", params: snapshot(...given) };
}

export function overlay(task_id: string, state: InstanceState, counts: StateCounts | null = null): TaskOverlay {
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
  return { task_id, state, count: counts === null ? null : total, counts: counts ?? { [state]: 1 } };
}

export function run(state: RunState, tasks: readonly TaskOverlay[], more: Partial<RunOverlay> = {}): RunOverlay {
  return { run_id: "manual__1", state, stopped: null, start: Date.now() - 4200, end: null, tasks, ...more };
}

/** What the host tells of a run after its snapshot. */
export function runDelta(revision: number, ...given: Parameters<typeof run>): HostMessage {
  const { run_id: _same, ...told } = run(...given);
  return { method: "runDelta", params: { revision, ...told } };
}

/** A DAG like those of real projects: two groups, mapped and unmapped tasks, a branch, every state. */
export function salesDaily(): DagModel {
  const from = (upstream: string): MapSource => ({ type: "xcom", upstream: [upstream] });
  return model(
    [
      task("list_regions"),
      task("check_source"),
      mapped("ingest.extract", [from("list_regions")], { group_id: "ingest" }),
      mapped("ingest.validate", [from("ingest.extract")], { group_id: "ingest" }),
      task("ingest.load_raw", { group_id: "ingest", operator: "LoadOperator" }),
      mapped(
        "transform.clean",
        [
          { type: "literal", length: 3 },
          { type: "literal", length: 4 },
        ],
        { group_id: "transform" },
      ),
      mapped("transform.enrich", [from("transform.clean")], { group_id: "transform" }),
      task("transform.aggregate", { group_id: "transform" }),
      task("train_model"),
      mapped("publish", [from("transform.enrich")], { trigger_rule: "none_failed" }),
      task("notify", { certainty: "maybe" }),
    ],
    [
      "list_regions > ingest.extract",
      "check_source > ingest.extract",
      "ingest.extract > ingest.validate",
      "ingest.validate > ingest.load_raw",
      "ingest.load_raw > transform.clean",
      "ingest.load_raw > train_model",
      "transform.clean > transform.enrich",
      "transform.clean > transform.aggregate",
      "transform.enrich > publish",
      "transform.aggregate > publish",
      "train_model > publish",
      "publish > notify",
    ],
    { dag_id: "sales_daily", groups: [group("ingest"), group("transform")] },
  );
}

export function salesRun(): RunOverlay {
  return run("running", [
    overlay("list_regions", "success"),
    overlay("check_source", "success"),
    overlay("ingest.extract", "success", { success: 48 }),
    overlay("ingest.validate", "failed", { success: 41, failed: 4, skipped: 3 }),
    overlay("ingest.load_raw", "success"),
    overlay("transform.clean", "running", { success: 6000, running: 400, failed: 0, queued: 3600 }),
    overlay("transform.enrich", "queued", { queued: 120 }),
    overlay("transform.aggregate", "up_for_retry"),
    overlay("train_model", "running"),
    overlay("notify", "skipped"),
  ]);
}
