import type { DagModel, Mapping, TaskNode } from "#core/model/dag.js";
import type { RunEvent, RunEventBody } from "#core/model/runEvent.js";

const OVER_THREE: Mapping = { kind: "expand", inputs: [{ name: "x", source: { type: "literal", length: 3 } }] };

export const DAG_FILE = "/dags/adder.dag.ts";

/** A task on its own line of `DAG_FILE`; ids that end in `[]` are mapped over three values. */
function taskNode(name: string, line: number): TaskNode {
  return {
    task_id: name.replace("[]", ""),
    operator: "task",
    group_id: null,
    trigger_rule: "all_success",
    mapping: name.endsWith("[]") ? OVER_THREE : null,
    certainty: "exact",
    span: { file: DAG_FILE, line, column: 3, endLine: line, endColumn: 20 },
  };
}

/** `dagModel("adder", ["list", "add[]"], 10)`: tasks one a line from line 10 on, inside the `dag()` call around them. */
export function dagModel(dag_id: string, tasks: readonly string[], line = 10): DagModel {
  return {
    modelVersion: 1,
    origin: "read",
    dag_id,
    schedule: null,
    tags: [],
    tasks: tasks.map((name, index) => taskNode(name, line + index)),
    groups: [],
    edges: [],
    unresolved: [],
    span: { file: DAG_FILE, line: line - 1, column: 1, endLine: line + tasks.length, endColumn: 3 },
  };
}

/** Numbers events as an engine does, one second apart. */
export function eventStream(run_id: string): (body: RunEventBody) => RunEvent {
  const start = Date.parse("2026-01-02T03:04:05Z");
  let seq = 0;
  return (body) => {
    seq += 1;
    return { seq, run_id, at: start + (seq - 1) * 1000, ...body };
  };
}

export function started(model: DagModel): RunEventBody {
  return {
    type: "run_started",
    dag_id: model.dag_id,
    file: DAG_FILE,
    logical_date: "2026-01-01T00:00:00Z",
    model,
    node: "v20.20.2",
  };
}
