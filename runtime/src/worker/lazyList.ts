import { inspect } from "node:util";

const KEPT_VALUES = 4096;
/** Characters of results that are kept as values: 4,096 results of a megabyte each would be all of the memory there is. */
const KEPT_TEXT = 16 * 1024 * 1024;
const PRINTED_VALUES = 100;
const INDEX = /^(?:0|[1-9]\d{0,15})$/;

/**
 * A read-only array whose items are read when they are touched: what a task receives for the results of a mapped
 * task. Every array method and JSON work on it, `Array.isArray` is true, and writing throws.
 *
 * `textRead` counts the characters of all results that were read so far, so that few of them are kept where they are long.
 */
export function lazyList(
  length: number,
  read: (index: number) => unknown,
  textRead: () => number = () => 0,
): readonly unknown[] {
  const kept = new Map<number, unknown>();
  let keptSince = textRead();
  const at = (index: number): unknown => {
    if (kept.has(index)) return kept.get(index);
    if (kept.size >= KEPT_VALUES || textRead() - keptSince > KEPT_TEXT) {
      kept.clear();
      keptSince = textRead();
    }
    const value = read(index);
    kept.set(index, value);
    return value;
  };
  const target: unknown[] = [];
  target.length = length;
  Object.defineProperty(target, inspect.custom, { value: () => print(length, at), configurable: true });
  return new Proxy(target, handlerOf(length, at));
}

function handlerOf(length: number, at: (index: number) => unknown): ProxyHandler<unknown[]> {
  const indexOf = (key: string | symbol): number => {
    const index = typeof key === "string" && INDEX.test(key) ? Number(key) : -1;
    return index < length ? index : -1;
  };
  return {
    get: (target, key, receiver) => {
      const index = indexOf(key);
      return index < 0 ? (Reflect.get(target, key, receiver) as unknown) : at(index);
    },
    has: (target, key) => indexOf(key) >= 0 || Reflect.has(target, key),
    ownKeys: (target) => [...Array.from({ length }, (_, index) => String(index)), ...Reflect.ownKeys(target)],
    getOwnPropertyDescriptor: (target, key) => {
      const index = indexOf(key);
      if (index < 0) return Reflect.getOwnPropertyDescriptor(target, key);
      return { value: at(index), writable: true, enumerable: true, configurable: true };
    },
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
    preventExtensions: refuse,
    setPrototypeOf: refuse,
  };
}

function refuse(): never {
  throw new TypeError("The results of a mapped task are read-only: copy them with [...list] before changing them.");
}

function print(length: number, at: (index: number) => unknown): unknown {
  const shown = Array.from({ length: Math.min(length, PRINTED_VALUES) }, (_, index) => at(index));
  const more = length - shown.length;
  return more > 0 ? [...shown, `… ${String(more)} more`] : shown;
}
