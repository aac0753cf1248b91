/** Part of the reference evaluator: what one try of an instance gets and returns (airflow-semantics.md §2.3–2.7, §2.11). */
import type { Instance } from "./evaluate.js";
import type { Node } from "./evaluateGraph.js";
import {
  type FunctionName,
  type Json,
  type Mapping,
  type Program,
  type Reference,
  type Value,
  isReference,
} from "./program.js";

/** What ends a try. */
export class Skipped extends Error {}
export class Failed extends Error {
  constructor(readonly isFinal = false) {
    super();
  }
}

/** What is worked out when somebody touches it. */
type Later = () => Json;
/** The items of something that is mapped over: to take one may fail, and what was taken may fail when it is touched. */
type Takers = readonly (() => Later)[];

type Dict = Readonly<Record<string, Json>>;

export class InputReader {
  constructor(
    readonly program: Program,
    readonly nodes: ReadonlyMap<string, Node>,
    readonly instancesOf: (task: string) => readonly Instance[],
  ) {}

  /** What the function returns, as JSON; throws where it, or what it gets, skips or fails. */
  play(node: Node, { map_index, try_number }: Instance): Json {
    const { script, parameters, inputs } = node.task;
    // What is mapped comes first, so that it may skip the instance before anything else can fail it.
    const mapped = this.#mapped(node, map_index);
    const given = inputs.map(([name, value]): [string, Later] => [name, this.#resolve(value, node, map_index)]);
    const got = new Map([...given, ...mapped]);
    const touched = parameters.flatMap((name): [string, Json][] => {
      const value = got.get(name);
      return value === undefined ? [] : [[name, value()]];
    });
    const slot = Math.max(0, map_index);
    const act = script.acts.findLast(({ index, try: at }) => index === slot && at === try_number);
    if (act?.does === "skip") throw new Skipped();
    if (act) throw new Failed(act.does === "give_up");
    if (script.returns === "inputs") return Object.fromEntries(touched);
    return script.returns[slot % script.returns.length] ?? null;
  }

  /** §2.5: how many instances a mapping makes; null where a result that it needs is not there. */
  mappedLength(mapping: Mapping): number | null {
    const values = mapping.kind === "expand_kwargs" ? [mapping.source] : mapping.inputs.map(([, value]) => value);
    const lengths = values.map((value) => (isReference(value) ? this.#lengthOf(value) : literalLength(value)));
    return lengths.reduce((product, length) => (product === null || length === null ? null : product * length), 1);
  }

  #lengthOf(reference: Reference): number | null {
    switch (reference.type) {
      case "result": {
        const instances = this.instancesOf(reference.task);
        if (instances.some(({ state }) => state === "none" || state === "scheduled")) return null;
        const rows = instances.filter(({ xcom }) => xcom !== null);
        return this.#isMapped(reference.task) ? rows.length : lengthOf(rows[0]?.xcom ?? null);
      }
      case "map":
        return this.#lengthOf(reference.of);
      case "zip":
      case "concat": {
        const lengths = reference.of.map((part) => this.#lengthOf(part));
        const known = lengths.filter((length) => length !== null);
        if (known.length < lengths.length) return null;
        if (reference.type === "concat") return known.reduce((sum, length) => sum + length, 0);
        return "fill" in reference ? Math.max(...known) : Math.min(...known);
      }
    }
  }

  /** In a mapped group nothing else is mapped. */
  #mapped({ task, group }: Node, map_index: number): [string, Later][] {
    if (task.mapping === null) return [];
    const elements = this.#elements(task.mapping, map_index);
    if (task.mapping.kind === "expand") return elements;
    for (const [name] of elements) {
      // §3.3: what literals are refused for when they are written fails the instance here.
      const isGiven = task.inputs.some(([given]) => given === name);
      if (isGiven || !task.parameters.includes(name) || group !== null) throw new Failed();
    }
    return elements;
  }

  /** §2.4: the last input varies fastest; `expand_kwargs` takes one dict. */
  #elements(mapping: Mapping, map_index: number): [string, Later][] {
    if (mapping.kind === "expand_kwargs") return this.#kwargs(mapping.source, map_index);
    const takers: [string, () => Later][] = [];
    let rest = map_index;
    for (const [name, value] of mapping.inputs.toReversed()) {
      const items = this.#items(value);
      takers.unshift([name, items[rest % items.length] ?? missing]);
      rest = Math.floor(rest / items.length);
    }
    return takers.map(([name, take]) => [name, take()]);
  }

  #kwargs(source: Value, map_index: number): [string, Later][] {
    // DTM305: a dict is no list of dicts.
    if (source.type === "result" && isDict(this.#result(source.task, null, -1))) throw new Failed();
    const item = source.type === "list" ? source.items[map_index] : undefined;
    if (item?.type === "dict") return item.entries.map(([name, value]) => [name, this.#resolve(value, null, -1)]);
    const dict = (this.#items(source)[map_index] ?? missing)()();
    // DTM306.
    if (!isDict(dict)) throw new Failed();
    return Object.entries(dict).map(([name, value]) => [name, () => value]);
  }

  /** What is mapped over; §2.3: a dict gives pairs. */
  #items(value: Value): Takers {
    switch (value.type) {
      case "json": {
        const json = value.value;
        const items = Array.isArray(json) ? (json as readonly Json[]) : Object.entries(json as Dict);
        return items.map((item) => () => () => item);
      }
      case "list":
        return value.items.map((item) => () => this.#resolve(item, null, -1));
      case "dict":
        return value.entries.map(([name, inner]) => () => {
          const item = this.#resolve(inner, null, -1);
          return () => [name, item()];
        });
      case "argument":
      case "get":
        throw new RangeError(`nothing can be mapped over ${value.type}`);
      default:
        return this.#itemsOf(value, null, -1, "pairs").map((item) => () => {
          const taken = item();
          return () => taken;
        });
    }
  }

  /** A value as an input; what of it is lazy fails or skips when the result is made of it. */
  #resolve(value: Value, node: Node | null, map_index: number): Later {
    switch (value.type) {
      case "json":
        return () => value.value;
      case "list": {
        const items = value.items.map((item) => this.#resolve(item, node, map_index));
        return () => items.map((item) => item());
      }
      case "dict": {
        const entries = value.entries.map(([name, inner]) => [name, this.#resolve(inner, node, map_index)] as const);
        return () => Object.fromEntries(entries.map(([name, inner]) => [name, inner()]));
      }
      case "argument":
        return this.#argument(value.name, node, map_index);
      case "get":
        return this.#entry(value.task, value.key, node, map_index);
      case "result": {
        const result = this.#result(value.task, node, map_index);
        return () => result;
      }
      case "map":
      case "zip":
      case "concat": {
        const items = this.#itemsOf(value, node, map_index, "pairs");
        return () => items.map((item) => item());
      }
    }
  }

  /** §2.13: what a mapped group gives to its instance of this index. */
  #argument(name: string, node: Node | null, map_index: number): Later {
    if (!node?.mapping) throw new RangeError(`no argument '${name}'`);
    // DTM312: a dict of `expand_kwargs` may lack it.
    const elements = this.#elements(node.mapping, map_index);
    const group = this.program.steps.find(({ id }) => id === node.group);
    // As for tasks; Airflow looks at no other name: see docs/semantics.md.
    const takes = (one: string): boolean =>
      group?.parameters.includes(one) === true && !group.inputs.some(([other]) => other === one);
    if (node.mapping.kind === "expand_kwargs" && !elements.every(([one]) => takes(one))) throw new Failed();
    const given = elements.find(([one]) => one === name);
    // DTM312: a dict of `expand_kwargs` may lack it.
    if (!given) throw new Failed();
    return given[1];
  }

  /** What was pushed by that key, of a mapped task all of it; else an entry of the result. */
  #entry(task: string, key: string, node: Node | null, map_index: number): Later {
    const pushed = this.#seen(task, node, map_index).flatMap((one) =>
      Object.hasOwn(one.pushed, key) ? [one.pushed[key] ?? null] : [],
    );
    const isList = this.#isMapped(task) && !this.#isBeside(task, node);
    const [only] = pushed;
    if (only !== undefined) return () => (isList ? pushed : only);
    const result = this.#result(task, node, map_index);
    // DTM421.
    if (!isDict(result) || !Object.hasOwn(result, key)) throw new Failed();
    return () => result[key] ?? null;
  }

  /** §2.8: within a mapped group what counts are instances of the same index. */
  #seen(task: string, node: Node | null, map_index: number): readonly Instance[] {
    const all = this.instancesOf(task);
    return this.#isBeside(task, node) ? all.filter((one) => one.map_index === map_index) : all;
  }

  #isBeside(task: string, node: Node | null): boolean {
    return node !== null && node.group !== null && this.nodes.get(task)?.group === node.group;
  }

  /** §2.7: the one result, or the list of those that exist. */
  #result(task: string, node: Node | null, map_index: number): Json {
    const seen = this.#seen(task, node, map_index);
    if (!this.#isMapped(task) || this.#isBeside(task, node)) return seen[0]?.xcom ?? null;
    return seen.flatMap(({ xcom }) => (xcom === null ? [] : [xcom]));
  }

  #itemsOf(reference: Reference, node: Node | null, map_index: number, dictAs: "pairs" | "keys" | "error"): Later[] {
    switch (reference.type) {
      case "result": {
        const result = this.#result(reference.task, node, map_index);
        if (Array.isArray(result)) return (result as readonly Json[]).map((item) => () => item);
        // DTM417; DTM419 and DTM420: Airflow gives junk for a dict, which Fanout refuses.
        if (!isDict(result) || dictAs === "error") throw new Failed();
        const items = dictAs === "pairs" ? Object.entries(result) : Object.keys(result);
        return items.map((item) => () => item);
      }
      case "map":
        return this.#itemsOf(reference.of, node, map_index, "error").map((item) => () => apply(reference.fn, item()));
      case "concat":
        return reference.of.flatMap((part) => this.#itemsOf(part, node, map_index, "keys"));
      case "zip": {
        const parts = reference.of.map((part) => this.#itemsOf(part, node, map_index, "error"));
        const lengths = parts.map((part) => part.length);
        const length = "fill" in reference ? Math.max(...lengths) : Math.min(...lengths);
        const item = (part: readonly Later[], index: number): Json => (part[index] ?? (() => reference.fill ?? null))();
        return Array.from({ length }, (_, index) => () => parts.map((part) => item(part, index)));
      }
    }
  }

  #isMapped(task: string): boolean {
    return this.nodes.get(task)?.mapping !== null;
  }
}

/** Number of entries of a list or dict; null for everything else. */
export function lengthOf(value: Json): number | null {
  if (Array.isArray(value)) return value.length;
  return isDict(value) ? Object.keys(value).length : null;
}

function literalLength(value: Value): number {
  if (value.type === "list") return value.items.length;
  if (value.type === "dict") return value.entries.length;
  return value.type === "json" ? (lengthOf(value.value) ?? 0) : 0;
}

function isDict(value: Json): value is Dict {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function missing(): never {
  throw new RangeError("no such item");
}

/** The functions of the printed prelude, once more. */
function apply(fn: FunctionName, item: Json): Json {
  switch (fn) {
    case "wrap":
      return [item];
    case "kwargs":
      return { x: item };
    case "none":
      return null;
    case "skipOnes":
      if (item === 1) throw new Skipped();
      return item;
    case "failOnes":
      if (item === 1) throw new Failed();
      return item;
  }
}
