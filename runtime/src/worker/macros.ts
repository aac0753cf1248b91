import type { Macros } from "../authoring/types/context.js";
import { parseTime } from "./templates/parseTime.js";
import { formatTime } from "./templates/formatTime.js";

const DAY_MS = 86_400_000;

/** `macros` of the context. What templates have beside it is in `templates/pythonModules.ts`. */
export const macros: Macros = Object.freeze({
  ds_add: (ds: string, days: number): string =>
    formatTime({ at: parseTime(ds, "%Y-%m-%d").at + days * DAY_MS, offset: 0 }, "%Y-%m-%d"),
  ds_format: (ds: string, input_format: string, output_format: string): string =>
    formatTime(parseTime(ds, input_format), output_format),
  random: () => Math.random(),
});
