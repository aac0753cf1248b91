import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { toMilliseconds } from "./duration.js";

const PRESETS: ReadonlySet<string> = new Set([
  "@once",
  "@continuous",
  "@hourly",
  "@daily",
  "@weekly",
  "@monthly",
  "@quarterly",
  "@yearly",
]);

/** The schedule as the model writes it: cron, preset, `PT…S` for a distance in time, or null. */
export function readSchedule(value: unknown, at: SourcePoint | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") return `PT${toMilliseconds("schedule", value, at) / 1000}S`;
  if (typeof value === "string" && (PRESETS.has(value) || isCron(value))) return value;
  const message =
    "'schedule' must be a cron expression, a preset such as \"@daily\", parts such as { hours: 6 }, or null.";
  throw new AuthoringError("invalid-argument", message, at);
}

/** Five fields, or six with seconds. What stands in them is judged where runs are computed from it. */
function isCron(text: string): boolean {
  return /^\S+(?:\s+\S+){4,5}$/.test(text.trim());
}
