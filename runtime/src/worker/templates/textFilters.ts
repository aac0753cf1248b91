import { type Filter, type Filters, filter } from "./filter.js";
import { percentFormat } from "./formatting.js";
import { toJson } from "./json.js";
import { centered, replaceText, titleCase } from "./stringMethods.js";
import { toRepr, toText } from "./text.js";
import { type Keywords, Tuple, Undefined, isTruthy, itemsOf } from "./values.js";
import { isDict } from "../../authoring/brand.js";

/** A filter of the value's text alone. */
const ofText = (apply: (text: string) => unknown): Filter => filter([], (value) => apply(toText(value)));

const byDefault: Filter = filter(["default_value", "boolean"], (value, { default_value = "", boolean = false }) => {
  if (value instanceof Undefined) return default_value;
  return isTruthy(boolean) && !isTruthy(value) ? default_value : value;
});

const escape = ofText((text) => text.replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one));

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

/** Jinja's filters of texts and single values. */
export const TEXT_FILTERS: Filters = {
  default: byDefault,
  d: byDefault,
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  title: ofText(titleCase),
  capitalize: ofText((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()),
  string: ofText((text) => text),
  escape,
  e: escape,
  forceescape: escape,
  safe: filter([], (value) => value),
  trim: filter(["chars"], (value, { chars = null }) => {
    const text = toText(value);
    if (chars === null) return text.trim();
    const set = new Set(toText(chars));
    let [from, to] = [0, text.length];
    while (from < to && set.has(text.charAt(from))) from++;
    while (to > from && set.has(text.charAt(to - 1))) to--;
    return text.slice(from, to);
  }),
  replace: filter(["old", "new", "count"], (value, { old, new: replacement, count = null }) =>
    replaceText(toText(value), toText(old), toText(replacement), count === null ? -1 : Number(count)),
  ),
  center: filter(["width"], (value, { width = 80 }) => centered(toText(value), Number(width), " ")),
  indent: filter(["width", "first", "blank"], indent),
  truncate: filter(["length", "killwords", "end", "leeway"], truncate),
  wordcount: ofText((text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  wordwrap: filter(["width"], (value, { width = 79 }) => wrap(toText(value), Number(width))),
  striptags: ofText((text) =>
    text
      .replaceAll(/<!--.*?-->|<[^>]*>/gs, "")
      .split(/\s+/)
      .filter(Boolean)
      .join(" "),
  ),
  urlencode: filter([], (value) => urlEncode(value)),
  format: (value, args, keywords) => percentFormat(toText(value), args.length > 0 ? Tuple.of2(args) : keywords),
  tojson: filter(["indent"], (value, { indent: width = null }) =>
    toJson(value, width === null ? null : Number(width), true),
  ),
  pprint: filter([], (value) => toRepr(value)),
  int: filter(["default", "base"], (value, { default: otherwise = 0, base = 10 }) =>
    toInt(value, otherwise, Number(base)),
  ),
  float: filter(["default"], (value, { default: otherwise = 0 }) => toFloat(value, otherwise)),
  abs: filter([], (value) => Math.abs(Number(value))),
  round: filter(["precision", "method"], round),
  filesizeformat: filter(["binary"], (value, { binary = false }) => fileSize(Number(value), isTruthy(binary))),
};

function indent(value: unknown, { width = 4, first = false, blank = false }: Keywords): string {
  const space = typeof width === "string" ? width : " ".repeat(Number(width));
  const [head = "", ...rest] = toText(value).split("\n");
  const indented = rest.map((line) => (line === "" && !isTruthy(blank) ? line : space + line));
  return [isTruthy(first) ? space + head : head, ...indented].join("\n");
}

function truncate(value: unknown, { length = 255, killwords = false, end = "...", leeway = 5 }: Keywords): string {
  const text = toText(value);
  const [most, ending] = [Number(length), toText(end)];
  if (text.length <= most + Number(leeway)) return text;
  const cut = text.slice(0, most - ending.length);
  return (isTruthy(killwords) ? cut : cut.replace(/\s\S*$/, "")) + ending;
}

function wrap(text: string, width: number): string {
  const lines = text.split("\n").map((line) => {
    const wrapped: string[] = [];
    for (const word of line.split(/\s+/)) {
      const last = wrapped.at(-1);
      if (last !== undefined && `${last} ${word}`.length <= width) wrapped[wrapped.length - 1] = `${last} ${word}`;
      else wrapped.push(word);
    }
    return wrapped.join("\n");
  });
  return lines.join("\n");
}

function urlEncode(value: unknown): string {
  const quote = (text: string): string =>
    encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  if (typeof value === "string" || (!isDict(value) && !Array.isArray(value))) {
    return quote(toText(value)).replaceAll("%2F", "/");
  }
  const pairs = isDict(value) ? Object.entries(value) : itemsOf(value).map((pair) => itemsOf(pair));
  return pairs.map(([name, inner]) => `${quote(toText(name))}=${quote(toText(inner))}`).join("&");
}

function toInt(value: unknown, otherwise: unknown, base: number): unknown {
  if (value instanceof Undefined) return value.fail();
  if (typeof value === "number") return Math.trunc(value);
  if (typeof value === "boolean") return Number(value);
  const text = toText(value).trim().replaceAll("_", "");
  const whole =
    base === 10 ? (/^[+-]?\d+(?:\.\d*)?$/.test(text) ? Math.trunc(Number(text)) : NaN) : parseInt(text, base);
  return Number.isNaN(whole) ? otherwise : whole;
}

function toFloat(value: unknown, otherwise: unknown): unknown {
  if (value instanceof Undefined) return value.fail();
  const text = typeof value === "string" ? value.trim() : value;
  const number = text === "" || text === null ? NaN : Number(text);
  return Number.isNaN(number) ? otherwise : number;
}

function round(value: unknown, { precision = 0, method = "common" }: Keywords): number {
  const factor = 10 ** Number(precision);
  const scaled = Number(value) * factor;
  if (method === "ceil") return Math.ceil(scaled) / factor;
  if (method === "floor") return Math.floor(scaled) / factor;
  // As Python: what lies in the middle goes to the even side.
  const floor = Math.floor(scaled);
  const isMiddle = Math.abs(scaled - floor - 0.5) < Number.EPSILON;
  return (isMiddle ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(scaled)) / factor;
}

function fileSize(bytes: number, isBinary: boolean): string {
  const base = isBinary ? 1024 : 1000;
  const units = isBinary ? ["KiB", "MiB", "GiB", "TiB", "PiB"] : ["kB", "MB", "GB", "TB", "PB"];
  if (bytes < base) return bytes === 1 ? "1 Byte" : `${String(Math.trunc(bytes))} Bytes`;
  const power = Math.min(units.length, Math.floor(Math.log(bytes) / Math.log(base)));
  return `${(bytes / base ** power).toFixed(1)} ${units[power - 1] ?? ""}`;
}
