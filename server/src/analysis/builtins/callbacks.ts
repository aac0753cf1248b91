import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { ListValue, Value } from "../value.js";
import { constant, list, unknown } from "../values.js";

/** Of a list that is not known in full, so many items show what happens to each. */
export const MAX_EXAMPLES = 100;

export interface CallbackCall {
  readonly interpreter: Interpreter;
  readonly receiver: ListValue;
  readonly args: readonly Value[];
  readonly site: ts.Node;
}

/** What a callback gives for each item; of a list that is not known in full, as far as its items are known. */
export function callbackResults({ interpreter, receiver, args, site }: CallbackCall): ListValue {
  const [callback] = args;
  if (callback === undefined) return list([], interpreter.certainty, false);
  const run = (items: readonly Value[]): Value[] =>
    items.map((item, index) => interpreter.call(callback, [item, constant(index), receiver], site));
  if (receiver.complete) return list(run([...receiver.items]), interpreter.certainty);
  const cause = { what: "loop", reason: "the list is not known in full before a run", node: site } as const;
  const example = unknown("it is an item of a list that is not known in full", site);
  const items = receiver.items.length > 0 ? receiver.items.slice(0, MAX_EXAMPLES) : [example];
  return list(
    interpreter.perhaps(cause, () => run([...items])),
    interpreter.certainty,
    false,
  );
}

export function isSameValue(one: Value, other: Value | undefined): boolean {
  return one === other || (one.type === "const" && other?.type === "const" && Object.is(one.value, other.value));
}

/** The arguments of `slice`, or undefined where they are not known. */
export function sliceBounds(args: readonly Value[]): { readonly start: number; readonly end: number } | undefined {
  const [start = 0, end = Infinity] = args.map((arg) => (arg.type === "const" ? Number(arg.value ?? 0) : NaN));
  return Number.isNaN(start) || Number.isNaN(end) ? undefined : { start, end };
}
