import { fromPython } from "./access.js";
import { isDict } from "../../authoring/brand.js";

/** JSON as Python writes it: with a space behind colons and commas. `isSafe` as Jinja's `tojson`: sorted, HTML escaped. */
export function toJson(value: unknown, indent: number | null, isSafe: boolean): string {
  const plain = JSON.parse(JSON.stringify(fromPython(value) ?? null)) as unknown;
  const sorted = isSafe ? sortKeys(plain) : plain;
  const text = indent === null ? write(sorted) : JSON.stringify(sorted, null, indent);
  if (!isSafe) return text;
  return text.replaceAll(/[<>&']/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  if (!isDict(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, inner]) => `${JSON.stringify(name)}: ${write(inner)}`)
    .join(", ")}}`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isDict(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sortKeys(value[name])]));
}
