import { isDict } from "../authoring/brand.js";
import type { Reference } from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";
import type { TaskFacts } from "../pool/messages.js";
import { lazyList } from "./lazyList.js";
import type { Results } from "./results.js";

/** The instance for which references are worked out. */
export interface Scope {
  readonly facts: TaskFacts;
  readonly map_index: number;
  /** What its mapped group gives it, by name, as far as it was asked for: map functions are called once. */
  readonly given: Map<string, unknown>;
}

type MappedArgument = Extract<Reference, { readonly type: "mapped_argument" }>;

/** Values one behind the other, each worked out only when it is asked for. */
export interface Items {
  readonly length: number;
  /** `index` must be from 0 to below `length`. Gives a copy of its own to whoever asks. */
  readonly at: (index: number) => unknown;
}

/**
 * Works out what references stand for, in the process of the instance that receives it.
 * Lengths, elements and order are Airflow's; where Airflow gives silent junk for a dict, this is refused.
 */
export class ReferenceReader {
  constructor(
    readonly results: Pick<Results, "single" | "parsed" | "row" | "pushed" | "at" | "pushedAt" | "textRead">,
    readonly positionOf: (task_id: string) => number,
    /** What an instance of a mapped group gets, as a whole. */
    readonly argument: (argument: MappedArgument, scope: Scope) => unknown,
  ) {}

  /** The value of a reference that is an input as it is. */
  value(reference: Reference, scope: Scope): unknown {
    if (reference.type === "mapped_argument") return this.#argumentValue(reference, scope);
    if (reference.type === "task" && reference.key !== null) {
      return this.#entry(reference.task_id, reference.key, scope);
    }
    if (reference.type === "task" && this.#rows(reference.task_id, scope) === undefined) {
      const text = this.#text(reference.task_id, scope);
      return text === null ? null : JSON.parse(text);
    }
    const { length, at } = this.items(reference, scope);
    return lazyList(length, at, () => this.results.textRead);
  }

  /** What the instances of a task get that maps over the reference; a dict gives its `[key, value]` pairs. */
  items(reference: Reference, scope: Scope): Items {
    switch (reference.type) {
      case "mapped_argument":
        throw new RangeError(`an argument of group '${reference.group_id}' has no items`);
      case "task":
        return this.#resultItems(reference.task_id, scope, "pairs");
      case "map":
        return mapItems(this.#part(reference.of, scope, "map"), reference.fn);
      case "zip": {
        const parts = reference.of.map((part) => this.#part(part, scope, "zip"));
        return "fillvalue" in reference ? zipLongest(parts, reference.fillvalue) : zipShortest(parts);
      }
      case "concat":
        return concatItems(reference.of.map((part) => this.#part(part, scope, "concat")));
    }
  }

  /** True where the reference is a result that is a dict. */
  isDict(reference: Reference, scope: Scope): boolean {
    if (reference.type !== "task" || this.#rows(reference.task_id, scope) !== undefined) return false;
    return isDict(this.#parsed(reference.task_id, scope));
  }

  #part(reference: Reference, scope: Scope, use: "map" | "zip" | "concat"): Items {
    if (reference.type !== "task") return this.items(reference, scope);
    return this.#resultItems(reference.task_id, scope, use === "concat" ? "keys" : use);
  }

  #resultItems(task_id: string, scope: Scope, dictAs: "pairs" | "keys" | "map" | "zip"): Items {
    const position = this.positionOf(task_id);
    const rows = this.#rows(task_id, scope);
    if (rows !== undefined) {
      return { length: rows, at: (index) => JSON.parse(this.results.row(position, index)) as unknown };
    }
    const result = this.#parsed(task_id, scope);
    if (Array.isArray(result)) return listItems(result);
    if (!isDict(result)) throw notMappable(task_id, result);
    if (dictAs === "pairs") return listItems(Object.entries(result));
    // Airflow's concat goes over a dict as Python does: over its keys.
    if (dictAs === "keys") return listItems(Object.keys(result));
    throw dictInstead(task_id, dictAs);
  }

  #entry(task_id: string, key: string, scope: Scope): unknown {
    // As Airflow: a key that was pushed, be it by multiple_outputs, before an entry of the result.
    const pushed = this.#pushed(task_id, key, scope);
    const isMapped = this.#rows(task_id, scope) !== undefined;
    const [only] = pushed;
    if (isMapped && only !== undefined) {
      return lazyList(pushed.length, (index) => JSON.parse(pushed[index] ?? "null") as unknown);
    }
    if (only !== undefined) return JSON.parse(only);
    if (isMapped) throw noDict(resultOf(task_id), key, "a list, because it is mapped");
    const result = this.#parsed(task_id, scope);
    if (result === null) throw notFound(`'${task_id}'`, key, "returned nothing");
    if (!isDict(result)) throw noDict(resultOf(task_id), key, kindOf(result));
    if (!Object.hasOwn(result, key)) throw notFound(`'${task_id}'`, key, `returned a dict without '${key}'`);
    return copyJson(result[key]);
  }

  #argumentValue(argument: MappedArgument, scope: Scope): unknown {
    const value = this.argument(argument, scope);
    const { name, key } = argument;
    if (key === null) return value;
    if (!isDict(value)) throw noDict(`the input '${name}'`, key, kindOf(value));
    if (!Object.hasOwn(value, key)) throw notFound(`the input '${name}'`, key, `is a dict without '${key}'`);
    return copyJson(value[key]);
  }

  /** Undefined where it is one task's one result, or that of one instance. */
  #rows(task_id: string, { facts }: Scope): number | undefined {
    return facts.rows[this.positionOf(task_id)];
  }

  /** JSON of what the task returned, in a mapped group at the same index; null where it returned nothing. */
  #text(task_id: string, { facts, map_index }: Scope): string | null {
    const position = this.positionOf(task_id);
    return facts.own.includes(position) ? this.results.at(position, map_index) : this.results.single(position);
  }

  /** The same as a value, which whoever hands parts of it out copies. */
  #parsed(task_id: string, scope: Scope): unknown {
    const position = this.positionOf(task_id);
    if (!scope.facts.own.includes(position)) return this.results.parsed(position);
    const text = this.#text(task_id, scope);
    return text === null ? null : JSON.parse(text);
  }

  /** JSON texts of what was pushed under a key, in a mapped group at the same index. */
  #pushed(task_id: string, key: string, { facts, map_index }: Scope): string[] {
    const position = this.positionOf(task_id);
    if (!facts.own.includes(position)) return this.results.pushed(position, key).map(({ json }) => json);
    const own = this.results.pushedAt(position, key, map_index);
    return own === undefined ? [] : [own];
  }
}

function listItems(list: readonly unknown[]): Items {
  return { length: list.length, at: (index) => copyJson(list[index]) };
}

function mapItems(items: Items, fn: (item: never) => unknown): Items {
  const at = (index: number): unknown => {
    const value = fn(items.at(index) as never);
    if (value instanceof Promise) {
      // Whatever becomes of it, the instance has failed already.
      value.catch(() => undefined);
      throw new FanoutError(
        "async-map",
        "The function of 'map' returned a promise, which nothing can wait for there.",
        {
          advice: "Give map() a function that is not async, or do the work in a task.",
        },
      );
    }
    return value ?? null;
  };
  return { length: items.length, at };
}

function zipShortest(parts: readonly Items[]): Items {
  const length = Math.min(...parts.map((part) => part.length));
  return { length, at: (index) => parts.map((part) => part.at(index)) };
}

function zipLongest(parts: readonly Items[], fillvalue: unknown): Items {
  const length = Math.max(...parts.map((part) => part.length));
  const at = (index: number): unknown =>
    parts.map((part) => (index < part.length ? part.at(index) : copyPlain(fillvalue)));
  return { length, at };
}

function concatItems(parts: readonly Items[]): Items {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const at = (index: number): unknown => {
    let rest = index;
    for (const part of parts) {
      if (rest < part.length) return part.at(rest);
      rest -= part.length;
    }
    throw new RangeError(`no item ${String(index)} in a list of ${String(length)}`);
  };
  return { length, at };
}

function notMappable(task_id: string, value: unknown): FanoutError {
  const found = value === null ? "nothing" : `a ${typeof value}`;
  return new FanoutError("not-mappable", `'${task_id}' returned ${found}, but a list or a dict is needed here.`, {
    advice: "Return a list or a dict.",
  });
}

function dictInstead(task_id: string, use: "map" | "zip"): FanoutError {
  return new FanoutError("not-a-list", `'${use}' needs lists, but '${task_id}' returned a dict.`, {
    advice: "Return a list of [key, value] pairs, or expand over the dict itself.",
  });
}

function resultOf(task_id: string): string {
  return `the result of '${task_id}'`;
}

function noDict(what: string, key: string, found: string): FanoutError {
  const message = `get('${key}') needs a dict, but ${what} is ${found}.`;
  return new FanoutError("not-a-dict", message, { advice: "Use the whole of it." });
}

function notFound(what: string, key: string, found: string): FanoutError {
  const advice = "Return a dict with that key, or use the whole result.";
  return new FanoutError("xcom-not-found", `get('${key}') found nothing: ${what} ${found}.`, { advice });
}

/** The person's word for what comes out of JSON and is no dict. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

/** What comes out of JSON is parsed once for all instances. */
function copyJson(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}

/** Lists and dicts of the person's code are copied, anything else in them is theirs. */
function copyPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyPlain);
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copyPlain(inner)]));
}
