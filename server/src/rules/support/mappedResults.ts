import type { MappingFacts } from "../../analysis/facts.js";
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
