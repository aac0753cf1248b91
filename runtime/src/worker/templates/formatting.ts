import { isDict } from "../../authoring/brand.js";
import { TemplateError } from "./templateError.js";
import { toRepr, toText } from "./text.js";
import { type Keywords, PythonObject, Tuple } from "./values.js";

/** `"%s is %05.2f" % (name, value)`, and `"%(name)s" % dict`. */
export function percentFormat(format: string, given: unknown): string {
  const values: readonly unknown[] = given instanceof Tuple ? given : [given];
  let next = 0;
  return format.replaceAll(
    /%(?:\((\w+)\))?([-+ 0#]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g,
    (_, name: string | undefined, flags: string, width?: string, precision?: string, kind?: string) => {
      if (kind === "%") return "%";
      if (name === undefined && next >= values.length)
        throw new TemplateError("not enough arguments for format string");
      const value = name === undefined ? values[next++] : isDict(given) ? given[name] : undefined;
      const align = flags.includes("-") ? "<" : ">";
      const sign = flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
      const isPadded = flags.includes("0") && !flags.includes("-") && kind !== "s" && kind !== "r";
      const spec: Spec = {
        ...{ fill: " ", align, sign, isPadded, width: Number(width ?? 0), grouping: "" },
        ...{ precision: precision === undefined ? null : Number(precision), kind: kind === "i" ? "d" : (kind ?? "s") },
      };
      return pad(kind === "r" ? toRepr(value) : formatted(value, spec), spec);
    },
  );
}

interface Spec {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  /** Zeros between the sign and the digits. */
  readonly isPadded: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | null;
  /** One of Python's letters; empty for the value's own. */
  readonly kind: string;
}

/** `"{} {name:>5} {0:02d}".format(…)`. */
export function braceFormat(format: string, args: readonly unknown[], keywords: Keywords): string {
  let next = 0;
  return format.replaceAll(
    /\{\{|\}\}|\{([^{}:!]*)(?:!([rs]))?(?::([^{}]*))?\}/g,
    (whole, field?: string, conversion?: string, spec?: string) => {
      if (field === undefined) return whole.charAt(0);
      const [name = "", ...path] = field.split(/[.[\]]+/).filter((part, index) => part !== "" || index === 0);
      const value = name === "" ? args[next++] : /^\d+$/.test(name) ? args[Number(name)] : keywords[name];
      const inner = path.reduce<unknown>(
        (from, key) => (isDict(from) ? from[key] : (from as unknown[])[Number(key)]),
        value,
      );
      return formatValue(conversion === "r" ? toRepr(inner) : inner, spec ?? "");
    },
  );
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ]?)#?(0?)(\d*)([,_]?)(?:\.(\d+))?([a-zA-Z%]?)$/s;

/** Python's `format(value, spec)`; dates take a `strftime` format. */
function formatValue(value: unknown, spec: string): string {
  if (value instanceof PythonObject && spec !== "") {
    const strftime = value.attribute("strftime");
    if (typeof strftime === "function") return String((strftime as (format: string) => unknown)(spec));
  }
  const found = SPEC.exec(spec);
  if (found === null) throw new TemplateError(`Invalid format specifier '${spec}'`);
  const [, fill, align, sign = "", zero, width, grouping = "", precision, kind = ""] = found;
  const read: Spec = {
    ...{ fill: fill ?? " ", align: align ?? (typeof value === "number" ? ">" : "<"), sign, grouping, kind },
    ...{ isPadded: zero === "0" && align === undefined, width: Number(width ?? 0) },
    precision: precision === undefined ? null : Number(precision),
  };
  return pad(formatted(value, read), read);
}

function formatted(value: unknown, spec: Spec): string {
  const { kind, precision } = spec;
  if (kind === "s" || (kind === "" && typeof value !== "number")) {
    const text = toText(value);
    return precision === null ? text : text.slice(0, precision);
  }
  const number = Number(value);
  if (Number.isNaN(number) || typeof value === "string") {
    throw new TemplateError(`Unknown format code '${kind}' for ${toRepr(value)}`);
  }
  const digits = group(digitsOf(Math.abs(number), spec), spec.grouping);
  const sign = number < 0 ? "-" : spec.sign === "-" ? "" : spec.sign;
  const zeros = spec.isPadded ? "0".repeat(Math.max(0, spec.width - sign.length - digits.length)) : "";
  return `${sign}${zeros}${digits}`;
}

function digitsOf(number: number, { kind, precision }: Spec): string {
  switch (kind) {
    case "d":
      return String(Math.trunc(number));
    case "f":
    case "F":
      return number.toFixed(precision ?? 6);
    case "e":
    case "E": {
      const text = number.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, "e$10$2");
      return kind === "E" ? text.toUpperCase() : text;
    }
    case "%":
      return `${(number * 100).toFixed(precision ?? 6)}%`;
    case "x":
      return Math.trunc(number).toString(16);
    case "X":
      return Math.trunc(number).toString(16).toUpperCase();
    case "o":
      return Math.trunc(number).toString(8);
    case "b":
      return Math.trunc(number).toString(2);
    case "g":
    case "":
      return precision === null ? String(number) : String(Number(number.toPrecision(Math.max(1, precision))));
    default:
      throw new TemplateError(`Unknown format code '${kind}'`);
  }
}

function group(digits: string, separator: string): string {
  if (separator === "") return digits;
  const [whole = "", ...rest] = digits.split(".");
  return [whole.replaceAll(/\B(?=(?:\d{3})+$)/g, separator), ...rest].join(".");
}

function pad(text: string, { fill, align, width }: Spec): string {
  const missing = width - text.length;
  if (missing <= 0) return text;
  if (align === "<") return text + fill.repeat(missing);
  if (align === "^") return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  return fill.repeat(missing) + text;
}
