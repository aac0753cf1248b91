import {
  type DagModel,
  type GroupNode,
  type MapSource,
  MODEL_VERSION,
  type MappedInput,
  type Mapping,
  type TaskNode,
} from "#core/model/dag.js";
import { handleOf, isDict, referenceOf } from "./brand.js";
import type {
  DagDeclaration,
  GroupDeclaration,
  MappingDeclaration,
  Reference,
  TaskDeclaration,
} from "./declaration.js";
import { contentsOf } from "./values.js";

/** How many instances a mapped task has, where that is known before a run. */
type Counts = ReadonlyMap<string, number | undefined>;

/** The model of a DAG as its execution shows it. */
export function toModel(declaration: DagDeclaration): DagModel {
  const { dag_id, description, schedule, tags, policy, at } = declaration;
  const counts = new Map<string, number | undefined>();
  const tasks = declaration.tasks.map((task) => toNode(task, counts));
  return {
    modelVersion: MODEL_VERSION,
    origin: "executed",
    dag_id,
    ...(description === undefined ? {} : { description }),
    schedule,
    ...(policy.timezone !== "UTC" && { timezone: policy.timezone }),
    ...(policy.startDateMs !== null && { start_date: new Date(policy.startDateMs).toISOString() }),
    ...(policy.endDateMs !== null && { end_date: new Date(policy.endDateMs).toISOString() }),
    tags,
    tasks,
    groups: declaration.groups.map((group) => toGroup(group, counts)),
    edges: declaration.edges.map(({ from, to, at: span }) => ({ from, to, ...(span && { span }) })),
    unresolved: [],
    ...(at && { span: at }),
  };
}

function toGroup({ group_id, parent_id, mapping, at }: GroupDeclaration, counts: Counts): GroupNode {
  return { group_id, parent_id, mapping: mapping && toMapping(mapping, counts), ...(at && { span: at }) };
}

/** `counts` holds how many instances the tasks before this one have, where that is known before a run. */
function toNode(task: TaskDeclaration, counts: Map<string, number | undefined>): TaskNode {
  const mapping = task.mapping && toMapping(task.mapping, counts);
  if (mapping) counts.set(task.task_id, countOf(mapping));
  return {
    task_id: task.task_id,
    operator: task.operator,
    group_id: task.group_id,
    trigger_rule: task.trigger_rule,
    ...(task.role && { role: task.role }),
    mapping,
    certainty: "exact",
    ...(task.at && { span: task.at }),
  };
}

function toMapping(mapping: MappingDeclaration, counts: Counts): Mapping {
  const inputs = Object.entries(mapping.inputs).map(([name, value]): MappedInput => ({
    name,
    source: toSource(value, counts),
  }));
  return { kind: mapping.kind, inputs };
}

function toSource(value: unknown, counts: Counts): MapSource {
  const reference = referenceOf(value);
  if (reference !== undefined) {
    const upstream = handleOf(value)?.task_ids ?? [];
    const length = referenceLength(reference, counts);
    return { type: "xcom", upstream, ...(length === undefined ? {} : { length }) };
  }
  const length = Array.isArray(value) ? value.length : isDict(value) ? Object.keys(value).length : 0;
  const upstream = [...new Set(contentsOf("", value, undefined).references.flatMap(({ task_ids }) => task_ids))];
  return { type: "literal", length, ...(upstream.length === 0 ? {} : { upstream }) };
}

/** Undefined where a result decides. */
function referenceLength(reference: Reference, counts: Counts): number | undefined {
  switch (reference.type) {
    case "mapped_argument":
      return undefined;
    case "task":
      return reference.key === null ? counts.get(reference.task_id) : undefined;
    case "map":
      return referenceLength(reference.of, counts);
    case "zip":
    case "concat": {
      const lengths = reference.of.map((part) => referenceLength(part, counts));
      if (!lengths.every((length) => length !== undefined)) return undefined;
      if (reference.type === "concat") return lengths.reduce((sum, length) => sum + length, 0);
      return "fillvalue" in reference ? Math.max(...lengths) : Math.min(...lengths);
    }
  }
}

/** Undefined where an upstream's result decides. */
function countOf(mapping: Mapping): number | undefined {
  let count = 1;
  for (const { source } of mapping.inputs) {
    if (source.type === "unresolved" || source.length === undefined) return undefined;
    count *= source.length;
  }
  return count;
}
