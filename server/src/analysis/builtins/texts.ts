import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Primitive, Value } from "../value.js";
import { constant, list, textValue, unknown } from "../values.js";

/** Methods of texts and numbers that only look at what they are given. */
const TEXT_METHODS = [
  ...["at", "charAt", "concat", "endsWith", "includes", "indexOf", "lastIndexOf", "padEnd", "padStart", "repeat"],
  ...["replace", "replaceAll", "slice", "split", "startsWith", "substring", "toLowerCase", "toUpperCase", "trim"],
  ...["trimEnd", "trimStart", "toString", "toFixed", "valueOf"],
] as const;

const names: ReadonlySet<string> = new Set(TEXT_METHODS);

/** A text longer than this is no name of anything. */
const MAX_LENGTH = 10_000;

export function isTextMethod(name: string): boolean {
  return names.has(name);
}

export function callTextMethod(
  interpreter: Interpreter,
  receiver: Value,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const values = args.map((arg) => (arg.type === "const" ? arg.value : NOT_CONSTANT));
  if (receiver.type !== "const" || values.includes(NOT_CONSTANT)) {
    return name === "split" ? unknown("the text is not known in full before a run", site) : textValue("*");
  }
  const result = callNative(receiver.value, name, values);
  if (Array.isArray(result)) return list(result.map(constant), interpreter.certainty);
  return isPrimitive(result) ? constant(result) : unknown(`'${name}' cannot be called here`, site);
}

const NOT_CONSTANT = Symbol("not a constant");

function callNative(receiver: Primitive, name: string, args: readonly unknown[]): unknown {
  const method: unknown = (Object(receiver) as Record<string, unknown>)[name];
  const isTooLong = name === "repeat" || name.startsWith("pad") ? Number(args[0]) > MAX_LENGTH : false;
  if (typeof method !== "function" || isTooLong) return NOT_CONSTANT;
  try {
    return Reflect.apply(method as (...args: unknown[]) => unknown, receiver, args);
  } catch {
    return NOT_CONSTANT; // e.g. a number out of range: running the file fails as well
  }
}

function isPrimitive(value: unknown): value is Primitive {
  return value === null || !["object", "function", "symbol"].includes(typeof value);
}
