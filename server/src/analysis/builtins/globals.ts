import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import { enumEntries } from "../symbols.js";
import type { DictValue, Primitive, Value } from "../value.js";
import {
  MAX_ITEMS,
  UNDEFINED,
  constant,
  dict,
  entriesOf,
  itemsOf,
  list,
  patternOf,
  textValue,
  truthOf,
  unknown,
} from "../values.js";
import { callbackResults } from "./callbacks.js";

interface GlobalCall {
  readonly interpreter: Interpreter;
  readonly args: readonly Value[];
  readonly site: ts.Node;
}

type GlobalFunction = (call: GlobalCall) => Value | undefined;

const FUNCTIONS: Readonly<Record<string, GlobalFunction>> = {
  Array: ({ interpreter, args }) => newArray(interpreter, args),
  "Array.from": arrayFrom,
  "Array.isArray": ({ args: [value] }) => (value?.type === "unknown" ? undefined : constant(value?.type === "list")),
  "Array.of": ({ interpreter, args }) => list(args, interpreter.certainty),
  Boolean: ({ args: [value = UNDEFINED] }) => {
    const truth = truthOf(value);
    return truth === undefined ? undefined : constant(truth);
  },
  "JSON.stringify": () => textValue("*"),
  "Math.abs": calculate(Math.abs),
  "Math.ceil": calculate(Math.ceil),
  "Math.floor": calculate(Math.floor),
  "Math.max": calculate(Math.max),
  "Math.min": calculate(Math.min),
  "Math.round": calculate(Math.round),
  Number: calculate(Number),
  "Object.assign": assign,
  "Object.entries": ({ interpreter, args: [value] }) =>
    ofDict(interpreter, value, (name, entry) => list([constant(name), entry], interpreter.certainty)),
  "Object.freeze": ({ args: [value] }) => value,
  "Object.fromEntries": fromEntries,
  "Object.keys": ({ interpreter, args: [value] }) => ofDict(interpreter, value, constant),
  "Object.values": ({ interpreter, args: [value] }) => ofDict(interpreter, value, (_name, entry) => entry),
  parseFloat: calculate(parseFloat),
  parseInt: calculate(parseInt),
  String: ({ args: [value] }) => (value?.type === "unknown" ? undefined : textValue(patternOf(value))),
};

/** Calls a function of the language; undefined where what it does is not known. */
export function callGlobal(
  interpreter: Interpreter,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]?.({ interpreter, args, site }) : undefined;
}

/** `Array(3)`, with or without `new`: three times undefined. */
export function newArray(interpreter: Interpreter, args: readonly Value[]): Value {
  const [length] = args;
  const isLength = args.length === 1 && length?.type === "const" && typeof length.value === "number";
  return list(isLength ? repeat(Number(length.value)) : args, interpreter.certainty);
}

/** One item more than a list may have shows that there are too many. */
function repeat(length: number): Value[] {
  const size = Number.isInteger(length) && length >= 0 ? Math.min(length, MAX_ITEMS + 1) : 0;
  return Array.from({ length: size }, () => UNDEFINED);
}

function arrayFrom({ interpreter, args, site }: GlobalCall): Value {
  const [source, callback] = args;
  const length = source?.type === "dict" ? source.entries.get("length")?.value : undefined;
  const isLength = length?.type === "const" && typeof length.value === "number";
  const items = isLength ? repeat(Number(length.value)) : itemsOf(source);
  const made = list(items ?? [], interpreter.certainty, items !== undefined);
  return callback === undefined ? made : callbackResults({ interpreter, receiver: made, args: [callback], site });
}

function calculate(fn: (...args: never[]) => number): GlobalFunction {
  return ({ args, site }) => {
    if (!args.every((arg) => arg.type === "const")) return unknown("it is calculated from something unknown", site);
    const values: Primitive[] = args.map((arg) => (arg.type === "const" ? arg.value : undefined));
    try {
      return constant(fn(...(values as never[])));
    } catch {
      return unknown("the calculation fails", site);
    }
  };
}

function ofDict(
  interpreter: Interpreter,
  value: Value | undefined,
  give: (name: string, entry: Value) => Value,
): Value | undefined {
  if (value?.type === "namespace") {
    const members = enumEntries(interpreter.checker, value.symbol);
    return (
      members &&
      list(
        members.map(([name, member]) => give(name, constant(member))),
        interpreter.certainty,
      )
    );
  }
  if (value?.type !== "dict") return undefined;
  const items = entriesOf(value).map(([name, entry]) => give(name, entry.value));
  return list(items, interpreter.certainty, value.complete);
}

function assign({ interpreter, args }: GlobalCall): Value | undefined {
  const [target, ...sources] = args;
  if (target?.type !== "dict" || !interpreter.isCertainFor(target.certainty)) return undefined;
  for (const source of sources) merge(target, source);
  return target;
}

function merge(target: DictValue, source: Value): void {
  if (source.type !== "dict") {
    target.complete = false;
    return;
  }
  for (const [name, entry] of source.entries) target.entries.set(name, entry);
  target.complete &&= source.complete;
}

function fromEntries({ interpreter, args: [value] }: GlobalCall): Value | undefined {
  const made = dict([], interpreter.certainty);
  for (const pair of itemsOf(value) ?? [undefined]) {
    const [key, entry] = itemsOf(pair) ?? [];
    if (key?.type === "const" && entry !== undefined)
      made.entries.set(String(key.value), { value: entry, site: undefined });
    else made.complete = false;
  }
  return made;
}
