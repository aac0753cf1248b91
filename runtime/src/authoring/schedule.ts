import type { SourcePoint } from "#core/model/source.js";
import { isPreset } from "#core/schedule/presets.js";
import { AuthoringError } from "./authoringError.js";
import { toMilliseconds } from "./duration.js";

/** The schedule as the model writes it: cron, preset, `PT…S` for a distance in time, or null. */
export function readSchedule(value: unknown, at: SourcePoint | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "object") return `PT${toMilliseconds("schedule", value, at) / 1000}S`;
  if (typeof value === "string" && (isPreset(value) || isCron(value))) return value;
  const message =
    "'schedule' must be a cron expression, a preset such as \"@daily\", parts such as { hours: 6 }, or null.";
  throw new AuthoringError("invalid-schedule", message, at);
}

/** Five fields, or six with seconds. What stands in them is judged where runs are computed from it. */
function isCron(text: string): boolean {
  return /^\S+(?:\s+\S+){4,5}$/.test(text.trim());
}
