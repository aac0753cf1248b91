import { type ClockTime, DAYS, MONTHS } from "./formatTime.js";

interface Fields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  isAfternoon: boolean | null;
  dayOfYear: number | null;
  offset: number | null;
}

interface Directive {
  readonly pattern: string;
  readonly read: (fields: Fields, text: string) => void;
}

/** Directives of Python's `strptime`; names are English. */
const DIRECTIVES: Readonly<Record<string, Directive>> = {
  Y: { pattern: "\\d{4}", read: (fields, text) => void (fields.year = Number(text)) },
  y: {
    pattern: "\\d{2}",
    read: (fields, text) => void (fields.year = Number(text) + (Number(text) < 69 ? 2000 : 1900)),
  },
  m: { pattern: "1[0-2]|0?[1-9]", read: (fields, text) => void (fields.month = Number(text)) },
  d: { pattern: "3[01]|[12]\\d|0?[1-9]", read: (fields, text) => void (fields.day = Number(text)) },
  H: { pattern: "2[0-3]|[01]?\\d", read: (fields, text) => void (fields.hour = Number(text)) },
  I: { pattern: "1[0-2]|0?[1-9]", read: (fields, text) => void (fields.hour = Number(text) % 12) },
  M: { pattern: "[0-5]?\\d", read: (fields, text) => void (fields.minute = Number(text)) },
  S: { pattern: "6[01]|[0-5]?\\d", read: (fields, text) => void (fields.second = Number(text)) },
  f: { pattern: "\\d{1,6}", read: (fields, text) => void (fields.millisecond = Number(text.padEnd(6, "0")) / 1000) },
  p: { pattern: "am|pm", read: (fields, text) => void (fields.isAfternoon = text.toLowerCase() === "pm") },
  j: { pattern: "36[0-6]|3[0-5]\\d|[12]?\\d?\\d", read: (fields, text) => void (fields.dayOfYear = Number(text)) },
  z: { pattern: "Z|[+-]\\d{2}:?\\d{2}", read: (fields, text) => void (fields.offset = readOffset(text)) },
  Z: { pattern: "utc|gmt", read: (fields) => void (fields.offset = 0) },
  B: { pattern: MONTHS.join("|"), read: (fields, text) => void (fields.month = indexOf(MONTHS, text) + 1) },
  b: {
    pattern: MONTHS.map((name) => name.slice(0, 3)).join("|"),
    read: (fields, text) => void (fields.month = indexOf(MONTHS, text) + 1),
  },
  A: { pattern: DAYS.join("|"), read: () => undefined },
  a: { pattern: DAYS.map((name) => name.slice(0, 3)).join("|"), read: () => undefined },
  "%": { pattern: "%", read: () => undefined },
};

/** Reads a text in a format of Python's `strptime`. Throws a `RangeError` where it does not match, as Python does. */
export function parseTime(text: string, format: string): ClockTime {
  const readers: Directive["read"][] = [];
  const pattern = format.replaceAll(
    /%([a-zA-Z%])|\s+|([.*+?^${}()|[\]\\/])/g,
    (whole, name?: string, special?: string) => {
      if (special !== undefined) return `\\${special}`;
      if (name === undefined) return "\\s+";
      const directive = DIRECTIVES[name];
      if (directive === undefined) throw new RangeError(`'${whole}' is a bad directive in format '${format}'`);
      readers.push(directive.read);
      return `(${directive.pattern})`;
    },
  );
  const found = new RegExp(`^${pattern}$`, "i").exec(text);
  if (found === null) throw new RangeError(`time data '${text}' does not match format '${format}'`);
  const fields: Fields = {
    ...{ year: 1900, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0 },
    ...{ isAfternoon: null, dayOfYear: null, offset: null },
  };
  readers.forEach((read, index) => read(fields, found[index + 1] ?? ""));
  return toTime(fields, text);
}

function toTime(fields: Fields, text: string): ClockTime {
  const { year, day, minute, second, millisecond, isAfternoon, dayOfYear, offset } = fields;
  const month = dayOfYear === null ? fields.month - 1 : 0;
  const hour = isAfternoon === null ? fields.hour : (fields.hour % 12) + (isAfternoon ? 12 : 0);
  const wall = Date.UTC(year, month, dayOfYear ?? day, hour, minute, second, millisecond);
  if (dayOfYear === null && new Date(Date.UTC(year, month, day)).getUTCDate() !== day) {
    throw new RangeError(`day is out of range for month in '${text}'`);
  }
  return { at: wall - (offset ?? 0) * 60_000, offset };
}

function readOffset(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const digits = text.replaceAll(/\D/g, "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return text.startsWith("-") ? -minutes : minutes;
}

/** Names are told apart by their first three letters. */
function indexOf(names: readonly string[], text: string): number {
  return names.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase());
}
