import type { State, Verdict } from "./evaluate.js";
import { FUNCTION_NAMES, type Mapping, type Program, RULES, type Value, sourcesIn, tasksOf } from "./program.js";

/** What of the language a program used, and what came of it: a campaign that never meets something proves nothing of it. */
export function featuresOf(program: Program, { state, instances }: Verdict): readonly string[] {
  const found = tasksOf(program).flatMap(({ task, group }) => {
    const own = instances.filter((one) => one.task === task.id);
    const where = group?.mapping ? "in a mapped group" : group ? "in a group" : "";
    const mapping = group?.mapping ?? task.mapping;
    const states = new Set(own.map((one) => one.state));
    return [
      ...[...states].flatMap((ended) => [`${task.rule}: ${ended}`, `${task.kind} ${where}: ${ended}`]),
      ...(mapping ? mappingFeatures(mapping, own.length, states) : []),
      ...task.inputs.flatMap(([, value]) => valueFeatures(value)),
      ...(own.some(({ try_number }) => try_number > 1) ? ["retries"] : []),
      ...(own.some(({ pushed }) => Object.keys(pushed).length > 0) ? ["multiple_outputs"] : []),
    ];
  });
  return [`run: ${state}`, ...found, ...(program.links.length > 0 ? ["links"] : [])];
}

function mappingFeatures(mapping: Mapping, count: number, states: ReadonlySet<State>): string[] {
  const sources = sourcesIn(mapping);
  const shape = `${mapping.kind} over ${sources.map(({ type }) => type).join(" × ")}`;
  return [
    shape,
    ...[...states].map((state) => `${mapping.kind}, ${count > 1 ? "several" : "one"}: ${state}`),
    ...sources.flatMap(valueFeatures),
  ];
}

function valueFeatures(value: Value): readonly string[] {
  switch (value.type) {
    case "map":
      return [`map(${value.fn})`, ...valueFeatures(value.of)];
    case "zip":
      return ["fill" in value ? "zip with fillvalue" : "zip", ...value.of.flatMap(valueFeatures)];
    case "concat":
      return ["concat", ...value.of.flatMap(valueFeatures)];
    case "list":
      return value.items.flatMap(valueFeatures);
    case "dict":
      return value.entries.flatMap(([, inner]) => valueFeatures(inner));
    default:
      return [value.type];
  }
}

const RUNS = ["success", "failed", "skipped"] as const;

/** What a campaign of some hundreds of programs has to meet. */
export const EXPECTED: readonly string[] = [
  ...RULES.map((rule) => `${rule}: success`),
  ...["all_success", "none_failed", "none_failed_min_one_success", "one_success", "all_done_min_one_success"].map(
    (rule) => `${rule}: upstream_failed`,
  ),
  ...["all_success", "all_failed", "all_skipped", "none_skipped", "one_failed", "one_done"].map(
    (rule) => `${rule}: skipped`,
  ),
  ...["task", "branch", "short_circuit", "setup", "teardown"].flatMap((kind) => [
    `${kind} : success`,
    `${kind} : skipped`,
  ]),
  "task in a group: success",
  ...["expand", "expand_kwargs"].flatMap((kind) => RUNS.map((state) => `${kind}, several: ${state}`)),
  ...["expand over json", "expand over result", "expand over json × result", "expand over result × json"],
  ...["expand over map", "expand over zip", "expand over concat", "expand over list", "expand over json × json"],
  ...["expand_kwargs over list", "expand_kwargs over result", "expand_kwargs over map"],
  ...FUNCTION_NAMES.map((name) => `map(${name})`),
  ...["zip", "zip with fillvalue", "concat", "get", "argument", "links", "retries", "multiple_outputs"],
  ...["run: success", "run: failed"],
];

/** The same of mapped groups. */
export const EXPECTED_IN_MAPPED_GROUPS: readonly string[] = [
  ...["success", "failed", "skipped", "upstream_failed"].map((state) => `task in a mapped group: ${state}`),
  ...["branch", "short_circuit"].map((kind) => `${kind} in a mapped group: success`),
];
