import type { DagFacts, MappingFacts } from "../../analysis/facts.js";
import type { TaskHandle, Value } from "../../analysis/value.js";

/** What a mapping goes over. */
export function mappedValues(mapping: MappingFacts): readonly (Value | undefined)[] {
  return mapping.kind === "expand" ? mapping.inputs.map(({ value }) => value) : [mapping.argument];
}

/** Through any `map`, `zip` and `concat`; one entry of a result is another mistake. */
export function resultsIn(value: Value | undefined): readonly TaskHandle[] {
  if (value?.type !== "xcom" || value.form === "get" || value.form === "argument") return [];
  return value.task === undefined ? value.of.flatMap(resultsIn) : [value.task];
}

/** True where something maps, or may map, over the whole result of a task. */
export function isMappedOver(task_id: string, dag: DagFacts): boolean {
  const mapped = [...dag.tasks, ...dag.alternatives, ...dag.groups, ...dag.groupAlternatives];
  return mapped.some(({ mapping }) => {
    const values = mapping === null ? [] : mappedValues(mapping);
    const members = values.flatMap((value): readonly (Value | undefined)[] =>
      value?.type === "union" ? value.of : [value],
    );
    return members.flatMap(resultsIn).some((task) => task.task_id === task_id);
  });
}
