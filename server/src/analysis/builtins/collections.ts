import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { CollectionValue, ListValue, Value } from "../value.js";
import { UNDEFINED, constant, itemsOf, list, union, unknown } from "../values.js";
import { callbackResults, isSameValue } from "./callbacks.js";

/** `new Set(…)` and `new Map(…)`; undefined for every other class of the language. */
export function constructCollection(
  interpreter: Interpreter,
  name: string,
  args: readonly Value[],
): CollectionValue | undefined {
  if (name !== "Set" && name !== "Map") return undefined;
  const [source] = args;
  const given = source === undefined ? [] : itemsOf(source);
  const items = list([], interpreter.certainty, given !== undefined);
  const made: CollectionValue = { type: "collection", kind: name, items };
  for (const item of given ?? []) add(interpreter, made, item);
  return made;
}

export function callCollectionMethod(
  interpreter: Interpreter,
  receiver: CollectionValue,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const { items, kind } = receiver;
  switch (name) {
    case "add":
      add(interpreter, receiver, args[0] ?? UNDEFINED);
      return receiver;
    case "set":
      add(interpreter, receiver, list(args.slice(0, 2), interpreter.certainty));
      return receiver;
    case "clear":
      change(interpreter, receiver, (all) => void all.splice(0));
      return UNDEFINED;
    case "delete": {
      const [key = UNDEFINED] = args;
      const found = find(receiver, "has", key, site);
      if (key.type !== "const") items.complete = false;
      change(interpreter, receiver, (all) => {
        const place = all.findIndex((item) => isSameValue(keyOf(kind, item), key));
        if (place >= 0) all.splice(place, 1);
      });
      return found;
    }
    case "has":
    case "get":
      return find(receiver, name, args[0], site);
    case "forEach":
      return forEach(interpreter, receiver, args, site);
    case "entries":
      return items;
    case "keys":
      return part(interpreter, items, kind === "Map" ? 0 : undefined);
    default:
      return part(interpreter, items, kind === "Map" ? 1 : undefined);
  }
}

/** The callback gets the value, then the key. */
function forEach(
  interpreter: Interpreter,
  { items, kind }: CollectionValue,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const [callback] = args;
  if (!items.complete || callback === undefined) callbackResults({ interpreter, receiver: items, args, site });
  else {
    for (const item of [...items.items]) {
      const value = kind === "Map" && item.type === "list" ? (item.items[1] ?? UNDEFINED) : item;
      interpreter.call(callback, [value, keyOf(kind, item)], site);
    }
  }
  return UNDEFINED;
}

function add(interpreter: Interpreter, { items, kind }: CollectionValue, item: Value): void {
  const key = keyOf(kind, item);
  const place = items.items.findIndex((other) => isSameValue(keyOf(kind, other), key));
  if (!interpreter.isCertainFor(items.certainty) || key.type === "unknown") items.complete = false;
  if (place < 0) items.items.push(item);
  else if (kind === "Map") items.items[place] = item;
}

/** Taking something out under an undecided condition leaves open what it holds. */
function change(interpreter: Interpreter, { items }: CollectionValue, how: (all: Value[]) => void): void {
  if (interpreter.isCertainFor(items.certainty)) how(items.items);
  else items.complete = false;
}

function find({ items, kind }: CollectionValue, name: "has" | "get", key: Value | undefined, site: ts.Node): Value {
  const found = items.items.find((item) => isSameValue(keyOf(kind, item), key));
  if (!items.complete || key?.type === "unknown")
    return unknown("what it holds is not known in full before a run", site);
  if (name === "has") return constant(found !== undefined);
  return found?.type === "list" ? (found.items[1] ?? UNDEFINED) : UNDEFINED;
}

function keyOf(kind: CollectionValue["kind"], item: Value): Value {
  if (kind === "Set") return item;
  return item.type === "list" ? (item.items[0] ?? UNDEFINED) : item;
}

function part(interpreter: Interpreter, items: ListValue, index: number | undefined): ListValue {
  if (index === undefined) return items;
  const parts = items.items.map((item) => (item.type === "list" ? (item.items[index] ?? UNDEFINED) : union([item])));
  return list(parts, interpreter.certainty, items.complete);
}
