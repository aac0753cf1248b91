import type { ts } from "ts-morph";
import { isIntegerLike } from "#core/model/inputNames.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import type { DagFacts, FileFacts, GroupFacts, InputFacts, MappingFacts, TaskFacts } from "../../analysis/facts.js";
import type { Value } from "../../analysis/value.js";
import { entryIn } from "./derivedReferences.js";
import { mappedGroupAround, sourcesInMappedGroups } from "./mappedGroups.js";

/** One call of `expand` or `expand_kwargs`, with what it belongs to. */
export interface MappedTarget {
  /** What is mapped. */
  readonly target: TaskFacts | GroupFacts;
  readonly mapping: MappingFacts;
  readonly dag: DagFacts;
}

/** What something is mapped over: one input of `expand`, or the list that `expand_kwargs` is given. */
export interface MappedOver {
  readonly value: Value;
  readonly node: ts.Node;
  readonly target: MappedTarget["target"];
  readonly dag: DagFacts;
  /** Undefined for `expand_kwargs`. */
  readonly input: InputFacts | undefined;
}

/** One input of one `expand`. */
export interface ExpandedInput extends MappedTarget {
  readonly input: InputFacts;
}

/**
 * Which rule may speak about an expanded input. Each input has one owner, whatever else is wrong with it and whether
 * or not that rule is switched on: one mistake, one diagnostic.
 */
export type InputOwner = NameOwner | "nested-mapping" | "custom-key-mapping" | "map-over-mapped-group" | "not-mappable";

/** Which rule speaks about a name, whatever it gives. */
export type NameOwner = "integer-like-name" | "unmappable-parameter" | "partial-and-expand" | "unknown-parameter";

/** Of all `expand` calls of the file. `expand_kwargs` takes its names from values: see `misnamedKwargs`. */
export function* expandedInputs(facts: FileFacts, owner: InputOwner): Generator<ExpandedInput> {
  for (const mapped of mappedTargets(facts)) {
    if (mapped.mapping.kind !== "expand") continue;
    for (const input of mapped.mapping.inputs) {
      const expanded = { input, ...mapped };
      if (ownerOf(expanded) === owner) yield expanded;
    }
  }
}

/** The same inputs, and the lists of all `expand_kwargs` calls. */
export function* mappedOver(facts: FileFacts, owner: InputOwner): Generator<MappedOver> {
  for (const { input, target, dag } of expandedInputs(facts, owner)) {
    yield { value: input.value, node: input.expression, target, dag, input };
  }
  for (const { target, mapping, dag } of mappedTargets(facts)) {
    const { kind, argument: value, call } = mapping;
    if (kind === "expand" || value === undefined) continue;
    const over = { value, node: call.arguments[0] ?? call, target, dag, input: undefined };
    if (sourceOwner(over) === owner) yield over;
  }
}

/** All `expand` and `expand_kwargs` calls of the file. */
export function* mappedTargets(facts: FileFacts): Generator<MappedTarget> {
  for (const dag of facts.dags) {
    for (const target of everything(dag)) {
      if (target.mapping !== null) yield { target, mapping: target.mapping, dag };
    }
  }
}

/** Every call of the DAG that makes a task or group, also those of which only one is taken. */
export function everything(dag: DagFacts): readonly MappedTarget["target"][] {
  return [...dag.tasks, ...dag.alternatives, ...dag.groups, ...dag.groupAlternatives];
}

/** For messages. */
export function idOf(target: MappedTarget["target"]): string {
  return target.kind === "group" ? target.node.group_id : target.node.task_id;
}

/** What the function takes and nobody has given yet; undefined where it cannot be told what it takes. */
export function freeNames({ target, mapping }: MappedTarget): readonly string[] | undefined {
  const given = [...mapping.inputs, ...(mapping.partial?.inputs ?? [])].map(({ name }) => name);
  return target.parameters && [...target.parameters].filter((name) => !given.includes(name));
}

function ownerOf({ input, ...mapped }: ExpandedInput): InputOwner {
  return nameOwner(input.name, mapped) ?? sourceOwner({ ...mapped, value: input.value });
}

/**
 * Undefined where the name is right. Every operator takes `params`, also from `partial` and from here: those of each
 * instance are put over those of all.
 */
export function nameOwner(name: string, { target, mapping }: MappedTarget): NameOwner | undefined {
  if (isIntegerLike(name)) return "integer-like-name";
  if (target.kind !== "group" && isUnmappable(name, target)) return "unmappable-parameter";
  if (target.kind === "operator" && name === "params") return undefined;
  if (mapping.partial?.inputs.some((given) => given.name === name) === true) return "partial-and-expand";
  return target.parameters?.has(name) === false ? "unknown-parameter" : undefined;
}

/** Whether it is the place of the mapping, the place of its source, or what the value is that matters. */
function sourceOwner({ value, target, dag }: Pick<MappedOver, "value" | "target" | "dag">): InputOwner {
  if (mappedGroupAround(target, dag) !== undefined) return "nested-mapping";
  if (entryIn(value) !== undefined) return "custom-key-mapping";
  return sourcesInMappedGroups(value, dag).length > 0 ? "map-over-mapped-group" : "not-mappable";
}

/**
 * An operator's own arguments are set once for all instances. A task function takes its inputs by parameters, which
 * may have any of these names, except where the task itself sets that argument, as it always does with its id.
 */
function isUnmappable(name: string, task: TaskFacts): boolean {
  if (!isBaseOperatorArgument(name)) return false;
  if (task.kind === "operator" || name === "task_id") return true;
  if (task.parameters === undefined) return false;
  return !task.parameters.has(name) || setsOption(task, name);
}

function setsOption(task: TaskFacts, name: string): boolean {
  return task.options.some((option) => option.name === name);
}
