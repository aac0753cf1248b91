import { isDict, referenceOf } from "../authoring/brand.js";
import type { DagDeclaration, MappingDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";
import type { TaskFacts } from "../pool/messages.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import { type Items, ReferenceReader } from "./references.js";
import type { Results } from "./results.js";

type Values = Readonly<Record<string, unknown>>;

/** What stands for a text that may be a template. */
export type TextReader = (text: string) => unknown;

/** By the name of an input: null where its texts are no templates. */
export type Texts = (name: string) => TextReader | null;

/** Works out what one instance of a task receives. Nothing that it hands out is shared between instances. */
export class InputResolver {
  readonly #references: ReferenceReader;

  constructor(
    dag: DagDeclaration,
    readonly results: Results,
  ) {
    const positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
    this.#references = new ReferenceReader(results, (task_id) => {
      const position = positions.get(task_id);
      if (position === undefined) throw new RangeError(`no task '${task_id}' in the DAG`);
      return position;
    });
  }

  /** Inputs that all instances share. */
  shared(task: TaskDeclaration, facts: TaskFacts, texts: Texts): Record<string, unknown> {
    return mapValues(task.inputs, (value, name) => this.#resolve(value, facts, texts(name)));
  }

  /** Inputs that the mapping gives to one instance; the last axis varies fastest. */
  mapped(mapping: MappingDeclaration, map_index: number, facts: TaskFacts, texts: Texts): Record<string, unknown> {
    if (mapping.kind === "expand_kwargs") return this.#kwargs(mapping.inputs["kwargs"], map_index, facts, texts);
    const names = Object.keys(mapping.inputs);
    const places: { items: Items; index: number }[] = [];
    let rest = map_index;
    for (const name of names.toReversed()) {
      const items = this.#items(mapping.inputs[name], facts, texts(name));
      places.unshift({ items, index: rest % items.length });
      rest = Math.floor(rest / items.length);
    }
    // In the order of the code, as its map functions may print or throw.
    return Object.fromEntries(names.map((name, axis) => [name, places[axis]?.items.at(places[axis].index)]));
  }

  /** As Airflow: texts in what a task gave are templates as much as those of the code. */
  #kwargs(source: unknown, map_index: number, facts: TaskFacts, texts: Texts): Record<string, unknown> {
    const reference = referenceOf(source);
    if (reference && this.#references.isDict(reference, facts)) {
      throw new FanoutError("not-mappable", "'expand_kwargs' needs a list of dicts, but the result is a dict.");
    }
    const given = Array.isArray(source) ? (source as readonly unknown[])[map_index] : undefined;
    if (isDict(given)) return mapValues(given, (value, name) => this.#resolve(value, facts, texts(name)));
    const item = this.#items(source, facts, null).at(map_index);
    if (!isDict(item)) {
      const kind = item === null ? "null" : Array.isArray(item) ? "a list" : `a ${typeof item}`;
      throw new FanoutError(
        "not-mappable",
        `'expand_kwargs' needs a list of dicts, but item ${String(map_index)} is ${kind}.`,
      );
    }
    return mapValues(item, (value, name) => renderTexts(value, texts(name)));
  }

  /** What is mapped over; a dict gives its `[key, value]` pairs. */
  #items(source: unknown, facts: TaskFacts, text: TextReader | null): Items {
    const reference = referenceOf(source);
    if (reference) return this.#references.items(reference, facts);
    const list = Array.isArray(source) ? (source as readonly unknown[]) : Object.entries(source as Values);
    return { length: list.length, at: (index) => this.#resolve(list[index], facts, text) };
  }

  /** References at any depth of lists and dicts become values, which are no templates; texts of the code may be. */
  #resolve(value: unknown, facts: TaskFacts, text: TextReader | null): unknown {
    if (typeof value === "string") return text === null ? value : text(value);
    if (typeof value !== "object" || value === null) return value;
    const reference = referenceOf(value);
    if (reference) return this.#references.value(reference, facts);
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, facts, text));
    return isDict(value) ? mapValues(value, (inner) => this.#resolve(inner, facts, text)) : value;
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
  if (/^\d+$/.test(name)) {
    const message = `'${name}', which expand_kwargs() of '${task.task_id}' brings, cannot be the name of an input.`;
    throw new FanoutError("invalid-argument", message, { at: task.at, advice: "Give it a name that is no number." });
  }
  if (Object.hasOwn(shared, name)) {
    const message = `'${name}' is given to both partial() and expand_kwargs() of '${task.task_id}'.`;
    throw new FanoutError("partial-and-expand", message, { at: task.at, advice: "Remove one." });
  }
  if (task.takes(name) !== false) return;
  if (isBaseOperatorArgument(name)) {
    const message = `'${name}' is the same for all instances of '${task.task_id}' and cannot come from expand_kwargs().`;
    throw new FanoutError("unmappable-parameter", message, { at: task.at, advice: "Give it to partial()." });
  }
  const message = `The task '${task.task_id}' has no parameter '${name}', which expand_kwargs() brings.`;
  throw new FanoutError("unknown-parameter", message, { at: task.at });
}

function renderTexts(value: unknown, text: TextReader | null): unknown {
  if (text === null) return value;
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return value.map((item) => renderTexts(item, text));
  return isDict(value) ? mapValues(value, (inner) => renderTexts(inner, text)) : value;
}

function mapValues(values: Values, fn: (value: unknown, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fn(value, name)]));
}
