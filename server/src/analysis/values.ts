import type { ts } from "ts-morph";
import type { Certainty } from "./scope.js";
import type {
  Arguments,
  ConstValue,
  DictEntry,
  DictValue,
  ListValue,
  Primitive,
  TaskHandle,
  UnknownValue,
  Value,
} from "./value.js";

/** A union of more members says nothing that helps anybody. */
const MAX_UNION = 8;

/** More than any DAG has tasks; a literal that is mapped over may be longer, but nobody needs its items. */
export const MAX_ITEMS = 10_000;

/** A longer text is no name of anything. */
const MAX_TEXT = 10_000;

export const UNDEFINED: ConstValue = { type: "const", value: undefined };

export function constant(value: Primitive): ConstValue {
  return { type: "const", value };
}

export function unknown(reason: string, node: ts.Node | undefined): UnknownValue {
  return { type: "unknown", reason, node };
}

/** A list that grows beyond `MAX_ITEMS` is cut off there, and known to be incomplete. */
export function list(items: readonly Value[], certainty: Certainty, complete = true): ListValue {
  const isTooLong = items.length > MAX_ITEMS;
  return { type: "list", items: items.slice(0, MAX_ITEMS), complete: complete && !isTooLong, certainty };
}

export function dict(
  entries: Iterable<readonly [string, DictEntry]>,
  certainty: Certainty,
  complete = true,
): DictValue {
  return { type: "dict", entries: new Map(entries), complete, certainty };
}

/** The values as one, without repeated constants. */
export function union(values: readonly Value[]): Value {
  const members: Value[] = [];
  for (const value of values.flatMap((member) => (member.type === "union" ? member.of : [member]))) {
    if (!members.some((member) => isSame(member, value))) members.push(value);
  }
  const [first] = members;
  if (first === undefined) return UNDEFINED;
  if (members.length === 1) return first;
  if (members.length > MAX_UNION) return unknown("it depends on too many conditions", undefined);
  return { type: "union", of: members };
}

function isSame(one: Value, other: Value): boolean {
  if (one === other) return true;
  return one.type === "const" && other.type === "const" && Object.is(one.value, other.value);
}

/** The text of a constant in a template; undefined where it is not known in full. */
export function textOf(value: Value | undefined): string | undefined {
  return value?.type === "const" ? String(value.value) : undefined;
}

/** The same with `*` for what is not known. */
export function patternOf(value: Value | undefined): string {
  return value?.type === "pattern" ? value.text : (textOf(value) ?? "*");
}

export function textValue(text: string): Value {
  if (text.length > MAX_TEXT) return { type: "pattern", text: "*" };
  return text.includes("*") ? { type: "pattern", text } : constant(text);
}

/** What the value is in a condition; undefined where that depends on something unknown. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.type) {
    case "const":
      return Boolean(value.value);
    case "unknown":
    case "pattern":
      return undefined;
    case "union": {
      const truths = new Set(value.of.map(truthOf));
      return truths.size === 1 ? [...truths][0] : undefined;
    }
    case "api":
    case "bound-method":
    case "class":
    case "collection":
    case "dag":
    case "dict":
    case "function":
    case "global":
    case "group":
    case "group-function":
    case "instance":
    case "list":
    case "namespace":
    case "operator":
    case "operator-class":
    case "partial":
    case "task-function":
    case "xcom":
      return true;
  }
}

export function isNullish(value: Value): boolean {
  return value.type === "const" && (value.value === null || value.value === undefined);
}

/** The items that a loop or spread goes over; undefined where they are not all known. */
export function itemsOf(value: Value | undefined): readonly Value[] | undefined {
  if (value?.type === "list") return value.complete ? [...value.items] : undefined;
  if (value?.type === "const" && typeof value.value === "string") return [...value.value].map(constant);
  if (value?.type === "collection") return itemsOf(value.items);
  return undefined;
}

/** The tasks whose results a value refers to, at any depth of lists and dicts, in order. */
export function tasksOf(value: Value | undefined): TaskHandle[] {
  const found = new Set<TaskHandle>();
  collectTasks(value, found, new Set());
  return [...found];
}

function collectTasks(value: Value | undefined, found: Set<TaskHandle>, seen: Set<Value>): void {
  if (value === undefined || seen.has(value)) return;
  seen.add(value);
  if (value.type === "xcom") {
    if (value.task !== undefined) found.add(value.task);
    for (const part of value.of) collectTasks(part, found, seen);
  } else if (value.type === "list") {
    for (const item of value.items) collectTasks(item, found, seen);
  } else if (value.type === "dict") {
    for (const entry of value.entries.values()) collectTasks(entry.value, found, seen);
  } else if (value.type === "union") {
    for (const member of value.of) collectTasks(member, found, seen);
  }
}

/** The tasks that `chain` and its kin mean by a value: operators too, and of a group those that `endsOf` picks. */
export function dependenciesOf(
  value: Value,
  endsOf: (tasks: readonly TaskHandle[]) => readonly TaskHandle[],
): TaskHandle[] {
  switch (value.type) {
    case "operator":
      return [value.task];
    case "group":
      return [...endsOf(value.tasks)];
    case "list":
      return value.items.flatMap((item) => dependenciesOf(item, endsOf));
    case "union":
      return value.of.flatMap((member) => dependenciesOf(member, endsOf));
    default:
      return tasksOf(value);
  }
}

/** How many values the value contributes when it is mapped over, where that is known before a run. */
export function lengthOf(value: Value): number | undefined {
  if (value.type === "list") return value.complete ? value.items.length : undefined;
  if (value.type === "dict") return value.complete ? value.entries.size : undefined;
  if (value.type === "xcom") return value.length;
  if (value.type !== "union") return undefined;
  const lengths = new Set(value.of.map(lengthOf));
  return lengths.size === 1 ? [...lengths][0] : undefined;
}

/** In JavaScript's order: names that are whole numbers first, by their size. */
export function entriesOf({ entries }: DictValue): (readonly [string, DictEntry])[] {
  const all = [...entries];
  const numbered = all.filter(([name]) => isIndex(name)).sort(([one], [other]) => Number(one) - Number(other));
  return numbered.length === 0 ? all : [...numbered, ...all.filter(([name]) => !isIndex(name))];
}

function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(name);
}

export const NO_ARGUMENTS: Arguments = { entries: new Map(), complete: true };

/** Named inputs or options: what an object holds, or nothing for no object at all. */
export function argumentsOf(value: Value | undefined): Arguments {
  if (value === undefined || isNullish(value)) return NO_ARGUMENTS;
  return value.type === "dict"
    ? { entries: new Map(value.entries), complete: value.complete }
    : { entries: new Map(), complete: false };
}

/** The later one wins, name by name. */
export function mergeArguments(earlier: Arguments, later: Arguments): Arguments {
  return {
    entries: new Map([...earlier.entries, ...later.entries]),
    complete: earlier.complete && later.complete,
  };
}
