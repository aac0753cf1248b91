import { oneLine } from "./text.js";

const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * A JSON value as people would write it, in about `room` characters: `{ model: "knn", grid: { k: [3, 5, 7] } }`.
 * What does not fit is left out where it stands (`…`), so that the beginning of every entry stays readable.
 */
export function valueText(value: unknown, room: number): string {
  if (typeof value === "string") return quoted(value, room);
  if (Array.isArray(value)) return listText(value, room);
  if (typeof value === "object" && value !== null) return dictText(Object.entries(value), room);
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return String(value);
}

function quoted(value: string, room: number): string {
  // Only the beginning is ever shown, so only the beginning is cleaned: a value may be megabytes long.
  const text = oneLine(value.slice(0, room * 4 + 16));
  const cut = text.length > room || value.length > room * 4 + 16;
  return JSON.stringify(cut ? `${text.slice(0, Math.max(1, room - 3))}…` : text);
}

function listText(values: readonly unknown[], room: number): string {
  const shown = entriesWithin(values, room - 2, (value, left) => valueText(value, left));
  const rest = values.length - shown.length;
  if (rest > 0 && shown.length === 0) return `[${values.length} items]`;
  return `[${[...shown, ...(rest > 0 ? [`… ${rest} more`] : [])].join(", ")}]`;
}

function dictText(entries: readonly [string, unknown][], room: number): string {
  if (entries.length === 0) return "{}";
  const shown = entriesWithin(entries, room - 4, ([key, value], left) => entryText(key, value, left));
  const rest = entries.length - shown.length;
  if (rest > 0 && shown.length === 0) return `{${entries.length} keys}`;
  return `{ ${[...shown, ...(rest > 0 ? ["…"] : [])].join(", ")} }`;
}

/** `name: value`, without the braces: how the inputs of an instance are shown. */
export function entryText(key: string, value: unknown, room: number): string {
  const name = NAME.test(key) ? key : quoted(key, 24);
  return `${name}: ${valueText(value, Math.max(4, room - name.length - 2))}`;
}

/** As many entries as the room allows; the last one may use what is left of it. */
function entriesWithin<T>(values: readonly T[], room: number, show: (value: T, left: number) => string): string[] {
  const shown: string[] = [];
  let left = room;
  for (const value of values) {
    if (left < 4 && shown.length > 0) break;
    const text = show(value, left);
    if (text.length > left && shown.length > 0) break;
    shown.push(text);
    left -= text.length + 2;
    if (left < 0) break;
  }
  return shown;
}
