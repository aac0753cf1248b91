import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { isDict } from "./brand.js";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const PART_MS: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

/** Milliseconds of a `Duration`: seconds, `"5m"` or `{ minutes: 5 }`. Throws `invalid-argument` for anything else. */
export function toMilliseconds(name: string, value: unknown, at: SourcePoint | undefined): number {
  const milliseconds = parse(value);
  if (milliseconds !== undefined && Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
  const message = `'${name}' must be seconds, a text such as "5m" or parts such as { minutes: 5 }, and not negative.`;
  throw new AuthoringError("invalid-argument", message, at);
}

function parse(value: unknown): number | undefined {
  if (typeof value === "number") return value * 1000;
  if (typeof value === "string") return parseText(value);
  return isDict(value) ? addParts(value) : undefined;
}

function parseText(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  return amount === undefined || unit === undefined ? undefined : Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
}

function addParts(parts: Readonly<Record<string, unknown>>): number | undefined {
  let sum = 0;
  for (const [name, amount] of Object.entries(parts)) {
    const unit = PART_MS[name];
    if (unit === undefined || typeof amount !== "number") return undefined;
    sum += amount * unit;
  }
  return sum;
}
