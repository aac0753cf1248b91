import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { ListValue, Value } from "../value.js";
import { MAX_ITEMS, UNDEFINED, constant, list, textOf, textValue, truthOf, union, unknown } from "../values.js";
import { callbackResults, isSameValue, sliceBounds } from "./callbacks.js";

interface ListCall {
  readonly interpreter: Interpreter;
  readonly receiver: ListValue;
  readonly args: readonly Value[];
  readonly site: ts.Node;
}

type ListMethod = (call: ListCall) => Value;

const METHODS: Readonly<Record<string, ListMethod>> = {
  at: ({ receiver, args, site }) => known(receiver, site, (items) => items.at(numberOf(args[0]) ?? 0) ?? UNDEFINED),
  concat: concat,
  entries: ({ interpreter, receiver }) =>
    derived(interpreter, receiver, (items) =>
      items.map((item, index) => list([constant(index), item], interpreter.certainty)),
    ),
  every: ({ receiver, args, site, interpreter }) => decide(interpreter, receiver, args, site, "every"),
  filter: filter,
  find: (call) => findItem(call, (items, index) => items[index] ?? UNDEFINED),
  findIndex: (call) => findItem(call, (_items, index) => constant(index)),
  flat: ({ interpreter, receiver }) => flatten(interpreter, receiver.items, receiver.complete),
  flatMap: (call) => {
    const results = callbackResults(call);
    return flatten(call.interpreter, results.items, results.complete);
  },
  forEach: (call) => {
    callbackResults(call);
    return UNDEFINED;
  },
  includes: ({ receiver, args, site }) =>
    known(receiver, site, (items) => constant(items.some((item) => isSameValue(item, args[0])))),
  indexOf: ({ receiver, args, site }) =>
    known(receiver, site, (items) => constant(items.findIndex((item) => isSameValue(item, args[0])))),
  join: join,
  keys: ({ interpreter, receiver }) =>
    derived(interpreter, receiver, (items) => items.map((_, index) => constant(index))),
  map: callbackResults,
  pop: (call) => remove(call, (items) => items.pop()),
  push: (call) => insert(call, (items) => items.push(...call.args)),
  reduce: (call) => reduce(call, [...call.receiver.items]),
  reduceRight: (call) => reduce(call, [...call.receiver.items].reverse()),
  reverse: (call) => inPlace(call, (items) => items.reverse()),
  shift: (call) => remove(call, (items) => items.shift()),
  slice: slice,
  some: ({ receiver, args, site, interpreter }) => decide(interpreter, receiver, args, site, "some"),
  sort: (call) => inPlace(call, sortTexts),
  toReversed: ({ interpreter, receiver }) => derived(interpreter, receiver, (items) => [...items].reverse()),
  toSorted: ({ interpreter, receiver }) =>
    list(sortTexts([...receiver.items]), interpreter.certainty, receiver.complete),
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

function numberOf(value: Value | undefined): number | undefined {
  return value?.type === "const" && typeof value.value === "number" ? value.value : undefined;
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

/** Adding to a list under an undecided condition leaves its length unknown. */
function insert({ interpreter, receiver }: ListCall, change: (items: Value[]) => number): Value {
  if (receiver.items.length < MAX_ITEMS) change(receiver.items);
  else receiver.complete = false;
  if (!interpreter.isCertainFor(receiver.certainty)) receiver.complete = false;
  return constant(receiver.items.length);
}

function remove({ interpreter, receiver, site }: ListCall, take: (items: Value[]) => Value | undefined): Value {
  if (receiver.complete && interpreter.isCertainFor(receiver.certainty)) return take(receiver.items) ?? UNDEFINED;
  receiver.complete = false;
  return unknown("which item is taken is not known before a run", site);
}

function inPlace({ interpreter, receiver }: ListCall, change: (items: Value[]) => unknown): Value {
  if (interpreter.isCertainFor(receiver.certainty)) change(receiver.items);
  else receiver.complete = false;
  return receiver;
}

function sortTexts(items: Value[]): Value[] {
  if (!items.every((item) => item.type === "const")) return items;
  return items.sort((one, other) => (String(textOf(one)) < String(textOf(other)) ? -1 : 1));
}
