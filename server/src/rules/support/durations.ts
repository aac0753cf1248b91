import type { Value } from "../../analysis/value.js";

const PART_SECONDS: ReadonlyMap<string, number> = new Map([
  ["milliseconds", 0.001],
  ["seconds", 1],
  ["minutes", 60],
  ["hours", 3600],
  ["days", 86_400],
  ["weeks", 604_800],
]);

const UNIT_SECONDS: ReadonlyMap<string, number> = new Map([
  ["ms", 0.001],
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
]);

/**
 * The seconds of a duration, also negative or infinite ones, which the engine refuses; undefined where they are not
 * known, and for what TypeScript refuses as it is no duration at all.
 */
export function secondsOf(value: Value): number | undefined {
  if (value.type === "dict") return value.complete ? secondsOfParts(value.entries) : undefined;
  if (value.type !== "const") return undefined;
  if (typeof value.value === "number") return value.value;
  return typeof value.value === "string" ? secondsOfText(value.value) : undefined;
}

/** True for texts that the engine reads; TypeScript lets more through, such as `"-5m"` and `"1e3s"`. */
export function isDurationText(text: string): boolean {
  return /^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/.test(text);
}

function secondsOfText(text: string): number | undefined {
  const [, amount = "", unit = ""] = /^(.*?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const seconds = Number(amount) * (UNIT_SECONDS.get(unit) ?? Number.NaN);
  return amount.trim() === "" || Number.isNaN(seconds) ? undefined : seconds;
}

function secondsOfParts(parts: ReadonlyMap<string, { readonly value: Value }>): number | undefined {
  let sum = 0;
  for (const [name, { value }] of parts) {
    const seconds = PART_SECONDS.get(name);
    if (seconds === undefined || value.type !== "const" || typeof value.value !== "number") return undefined;
    sum += value.value * seconds;
  }
  return sum;
}
