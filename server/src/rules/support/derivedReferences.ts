import type { FileFacts } from "../../analysis/facts.js";
import type { Value, XComValue } from "../../analysis/value.js";
import type { ts } from "ts-morph";

/** `get`, `map`, `zip` or `concat` of a reference. */
export interface DerivedReference {
  readonly value: XComValue;
  /** The reference it is called of. */
  readonly receiver: Value;
  readonly args: readonly Value[];
  /** The call, and the one in the checked file that led to it. */
  readonly call: ts.Node;
  readonly site: ts.Node;
}

/** All that the file makes of references, whether or not it is given to anything. */
export function* derivedReferences(
  facts: FileFacts,
  ...forms: readonly XComValue["form"][]
): Generator<DerivedReference> {
  for (const { kind, value, node, site } of facts.observations) {
    if (kind !== "derived-reference" || value.type !== "xcom" || !forms.includes(value.form)) continue;
    const [receiver] = value.of;
    if (receiver !== undefined) yield { value, receiver, args: value.call?.args ?? [], call: node, site };
  }
}

/** The entry of a result that lies in a value, at any depth of lists and dicts; what is not known holds none. */
export function entryIn(value: Value, seen = new Set<Value>()): XComValue | undefined {
  if (seen.has(value)) return undefined;
  seen.add(value);
  if (value.type === "xcom") return value.form === "get" ? value : undefined;
  if (value.type === "list") return firstEntry(value.items, seen);
  if (value.type === "dict")
    return firstEntry(
      [...value.entries.values()].map((entry) => entry.value),
      seen,
    );
  return undefined;
}

function firstEntry(values: readonly Value[], seen: Set<Value>): XComValue | undefined {
  for (const value of values) {
    const found = entryIn(value, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
