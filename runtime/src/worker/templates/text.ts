import { isDict } from "../../authoring/brand.js";
import { PythonObject, Tuple, Undefined } from "./values.js";

/** Python's `str()`, which is what stands in the place of `{{ … }}`. Fails for what is undefined. */
export function toText(value: unknown): string {
  return typeof value === "string" ? value : toRepr(value, true);
}

/** Python's `repr()`, as lists and dicts are printed. */
export function toRepr(value: unknown, isOuter = false): string {
  if (value instanceof Undefined) return value.fail();
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof PythonObject) return isOuter ? value.text() : value.repr();
  if (Array.isArray(value)) return listText(value as readonly unknown[]);
  if (isDict(value)) {
    const entries = Object.entries(value).map(([name, inner]) => `${quote(name)}: ${toRepr(inner)}`);
    return `{${entries.join(", ")}}`;
  }
  if (typeof value === "function") return `<function ${value.name}>`;
  return `<${value.constructor.name}>`;
}

function listText(list: readonly unknown[]): string {
  const items = list.map((item) => toRepr(item)).join(", ");
  if (!(list instanceof Tuple)) return `[${items}]`;
  return list.length === 1 ? `(${items},)` : `(${items})`;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  // Python writes exponents with two digits at least.
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** In single quotes, unless only double ones spare an escape. */
function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll(/[\\\n\r\t]/g, (one) => ESCAPES[one] ?? one)
    .replaceAll(/[\u0000-\u001f\u007f-\u00a0\u00ad\u2028\u2029]/g, (one) => {
      const code = one.charCodeAt(0);
      return code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    });
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}
