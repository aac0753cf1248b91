const NAME = /^[A-Za-z_$][\w$]*$/;
/** What JSON leaves as it is, and a terminal or a table does not. */
const MOVES_CURSOR = /[\u007f-\u009f\u2028\u2029]/;

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

/** As JSON writes it: a line break that became a blank would be another value. */
function quoted(value: string, room: number): string {
  // Only the beginning is ever shown, so only the beginning is looked at: a value may be megabytes long.
  const characters = Array.from(value.slice(0, room + 1), escaped);
  const text = characters.join("");
  if (text.length <= room) return `"${text}"`;
  let kept = "";
  for (const character of characters) {
    if (kept.length + character.length > Math.max(1, room - 3)) break;
    kept += character;
  }
  return `"${kept}…"`;
}

function escaped(character: string): string {
  if (!MOVES_CURSOR.test(character)) return JSON.stringify(character).slice(1, -1);
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
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
