import { ts } from "ts-morph";
import type { DagFacts, FileFacts, MappingFacts } from "../../analysis/facts.js";
import type { TypeQueries } from "../../analysis/typeQueries.js";
import type { TaskHandle, Value } from "../../analysis/value.js";
import { mappedOver } from "./mappedInputs.js";

/** What a mapping goes over. */
export function mappedValues(mapping: MappingFacts): readonly (Value | undefined)[] {
  return mapping.kind === "expand" ? mapping.inputs.map(({ value }) => value) : [mapping.argument];
}

/** Through any `map`, `zip` and `concat`; one entry of a result is another mistake. */
export function resultsIn(value: Value | undefined): readonly TaskHandle[] {
  if (value?.type !== "xcom" || value.form === "get" || value.form === "argument") return [];
  return value.task === undefined ? value.of.flatMap(resultsIn) : [value.task];
}

/** The tasks whose own results are mapped over and cannot be: it is said where they are mapped over. */
export function refusedSources(facts: FileFacts, types: TypeQueries): (dag: DagFacts, taskId: string) => boolean {
  const refused = new Map<DagFacts, Set<string>>();
  for (const { value, node, input, dag } of mappedOver(facts, "not-mappable")) {
    if (value.type !== "xcom" || value.task === undefined || !ts.isExpression(node)) continue;
    const { verdict } = input === undefined ? types.kwargs(node) : types.mappability(node);
    if (verdict === "ok") continue;
    const ids = refused.get(dag) ?? new Set();
    refused.set(dag, ids.add(value.task.task_id));
  }
  return (dag, taskId) => refused.get(dag)?.has(taskId) === true;
}
