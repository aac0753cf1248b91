import { braceFormat } from "./formatting.js";
import { TemplateError } from "./templateError.js";
import { toText } from "./text.js";
import { PythonFunction, Tuple, itemsOf, python, typeName } from "./values.js";

type Method = (text: string) => PythonFunction;

/** A method without arguments. */
const plain =
  (name: string, call: (text: string) => unknown): Method =>
  (text) =>
    python(name, [], () => call(text));

/** A method that takes one text, given by place. */
const withText =
  (name: string, call: (text: string, other: string) => unknown): Method =>
  (text) =>
    python(name, ["value"], ({ value }) => call(text, asText(value)));

const METHODS: Readonly<Record<string, Method>> = {
  upper: plain("upper", (text) => text.toUpperCase()),
  lower: plain("lower", (text) => text.toLowerCase()),
  casefold: plain("casefold", (text) => text.toLowerCase()),
  title: plain("title", titleCase),
  capitalize: plain("capitalize", (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()),
  swapcase: plain("swapcase", (text) =>
    [...text].map((one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join(""),
  ),
  strip: (text) => stripper("strip", text, true, true),
  lstrip: (text) => stripper("lstrip", text, true, false),
  rstrip: (text) => stripper("rstrip", text, false, true),
  split: (text) => splitter("split", text, false),
  rsplit: (text) => splitter("rsplit", text, true),
  splitlines: plain("splitlines", (text) =>
    text
      .replace(/\r?\n$/, "")
      .split(/\r?\n/)
      .filter((_, i, all) => all.length > 1 || text !== "" || i > 0),
  ),
  join: (text) => python("join", ["iterable"], ({ iterable }) => itemsOf(iterable).map(asText).join(text)),
  replace: (text) =>
    python("replace", ["old", "new", "count"], ({ old, new: replacement, count = -1 }) =>
      replaceText(text, asText(old), asText(replacement), Number(count)),
    ),
  startswith: (text) =>
    python("startswith", ["prefix"], ({ prefix }) => texts(prefix).some((one) => text.startsWith(one))),
  endswith: (text) => python("endswith", ["suffix"], ({ suffix }) => texts(suffix).some((one) => text.endsWith(one))),
  removeprefix: withText("removeprefix", (text, prefix) =>
    text.startsWith(prefix) ? text.slice(prefix.length) : text,
  ),
  removesuffix: withText("removesuffix", (text, suffix) =>
    suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text,
  ),
  find: withText("find", (text, other) => text.indexOf(other)),
  rfind: withText("rfind", (text, other) => text.lastIndexOf(other)),
  index: withText("index", (text, other) => found(text.indexOf(other))),
  count: withText("count", (text, other) => (other === "" ? text.length + 1 : text.split(other).length - 1)),
  partition: withText("partition", (text, other) => partition(text, other, text.indexOf(other))),
  rpartition: withText("rpartition", (text, other) => {
    const place = text.lastIndexOf(other);
    return place < 0 ? Tuple.of2(["", "", text]) : partition(text, other, place);
  }),
  zfill: (text) => python("zfill", ["width"], ({ width }) => zeroFilled(text, Number(width))),
  ljust: (text) =>
    python("ljust", ["width", "fillchar"], ({ width, fillchar = " " }) => text.padEnd(Number(width), asText(fillchar))),
  rjust: (text) =>
    python("rjust", ["width", "fillchar"], ({ width, fillchar = " " }) =>
      text.padStart(Number(width), asText(fillchar)),
    ),
  center: (text) =>
    python("center", ["width", "fillchar"], ({ width, fillchar = " " }) =>
      centered(text, Number(width), asText(fillchar)),
    ),
  format: (text) => new PythonFunction("format", (args, keywords) => braceFormat(text, args, keywords)),
  isdigit: plain("isdigit", (text) => /^\p{Nd}+$/u.test(text)),
  isnumeric: plain("isnumeric", (text) => /^\p{N}+$/u.test(text)),
  isalpha: plain("isalpha", (text) => /^\p{L}+$/u.test(text)),
  isalnum: plain("isalnum", (text) => /^[\p{L}\p{N}]+$/u.test(text)),
  isspace: plain("isspace", (text) => /^\s+$/u.test(text)),
  islower: plain("islower", (text) => text !== text.toUpperCase() && text === text.toLowerCase()),
  isupper: plain("isupper", (text) => text !== text.toLowerCase() && text === text.toUpperCase()),
};

/** A method of Python's `str`, bound to the text; undefined where it has none of this name. */
export function stringMethod(text: string, name: string): PythonFunction | undefined {
  return Object.hasOwn(METHODS, name) ? METHODS[name]?.(text) : undefined;
}

export function titleCase(text: string): string {
  return text.replaceAll(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}

export function centered(text: string, width: number, fill: string): string {
  const missing = Math.max(0, width - text.length);
  // As Python, the odd one goes left where the width is odd too.
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

export function replaceText(text: string, old: string, replacement: string, count: number): string {
  if (count < 0) return text.replaceAll(old, () => replacement);
  let left = count;
  return text.replaceAll(old, () => (left-- > 0 ? replacement : old));
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TemplateError(`expected a str, not ${typeName(value)}: ${toText(value)}`);
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(asText) : [asText(value)];
}

function found(index: number): number {
  if (index < 0) throw new TemplateError("substring not found");
  return index;
}

function stripper(name: string, text: string, isLeft: boolean, isRight: boolean): PythonFunction {
  return python(name, ["chars"], ({ chars = null }) => {
    const set = chars === null ? null : new Set(asText(chars));
    const isStripped = (one: string | undefined): boolean =>
      one !== undefined && (set === null ? /\s/.test(one) : set.has(one));
    let from = 0;
    let to = text.length;
    while (isLeft && from < to && isStripped(text[from])) from++;
    while (isRight && to > from && isStripped(text[to - 1])) to--;
    return text.slice(from, to);
  });
}

function splitter(name: string, text: string, fromRight: boolean): PythonFunction {
  return python(name, ["sep", "maxsplit"], ({ sep = null, maxsplit = -1 }) => {
    const most = Number(maxsplit);
    const separator = sep === null ? null : asText(sep);
    if (separator === "") throw new TemplateError("empty separator");
    const all = separator === null ? text.trim().split(/\s+/).filter(Boolean) : text.split(separator);
    if (most < 0 || all.length <= most + 1) return all;
    const glue = separator ?? " ";
    if (fromRight) return [all.slice(0, all.length - most).join(glue), ...all.slice(all.length - most)];
    return [...all.slice(0, most), all.slice(most).join(glue)];
  });
}

function partition(text: string, other: string, place: number): Tuple {
  return Tuple.of2(place < 0 ? [text, "", ""] : [text.slice(0, place), other, text.slice(place + other.length)]);
}

function zeroFilled(text: string, width: number): string {
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  return sign + digits.padStart(width - sign.length, "0");
}
