import { enclosingGroups } from "#core/model/graph.js";
import type { DagFacts, GroupFacts, TaskFacts } from "../../analysis/facts.js";
import type { Value } from "../../analysis/value.js";

/** The innermost mapped group that a task or group stands in. */
export function mappedGroupAround(target: TaskFacts | GroupFacts, dag: DagFacts): GroupFacts | undefined {
  if (!dag.groups.some(({ mapping }) => mapping !== null)) return undefined;
  const outer = target.kind === "group" ? target.node.parent_id : target.node.group_id;
  const around = enclosingGroups(dag.model, outer).find(({ mapping }) => mapping !== null);
  return dag.groups.find(({ node }) => node.group_id === around?.group_id);
}

/** A task whose results come from all instances of a mapped group. */
export interface GroupedSource {
  readonly task: TaskFacts;
  readonly group: GroupFacts;
}

/** The tasks of mapped groups whose results `value` is, through any `map`, `zip` and `concat`. */
export function sourcesInMappedGroups(value: Value, dag: DagFacts): readonly GroupedSource[] {
  if (!dag.groups.some(({ mapping }) => mapping !== null)) return [];
  const ids = new Set(resultsIn(value));
  return dag.tasks.flatMap((task) => {
    const group = ids.has(task.node.task_id) ? mappedGroupAround(task, dag) : undefined;
    return group === undefined ? [] : [{ task, group }];
  });
}

/** Ids of the tasks whose whole results surely are part of a reference. */
export function resultsIn(value: Value): readonly string[] {
  if (value.type !== "xcom" || value.form === "argument" || value.form === "get") return [];
  return value.task === undefined ? value.of.flatMap(resultsIn) : [value.task.task_id];
}

/** True where it is made whenever its DAG is; a group is known by the tasks in it. */
export function isCertain(target: TaskFacts | GroupFacts, { model }: DagFacts): boolean {
  if (target.kind !== "group") return target.node.certainty === "exact";
  const isAround = (group_id: string | null): boolean =>
    enclosingGroups(model, group_id).some((group) => group.group_id === target.node.group_id);
  return model.tasks.some(({ group_id, certainty }) => certainty === "exact" && isAround(group_id));
}
