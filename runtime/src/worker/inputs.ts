import { isDict, referenceOf } from "../authoring/brand.js";
import type { DagDeclaration, MappingDeclaration, Reference, TaskDeclaration } from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";
import type { TaskFacts } from "../pool/messages.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import { lazyList } from "./lazyList.js";
import type { Results } from "./results.js";

type Values = Readonly<Record<string, unknown>>;

/** Works out what one instance of a task receives. Nothing that it hands out is shared between instances. */
export class InputResolver {
  readonly #positions: ReadonlyMap<string, number>;

  constructor(
    dag: DagDeclaration,
    readonly results: Results,
  ) {
    this.#positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
  }

  /** Inputs that all instances share. */
  shared(task: TaskDeclaration, facts: TaskFacts): Record<string, unknown> {
    return mapValues(task.inputs, (value) => this.#resolve(value, facts));
  }

  /** Inputs that the mapping gives to one instance; the last axis varies fastest. */
  mapped(mapping: MappingDeclaration, map_index: number, facts: TaskFacts): Record<string, unknown> {
    if (mapping.kind === "expand_kwargs") return this.#kwargs(mapping.inputs["kwargs"], map_index, facts);
    const names = Object.keys(mapping.inputs);
    const values: Record<string, unknown> = {};
    let rest = map_index;
    for (const name of names.toReversed()) {
      const source = mapping.inputs[name];
      const length = this.#length(source, facts);
      values[name] = this.#element(source, rest % length, facts);
      rest = Math.floor(rest / length);
    }
    return Object.fromEntries(names.map((name) => [name, values[name]]));
  }

  #kwargs(source: unknown, map_index: number, facts: TaskFacts): Record<string, unknown> {
    const reference = referenceOf(source);
    const isSingle = reference && facts.rows[this.#position(reference)] === undefined;
    if (isSingle && !Array.isArray(this.results.parsed(this.#position(reference)))) {
      throw new FanoutError("not-mappable", "'expand_kwargs' needs a list of dicts, but the result is a dict.");
    }
    const item = this.#element(source, map_index, facts);
    if (!isDict(item)) {
      const kind = item === null ? "null" : Array.isArray(item) ? "a list" : `a ${typeof item}`;
      throw new FanoutError(
        "not-mappable",
        `'expand_kwargs' needs a list of dicts, but item ${String(map_index)} is ${kind}.`,
      );
    }
    return { ...item };
  }

  #length(source: unknown, facts: TaskFacts): number {
    const reference = referenceOf(source);
    if (!reference) return lengthOf(source) ?? 0;
    const position = this.#position(reference);
    return facts.rows[position] ?? lengthOf(this.results.parsed(position)) ?? 0;
  }

  #element(source: unknown, index: number, facts: TaskFacts): unknown {
    const reference = referenceOf(source);
    if (!reference) return this.#resolve(elementOf(source, index), facts);
    const position = this.#position(reference);
    if (facts.rows[position] !== undefined) return JSON.parse(this.results.row(position, index));
    return copyJson(elementOf(this.results.parsed(position), index));
  }

  /** References at any depth of lists and dicts become values; everything else stays as it is. */
  #resolve(value: unknown, facts: TaskFacts): unknown {
    if (typeof value !== "object" || value === null) return value;
    const reference = referenceOf(value);
    if (reference) return this.#value(reference, facts);
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, facts));
    return isDict(value) ? mapValues(value, (inner) => this.#resolve(inner, facts)) : value;
  }

  #value(reference: Reference, facts: TaskFacts): unknown {
    const position = this.#position(reference);
    const rows = facts.rows[position];
    if (rows !== undefined) return lazyList(rows, (index) => JSON.parse(this.results.row(position, index)) as unknown);
    const text = this.results.single(position);
    return text === null ? null : JSON.parse(text);
  }

  #position(reference: Reference): number {
    const position = reference.type === "task" ? this.#positions.get(reference.task_id) : undefined;
    if (position === undefined) throw new FanoutError("not-supported-yet", "This kind of reference is not built yet.");
    return position;
  }
}

/** Number of entries of a list or dict; null for everything else. */
export function lengthOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return isDict(value) ? Object.keys(value).length : null;
}

/**
 * Puts the inputs together; a name may come from one side only.
 * @throws FanoutError for what `expand_kwargs` brought that the code could not have been refused for.
 */
export function mergeInputs(task: TaskDeclaration, shared: Values, mapped: Values): Record<string, unknown> {
  if (task.mapping?.kind === "expand_kwargs") {
    for (const name of Object.keys(mapped)) checkKwarg(task, name, shared);
  }
  return { ...shared, ...mapped };
}

function checkKwarg(task: TaskDeclaration, name: string, shared: Values): void {
  if (Object.hasOwn(shared, name)) {
    const message = `'${name}' is given to both partial() and expand_kwargs() of '${task.task_id}'.`;
    throw new FanoutError("partial-and-expand", message, { at: task.at, advice: "Remove one." });
  }
  if (task.takes(name) !== false) return;
  if (isBaseOperatorArgument(name)) {
    const message = `'${name}' is the same for all instances of '${task.task_id}' and cannot come from expand_kwargs().`;
    throw new FanoutError("unmappable-parameter", message, { at: task.at, advice: "Give it to partial()." });
  }
  throw new FanoutError("unknown-parameter", `The task '${task.task_id}' has no parameter '${name}'.`, { at: task.at });
}

function elementOf(source: unknown, index: number): unknown {
  if (Array.isArray(source)) return source[index] as unknown;
  const entry = Object.entries(source as Values)[index];
  if (!entry) throw new FanoutError("missing-input", `There is no entry ${String(index)} to map over.`);
  return entry;
}

function copyJson(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}

function mapValues(values: Values, fn: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fn(value)]));
}
