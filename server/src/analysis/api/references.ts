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
export function derive(
  interpreter: Interpreter,
  receiver: XComValue,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  switch (name) {
    case "get":
      return derived(interpreter, "get", [receiver], undefined, { site, args });
    case "map":
      return derived(interpreter, "map", [receiver], receiver.length, { site, args });
    case "concat": {
      tellHidden(interpreter, args, site);
      const of = [receiver, ...args];
      const length = allLengths(of)?.reduce((sum, part) => sum + part, 0);
      return derived(interpreter, "concat", of, length, { site, args });
    }
    case "zip": {
      const options = args.at(-1)?.type === "dict" ? args.at(-1) : undefined;
      const others = options === undefined ? args : args.slice(0, -1);
      tellHidden(interpreter, others, site);
      const of = [receiver, ...others];
      return derived(interpreter, "zip", of, zipLength(of, options), { site, args });
    }
    default:
      return unknown(`'${name}' of a result is not known before a run`, site);
  }
}

function zipLength(of: readonly Value[], options: Value | undefined): number | undefined {
  const lengths = allLengths(of);
  if (lengths === undefined) return undefined;
  if (options?.type !== "dict") return Math.min(...lengths);
  if (options.entries.has("fillvalue")) return Math.max(...lengths);
  return options.complete ? Math.min(...lengths) : undefined;
}

/** Undefined where one is not known; only results can be zipped and concatenated. */
function allLengths(of: readonly Value[]): number[] | undefined {
  const lengths = of.map((part) => (part.type === "xcom" || part.type === "union" ? lengthOf(part) : undefined));
  return lengths.every((length) => length !== undefined) ? lengths : undefined;
}

/** What is not known may be the result of a task that reading does not see. */
function tellHidden(interpreter: Interpreter, others: readonly Value[], site: ts.Node): void {
  const hidden = others.find((other) => other.type === "unknown");
  if (hidden?.type !== "unknown") return;
  interpreter.dag?.addUnresolved({
    what: "inputs",
    reason: hidden.reason,
    node: interpreter.siteOf(site) ?? site,
  });
}

function derived(
  interpreter: Interpreter,
  form: XComValue["form"],
  of: readonly Value[],
  length: number | undefined,
  call: NonNullable<XComValue["call"]>,
): XComValue {
  const value: XComValue = { type: "xcom", form, task: undefined, of, length, call };
  interpreter.findings.addReferenceSite(call.site);
  interpreter.observe("derived-reference", call.site, value);
  return value;
}
