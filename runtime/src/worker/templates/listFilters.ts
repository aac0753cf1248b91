import { attributeOf, itemOf } from "./access.js";
import { type Filters, filter } from "./filter.js";
import { operate } from "./operators.js";
import { TemplateError } from "./templateError.js";
import { toText } from "./text.js";
import { type Keywords, Tuple, Undefined, compare, isEqual, isTruthy, itemsOf } from "./values.js";
import { isDict } from "../../authoring/brand.js";

const length = filter([], (value) => (isDict(value) ? Object.keys(value).length : itemsOf(value).length));

/** Jinja's filters of lists and dicts. */
export const LIST_FILTERS: Filters = {
  length,
  count: length,
  list: filter([], (value) => [...itemsOf(value)]),
  items: filter([], (value) =>
    isDict(value) ? Object.entries(value).map((entry) => Tuple.of2(entry)) : itemsOf(value),
  ),
  first: filter([], (value) => itemsOf(value)[0] ?? new Undefined("there is no first item: the list is empty")),
  last: filter([], (value) => itemsOf(value).at(-1) ?? new Undefined("there is no last item: the list is empty")),
  random: filter([], (value) => {
    const items = itemsOf(value);
    return items[Math.floor(Math.random() * items.length)];
  }),
  reverse: filter([], (value) =>
    typeof value === "string" ? [...value].reverse().join("") : [...itemsOf(value)].reverse(),
  ),
  join: filter(["d", "attribute"], (value, { d = "", attribute = null }) =>
    itemsOf(value)
      .map((item) => toText(attribute === null ? item : pathOf(item, attribute)))
      .join(toText(d)),
  ),
  sort: filter(["reverse", "case_sensitive", "attribute"], (value, given) => sorted(itemsOf(value), given)),
  unique: filter(["case_sensitive", "attribute"], (value, given) => unique(itemsOf(value), given)),
  min: filter(["case_sensitive", "attribute"], (value, given) => extreme(value, given, 0)),
  max: filter(["case_sensitive", "attribute"], (value, given) => extreme(value, given, -1)),
  sum: filter(["attribute", "start"], (value, { attribute = null, start = 0 }) =>
    itemsOf(value).reduce((sum, item) => operate("+", sum, attribute === null ? item : pathOf(item, attribute)), start),
  ),
  batch: filter(["linecount", "fill_with"], (value, { linecount, fill_with = null }) => {
    const [items, size] = [itemsOf(value), Number(linecount)];
    const lines = Array.from({ length: Math.ceil(items.length / size) }, (_, line) =>
      items.slice(line * size, line * size + size),
    );
    return lines.map((line) => (fill_with === null ? line : [...line, ...fill(size - line.length, fill_with)]));
  }),
  slice: filter(["slices", "fill_with"], (value, { slices, fill_with = null }) =>
    inSlices(itemsOf(value), Number(slices), fill_with),
  ),
  groupby: filter(["attribute", "default", "case_sensitive"], (value, { attribute, default: byDefault }) =>
    grouped(itemsOf(value), attribute, byDefault),
  ),
  dictsort: filter(["case_sensitive", "by", "reverse"], dictSort),
  attr: filter(["name"], (value, { name }) => attributeOf(value, toText(name))),
};

/** `a.b.0` of a value, as `attribute` of many filters means it. */
export function pathOf(value: unknown, path: unknown): unknown {
  if (typeof path === "number") return itemOf(value, path);
  return toText(path)
    .split(".")
    .reduce((inner, name) => (/^\d+$/.test(name) ? itemOf(inner, Number(name)) : itemOf(inner, name)), value);
}

function keyOf({ attribute = null, case_sensitive = false }: Keywords): (item: unknown) => unknown {
  return (item) => {
    const key = attribute === null ? item : pathOf(item, attribute);
    return typeof key === "string" && !isTruthy(case_sensitive) ? key.toLowerCase() : key;
  };
}

function sorted(items: readonly unknown[], given: Keywords): unknown[] {
  const { attribute = null, reverse = false } = given;
  const paths = typeof attribute === "string" ? attribute.split(",") : [attribute];
  const keys = paths.map((path) => keyOf({ ...given, attribute: path }));
  const sign = isTruthy(reverse) ? -1 : 1;
  return [...items].sort((one, other) => {
    for (const key of keys) {
      const order = compare(key(one), key(other));
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

function unique(items: readonly unknown[], given: Keywords): unknown[] {
  const key = keyOf(given);
  const seen: unknown[] = [];
  return items.filter((item) => {
    const own = key(item);
    if (seen.some((known) => isEqual(known, own))) return false;
    seen.push(own);
    return true;
  });
}

function extreme(value: unknown, given: Keywords, place: number): unknown {
  const found = sorted(itemsOf(value), given).at(place);
  return found === undefined ? new Undefined("an empty list has neither a least nor a greatest item") : found;
}

function fill(count: number, value: unknown): unknown[] {
  return Array.from({ length: Math.max(0, count) }, () => value);
}

function inSlices(items: readonly unknown[], slices: number, fill_with: unknown): unknown[] {
  const [size, longer] = [Math.floor(items.length / slices), items.length % slices];
  let from = 0;
  return Array.from({ length: slices }, (_, slice) => {
    const to = from + size + (slice < longer ? 1 : 0);
    const part = items.slice(from, to);
    from = to;
    return fill_with !== null && slice >= longer && longer > 0 ? [...part, fill_with] : part;
  });
}

function grouped(items: readonly unknown[], attribute: unknown, byDefault: unknown): unknown[] {
  const keyed = items.map((item) => {
    const key = pathOf(item, attribute);
    return [key instanceof Undefined && byDefault !== undefined ? byDefault : key, item] as const;
  });
  const groups: { key: unknown; members: unknown[] }[] = [];
  for (const [key, item] of keyed.toSorted(([one], [other]) => compare(one, other))) {
    const last = groups.at(-1);
    if (last !== undefined && isEqual(last.key, key)) last.members.push(item);
    else groups.push({ key, members: [item] });
  }
  return groups.map(({ key, members }) => Tuple.of2([key, members]));
}

function dictSort(value: unknown, { case_sensitive = false, by = "key", reverse = false }: Keywords): unknown {
  if (!isDict(value)) throw new TemplateError("dictsort needs a dict");
  const place = by === "value" ? 1 : 0;
  const entries = Object.entries(value).map((entry) => Tuple.of2(entry));
  return sorted(entries, { attribute: place, case_sensitive, reverse });
}
