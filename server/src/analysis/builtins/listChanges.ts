import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { ListValue, Value } from "../value.js";
import { MAX_ITEMS, UNDEFINED, constant, list, textOf, unknown } from "../values.js";
import { sliceBounds } from "./callbacks.js";

export interface ListCall {
  readonly interpreter: Interpreter;
  readonly receiver: ListValue;
  readonly args: readonly Value[];
  readonly site: ts.Node;
}

export function numberOf(value: Value | undefined): number | undefined {
  return value?.type === "const" && typeof value.value === "number" ? value.value : undefined;
}

/** Adding to a list under an undecided condition leaves its length unknown. */
export function insert({ interpreter, receiver }: ListCall, change: (items: Value[]) => number): Value {
  if (receiver.items.length < MAX_ITEMS) change(receiver.items);
  else receiver.complete = false;
  if (!interpreter.isCertainFor(receiver.certainty)) receiver.complete = false;
  return constant(receiver.items.length);
}

export function splice({ interpreter, receiver, args, site }: ListCall): Value {
  const [start, count, ...added] = args;
  const [from, length] = [numberOf(start), count === undefined ? Infinity : numberOf(count)];
  const isKnown = receiver.complete && from !== undefined && length !== undefined;
  if (!isKnown || !interpreter.isCertainFor(receiver.certainty)) {
    receiver.items.push(...added);
    receiver.complete = false;
    return unknown("which items are taken out is not known before a run", site);
  }
  return list(receiver.items.splice(from, length, ...added), interpreter.certainty);
}

export function fill(call: ListCall): Value {
  const [value = UNDEFINED, ...bounds] = call.args;
  const within = sliceBounds(bounds);
  if (within === undefined) call.receiver.complete = false;
  return inPlace(call, (items) => items.fill(value, within?.start, within?.end));
}

export function remove({ interpreter, receiver, site }: ListCall, take: (items: Value[]) => Value | undefined): Value {
  if (receiver.complete && interpreter.isCertainFor(receiver.certainty)) return take(receiver.items) ?? UNDEFINED;
  receiver.complete = false;
  return unknown("which item is taken is not known before a run", site);
}

export function inPlace({ interpreter, receiver }: ListCall, change: (items: Value[]) => unknown): Value {
  if (interpreter.isCertainFor(receiver.certainty)) change(receiver.items);
  else receiver.complete = false;
  return receiver;
}

export function sortInPlace(call: ListCall): Value {
  const { items, isKnown } = sorted(call);
  if (!isKnown) call.receiver.complete = false;
  return inPlace(call, (list) => list.splice(0, list.length, ...items));
}

/** In the order that the callback gives, or that of the items' texts; `isKnown` is false where that cannot be told. */
export function sorted({ interpreter, receiver, args: [callback], site }: ListCall): {
  items: Value[];
  isKnown: boolean;
} {
  let isKnown = true;
  const compare = (one: Value, other: Value): number => {
    if (callback === undefined) return compareTexts(one, other) ?? ((isKnown = false), 0);
    const order = numberOf(interpreter.call(callback, [one, other], site));
    isKnown &&= order !== undefined;
    return order ?? 0;
  };
  // What is undefined is always put last, unasked.
  const [last, others] = [receiver.items.filter(isUndefined), receiver.items.filter((item) => !isUndefined(item))];
  return { items: [...others.sort(compare), ...last], isKnown };
}

function isUndefined(value: Value): boolean {
  return value.type === "const" && value.value === undefined;
}

function compareTexts(one: Value, other: Value): number | undefined {
  const [left, right] = [textOf(one), textOf(other)];
  if (left === undefined || right === undefined) return undefined;
  return left === right ? 0 : left < right ? -1 : 1;
}
