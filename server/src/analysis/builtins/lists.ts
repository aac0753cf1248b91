import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { ListValue, Value } from "../value.js";
import { UNDEFINED, constant, list, textOf, textValue, truthOf, union, unknown } from "../values.js";
import { callbackResults, isSameValue, sliceBounds } from "./callbacks.js";
import { type ListCall, fill, inPlace, insert, numberOf, remove, sortInPlace, sorted, splice } from "./listChanges.js";

type ListMethod = (call: ListCall) => Value;

const METHODS: Readonly<Record<string, ListMethod>> = {
  at: ({ receiver, args, site }) => known(receiver, site, (items) => items.at(numberOf(args[0]) ?? 0) ?? UNDEFINED),
  concat: concat,
  entries: ({ interpreter, receiver }) =>
    derived(interpreter, receiver, (items) =>
      items.map((item, index) => list([constant(index), item], interpreter.certainty)),
    ),
  every: ({ receiver, args, site, interpreter }) => decide(interpreter, receiver, args, site, "every"),
  fill: fill,
  filter: filter,
  find: (call) => findItem(call, (items, index) => items[index] ?? UNDEFINED),
  findIndex: (call) => findItem(call, (_items, index) => constant(index)),
  findLast: (call) => findLast(call, (items, index) => items[index] ?? UNDEFINED),
  findLastIndex: (call) => findLast(call, (_items, index) => constant(index)),
  flat: flat,
  flatMap: (call) => {
    const results = callbackResults(call);
    return flatten(call.interpreter, results.items, results.complete);
  },
  forEach: (call) => {
    callbackResults(call);
    return UNDEFINED;
  },
  includes: (call) => search(call, (items, isSought) => items.some(isSought)),
  indexOf: (call) => search(call, (items, isSought) => items.findIndex(isSought)),
  join: join,
  keys: ({ interpreter, receiver }) =>
    derived(interpreter, receiver, (items) => items.map((_, index) => constant(index))),
  lastIndexOf: (call) => search(call, (items, isSought) => items.findLastIndex(isSought)),
  map: callbackResults,
  pop: (call) => remove(call, (items) => items.pop()),
  push: (call) => insert(call, (items) => items.push(...call.args)),
  reduce: (call) => reduce(call, [...call.receiver.items]),
  reduceRight: (call) => reduce(call, [...call.receiver.items].reverse()),
  reverse: (call) => inPlace(call, (items) => items.reverse()),
  shift: (call) => remove(call, (items) => items.shift()),
  slice: slice,
  some: ({ receiver, args, site, interpreter }) => decide(interpreter, receiver, args, site, "some"),
  sort: sortInPlace,
  splice: splice,
  toReversed: ({ interpreter, receiver }) => derived(interpreter, receiver, (items) => [...items].reverse()),
  toSorted: (call) => {
    const { items, isKnown } = sorted(call);
    return list(items, call.interpreter.certainty, call.receiver.complete && isKnown);
  },
  unshift: (call) => insert(call, (items) => items.unshift(...call.args)),
  values: ({ receiver }) => receiver,
};

export function isListMethod(name: string): boolean {
  return Object.hasOwn(METHODS, name);
}

export function callListMethod(
  interpreter: Interpreter,
  receiver: ListValue,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const method = isListMethod(name) ? METHODS[name] : undefined;
  return method?.({ interpreter, receiver, args, site }) ?? unknown(`'${name}' of a list is not followed`, site);
}

function known(receiver: ListValue, site: ts.Node, read: (items: readonly Value[]) => Value): Value {
  return receiver.complete ? read(receiver.items) : unknown("the list is not known in full before a run", site);
}

function derived(
  interpreter: Interpreter,
  receiver: ListValue,
  make: (items: readonly Value[]) => readonly Value[],
): ListValue {
  return list(make(receiver.items), interpreter.certainty, receiver.complete);
}

/** Where nobody can tell whether an item is the one that is sought, nobody can tell where it is. */
function search(
  { receiver, args: [sought = UNDEFINED], site }: ListCall,
  find: (items: readonly Value[], isSought: (item: Value) => boolean) => boolean | number,
): Value {
  const isUndecided = [...receiver.items, sought].some(({ type }) => ["unknown", "union", "pattern"].includes(type));
  if (isUndecided) return unknown("it depends on items that are not known before a run", site);
  return known(receiver, site, (items) => constant(find(items, (item) => isSameValue(item, sought))));
}

function concat({ interpreter, receiver, args }: ListCall): Value {
  const parts = args.map((arg) => (arg.type === "list" ? arg : list([arg], interpreter.certainty)));
  const complete = [receiver, ...parts].every((part) => part.complete);
  return list(
    [receiver, ...parts].flatMap((part) => part.items),
    interpreter.certainty,
    complete,
  );
}

function filter(call: ListCall): Value {
  const { interpreter, receiver } = call;
  const truths = callbackResults(call).items.map(truthOf);
  const kept = receiver.items.filter((_, index) => truths[index] !== false);
  const complete = receiver.complete && truths.every((truth) => truth !== undefined);
  return list(kept, interpreter.certainty, complete);
}

function findItem(call: ListCall, give: (items: readonly Value[], index: number) => Value): Value {
  const truths = callbackResults(call).items.map(truthOf);
  const index = truths.findIndex((truth) => truth !== false);
  if (!call.receiver.complete || (index >= 0 && truths[index] === undefined)) {
    return union([...call.receiver.items, unknown("which item is found is not known before a run", call.site)]);
  }
  return give(call.receiver.items, index);
}

function decide(
  interpreter: Interpreter,
  receiver: ListValue,
  args: readonly Value[],
  site: ts.Node,
  method: "some" | "every",
): Value {
  const truths = callbackResults({ interpreter, receiver, args, site }).items.map(truthOf);
  const decisive = method === "some";
  if (truths.includes(decisive)) return constant(decisive);
  return receiver.complete && !truths.includes(undefined)
    ? constant(!decisive)
    : unknown("it depends on items that are not known before a run", site);
}

/** As deep as is asked for; `Infinity` included. */
function flat({ interpreter, receiver, args: [depth], site }: ListCall): Value {
  const levels = depth === undefined ? 1 : numberOf(depth);
  if (levels === undefined) return unknown("how deep the list is flattened is not known before a run", site);
  let flattened = receiver;
  for (let level = 0; level < levels && (level === 0 || flattened.items.some(isList)); level++)
    flattened = flatten(interpreter, flattened.items, flattened.complete);
  return flattened;
}

function isList(value: Value): boolean {
  return value.type === "list";
}

function flatten(interpreter: Interpreter, items: readonly Value[], complete: boolean): ListValue {
  const flat = items.flatMap((item) => (item.type === "list" ? item.items : [item]));
  const isKnown = items.every((item) => (item.type === "list" ? item.complete : item.type !== "unknown"));
  return list(flat, interpreter.certainty, complete && isKnown);
}

function join({ receiver, args, site }: ListCall): Value {
  const separator = args[0] === undefined ? "," : (textOf(args[0]) ?? "*");
  return known(receiver, site, (items) => textValue(items.map((item) => textOf(item) ?? "*").join(separator)));
}

function reduce({ interpreter, receiver, args, site }: ListCall, items: Value[]): Value {
  const [callback, initial] = args;
  if (callback === undefined) return UNDEFINED;
  if (!receiver.complete) items.push(unknown("it is an item of a list that is not known in full", site));
  let result = initial ?? items.shift() ?? UNDEFINED;
  const cause = { what: "loop", reason: "the list is not known in full before a run", node: site } as const;
  const fold = (): void => {
    for (const [index, item] of items.entries())
      result = interpreter.call(callback, [result, item, constant(index)], site);
  };
  if (receiver.complete) fold();
  else interpreter.perhaps(cause, fold);
  return result;
}

function slice({ interpreter, receiver, args, site }: ListCall): Value {
  const bounds = sliceBounds(args);
  if (bounds === undefined || !receiver.complete)
    return unknown("which items are taken is not known before a run", site);
  return list(receiver.items.slice(bounds.start, bounds.end), interpreter.certainty);
}

function findLast(call: ListCall, give: (items: readonly Value[], index: number) => Value): Value {
  const truths = callbackResults(call).items.map(truthOf);
  if (!call.receiver.complete || truths.includes(undefined)) {
    return union([...call.receiver.items, unknown("which item is found is not known before a run", call.site)]);
  }
  return give(call.receiver.items, truths.lastIndexOf(true));
}
