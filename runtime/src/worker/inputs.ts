import { isDict, referenceOf } from "../authoring/brand.js";
import type {
  DagDeclaration,
  GroupDeclaration,
  MappingDeclaration,
  Reference,
  TaskDeclaration,
} from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";
import type { TaskFacts } from "../pool/messages.js";
import { groupKwarg } from "./kwargs.js";
import { type Items, ReferenceReader, type Scope } from "./references.js";
import type { Results } from "./results.js";
import type { TaskNames } from "./taskNames.js";

type Values = Readonly<Record<string, unknown>>;

/** What stands for a text that may be a template. */
export type TextReader = (text: string) => unknown;

/** By the name of an input: null where its texts are no templates. */
export type Texts = (name: string) => TextReader | null;

export interface Taking {
  readonly texts: Texts;
  /** Gets the `params` of an operator's instance, which are none of its arguments; null for task functions. */
  readonly takeParams: ((params: unknown) => void) | null;
}

/** Works out what one instance of a task receives. Nothing that it hands out is shared between instances. */
export class InputResolver {
  readonly #references: ReferenceReader;
  readonly #groups: ReadonlyMap<string, GroupDeclaration>;

  constructor(
    dag: DagDeclaration,
    names: TaskNames,
    readonly results: Results,
  ) {
    this.#groups = new Map(dag.groups.map((group) => [group.group_id, group]));
    const positionOf = (task_id: string): number => {
      const position = names.positionOf(task_id);
      if (position === undefined) throw new RangeError(`no task '${task_id}' in the DAG`);
      return position;
    };
    this.#references = new ReferenceReader(results, positionOf, ({ group_id, name }, scope) => {
      const key = `${group_id}.${name}`;
      if (!scope.given.has(key)) scope.given.set(key, this.#argument(group_id, name, scope));
      return scope.given.get(key);
    });
  }

  /** Inputs that all instances share, and what a mapped group around the task gives to this one. */
  shared(task: TaskDeclaration, scope: Scope, texts: Texts): Record<string, unknown> {
    return mapValues(task.inputs, (value, name) => this.#resolve(value, scope, texts(name)));
  }

  /** Of them those that a mapped group gives a part of; what comes from tasks is left as references. */
  given(task: TaskDeclaration, scope: Scope): Record<string, unknown> {
    const isArgument = ({ type }: Reference): boolean => type === "mapped_argument";
    const inputs = Object.entries(task.inputs).filter(([, value]) => holdsArgument(value));
    return mapValues(Object.fromEntries(inputs), (value) => this.#resolve(value, scope, null, isArgument));
  }

  /** Inputs that the mapping gives to one instance; the last axis varies fastest. */
  mapped(mapping: MappingDeclaration, scope: Scope, taking: Taking): Record<string, unknown> {
    if (mapping.kind === "expand_kwargs") return this.#kwargs(mapping, scope, taking);
    const places = this.#places(mapping, scope, taking.texts);
    // In the order of the code, as its map functions may print or throw.
    return takeValues(Object.keys(mapping.inputs), taking, (name) => places.get(name)?.());
  }

  /** What the instance's group gives it for one of the group's inputs. As Airflow: no text in it is a template. */
  #argument(group_id: string, name: string, scope: Scope): unknown {
    const group = this.#groups.get(group_id);
    if (!group?.mapping) throw new RangeError(`no mapped group '${group_id}' in the DAG`);
    if (group.mapping.kind === "expand") return this.#places(group.mapping, scope, PLAIN).get(name)?.();
    return groupKwarg(group, this.#kwargs(group.mapping, scope, { texts: PLAIN, takeParams: null }), name);
  }

  /** By input, how to work out what it gives to the instance. */
  #places({ inputs }: MappingDeclaration, scope: Scope, texts: Texts): Map<string, () => unknown> {
    const places = new Map<string, () => unknown>();
    let rest = scope.map_index;
    for (const [name, source] of Object.entries(inputs).toReversed()) {
      const items = this.#items(source, scope, texts(name));
      const index = rest % items.length;
      places.set(name, () => items.at(index));
      rest = Math.floor(rest / items.length);
    }
    return places;
  }

  /** As Airflow: texts in what a task gave are templates as much as those of the code. */
  #kwargs({ inputs: { kwargs: source } }: MappingDeclaration, scope: Scope, taking: Taking): Record<string, unknown> {
    const { texts } = taking;
    const reference = referenceOf(source);
    if (reference && this.#references.isDict(reference, scope)) {
      throw noKwargs("the result is a dict");
    }
    const given = Array.isArray(source) ? (source as readonly unknown[])[scope.map_index] : undefined;
    if (isDict(given)) {
      return takeValues(Object.keys(given), taking, (name) => this.#resolve(given[name], scope, texts(name)));
    }
    const item = this.#items(source, scope, null).at(scope.map_index);
    if (isDict(item)) return takeValues(Object.keys(item), taking, (name) => renderTexts(item[name], texts(name)));
    const kind = item === null ? "null" : Array.isArray(item) ? "a list" : `a ${typeof item}`;
    const place = String(scope.map_index);
    throw noKwargs(`item ${place} is ${kind}`);
  }

  /** What is mapped over; a dict gives its `[key, value]` pairs. */
  #items(source: unknown, scope: Scope, text: TextReader | null): Items {
    const reference = referenceOf(source);
    if (reference) return this.#references.items(reference, scope);
    const list = Array.isArray(source) ? (source as readonly unknown[]) : Object.entries(source as Values);
    return { length: list.length, at: (index) => this.#resolve(list[index], scope, text) };
  }

  /**
   * References that are wanted, at any depth of lists and dicts, become values, which are no templates; texts of the
   * code may be.
   */
  #resolve(
    value: unknown,
    scope: Scope,
    text: TextReader | null,
    isWanted: (reference: Reference) => boolean = () => true,
  ): unknown {
    if (typeof value === "string") return text === null ? value : text(value);
    if (typeof value !== "object" || value === null) return value;
    const reference = referenceOf(value);
    if (reference) return isWanted(reference) ? this.#references.value(reference, scope) : value;
    if (Array.isArray(value)) return value.map((item) => this.#resolve(item, scope, text, isWanted));
    return isDict(value) ? mapValues(value, (inner) => this.#resolve(inner, scope, text, isWanted)) : value;
  }
}

/** No text is a template. */
const PLAIN: Texts = () => null;

export function scopeOf(facts: TaskFacts, map_index: number): Scope {
  return { facts, map_index, given: new Map() };
}

function noKwargs(found: string): FanoutError {
  const advice = "Return a list of dicts: each names the inputs of one instance.";
  return new FanoutError("not-mappable", `'expand_kwargs' needs a list of dicts, but ${found}.`, { advice });
}

/** Number of entries of a list or dict; null for everything else. */
export function lengthOf(value: unknown): number | null {
  if (Array.isArray(value)) return value.length;
  return isDict(value) ? Object.keys(value).length : null;
}

/** True where a mapped group gives the value, or a part of it. */
function holdsArgument(value: unknown): boolean {
  const reference = referenceOf(value);
  if (reference) return reference.type === "mapped_argument";
  if (Array.isArray(value)) return value.some(holdsArgument);
  return isDict(value) && Object.values(value).some(holdsArgument);
}

/** What templates of other inputs show goes first: the params of the instance. */
function takeValues(
  names: readonly string[],
  { takeParams }: Taking,
  read: (name: string) => unknown,
): Record<string, unknown> {
  const hasParams = takeParams !== null && names.includes("params");
  if (hasParams) takeParams(read("params"));
  const own = hasParams ? names.filter((name) => name !== "params") : names;
  return Object.fromEntries(own.map((name) => [name, read(name)]));
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
