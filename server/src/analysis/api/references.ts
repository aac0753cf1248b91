import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Value, XComValue } from "../value.js";
import { UNDEFINED, lengthOf, unknown } from "../values.js";
import { link } from "./dependencies.js";

/** `set_upstream` and `set_downstream` of references, operators and groups. */
export function callDependencyMethod(
  interpreter: Interpreter,
  receiver: Value,
  name: string,
  other: Value = UNDEFINED,
  site: ts.Node,
): Value | undefined {
  if (name === "set_downstream") return link(interpreter, receiver, other, site);
  if (name === "set_upstream") return link(interpreter, other, receiver, site);
  return undefined;
}

/** `get`, `map`, `zip` and `concat` of a reference. */
export function derive(receiver: XComValue, name: string, args: readonly Value[], site: ts.Node): Value {
  const others = args.filter((arg) => arg.type === "xcom" || arg.type === "list");
  const of: readonly Value[] = [receiver, ...others];
  const lengths = of.map(lengthOf).filter((length) => length !== undefined);
  const allKnown = lengths.length === of.length;
  switch (name) {
    case "get":
      return derived("get", [receiver], undefined);
    case "map":
      return derived("map", [receiver], receiver.length);
    case "concat":
      return derived("concat", of, allKnown ? lengths.reduce((sum, length) => sum + length, 0) : undefined);
    case "zip": {
      const fills = args.some((arg) => arg.type === "dict");
      return derived("zip", of, allKnown ? (fills ? Math.max(...lengths) : Math.min(...lengths)) : undefined);
    }
    default:
      return unknown(`'${name}' of a result is not known before a run`, site);
  }
}

function derived(form: XComValue["form"], of: readonly Value[], length: number | undefined): XComValue {
  return { type: "xcom", form, task: undefined, of, length };
}
