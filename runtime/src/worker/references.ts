import { isDict } from "../authoring/brand.js";
import type { Reference } from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";
import type { TaskFacts } from "../pool/messages.js";
import { lazyList } from "./lazyList.js";
import type { Results } from "./results.js";

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
    readonly results: Pick<Results, "single" | "parsed" | "row" | "pushed">,
    readonly positionOf: (task_id: string) => number,
  ) {}

  /** The value of a reference that is an input as it is. */
  value(reference: Reference, facts: TaskFacts): unknown {
    if (reference.type === "task" && reference.key !== null)
      return this.#entry(reference.task_id, reference.key, facts);
    if (reference.type === "task" && this.#rows(reference.task_id, facts) === undefined) {
      const text = this.results.single(this.positionOf(reference.task_id));
      return text === null ? null : JSON.parse(text);
    }
    const { length, at } = this.items(reference, facts);
    return lazyList(length, at);
  }

  /** What the instances of a task get that maps over the reference; a dict gives its `[key, value]` pairs. */
  items(reference: Reference, facts: TaskFacts): Items {
    switch (reference.type) {
      case "mapped_argument":
        throw new RangeError(`an argument of group '${reference.group_id}' has no items`);
      case "task":
        return this.#resultItems(reference.task_id, facts, "pairs");
      case "map":
        return mapItems(this.#part(reference.of, facts, "map"), reference.fn);
      case "zip": {
        const parts = reference.of.map((part) => this.#part(part, facts, "zip"));
        return "fillvalue" in reference ? zipLongest(parts, reference.fillvalue) : zipShortest(parts);
      }
      case "concat":
        return concatItems(reference.of.map((part) => this.#part(part, facts, "concat")));
    }
  }

  /** True where the reference is a result that is a dict. */
  isDict(reference: Reference, facts: TaskFacts): boolean {
    if (reference.type !== "task" || this.#rows(reference.task_id, facts) !== undefined) return false;
    return isDict(this.results.parsed(this.positionOf(reference.task_id)));
  }

  #part(reference: Reference, facts: TaskFacts, use: "map" | "zip" | "concat"): Items {
    if (reference.type !== "task") return this.items(reference, facts);
    return this.#resultItems(reference.task_id, facts, use === "concat" ? "keys" : use);
  }

  #resultItems(task_id: string, facts: TaskFacts, dictAs: "pairs" | "keys" | "map" | "zip"): Items {
    const position = this.positionOf(task_id);
    const rows = this.#rows(task_id, facts);
    if (rows !== undefined) {
      return { length: rows, at: (index) => JSON.parse(this.results.row(position, index)) as unknown };
    }
    const result = this.results.parsed(position);
    if (Array.isArray(result)) return listItems(result);
    if (!isDict(result)) throw notMappable(task_id, result);
    if (dictAs === "pairs") return listItems(Object.entries(result));
    // Airflow's concat goes over a dict as Python does: over its keys.
    if (dictAs === "keys") return listItems(Object.keys(result));
    throw dictInstead(task_id, dictAs);
  }

  #entry(task_id: string, key: string, facts: TaskFacts): unknown {
    // As Airflow: a key that was pushed, be it by multiple_outputs, before an entry of the result.
    const pushed = this.results.pushed(this.positionOf(task_id), key).map(({ json }) => json);
    const isMapped = this.#rows(task_id, facts) !== undefined;
    const [only] = pushed;
    if (isMapped && only !== undefined) {
      return lazyList(pushed.length, (index) => JSON.parse(pushed[index] ?? "null") as unknown);
    }
    if (only !== undefined) return JSON.parse(only);
    if (isMapped) throw noDict(task_id, key, "a list, because it is mapped");
    const result = this.results.parsed(this.positionOf(task_id));
    if (result === null) throw notFound(task_id, key, "returned nothing");
    if (!isDict(result)) throw noDict(task_id, key, Array.isArray(result) ? "a list" : `a ${typeof result}`);
    if (!Object.hasOwn(result, key)) throw notFound(task_id, key, `returned a dict without '${key}'`);
    return copyJson(result[key]);
  }

  /** Undefined where the task is not mapped. */
  #rows(task_id: string, facts: TaskFacts): number | undefined {
    return facts.rows[this.positionOf(task_id)];
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

function noDict(task_id: string, key: string, found: string): FanoutError {
  return new FanoutError("not-a-dict", `get('${key}') needs a dict, but the result of '${task_id}' is ${found}.`, {
    advice: "Use the whole result.",
  });
}

function notFound(task_id: string, key: string, found: string): FanoutError {
  return new FanoutError("xcom-not-found", `get('${key}') found nothing: '${task_id}' ${found}.`);
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
