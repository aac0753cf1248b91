/** The cron expressions that presets stand for. Source: airflow-core `utils/dates.py`. */
export const CRON_PRESETS: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@quarterly": "0 0 1 */3 *",
  "@yearly": "0 0 1 1 *",
};

/** They have no intervals: a run of one stands for a moment. */
export const MOMENTARY_PRESETS: readonly string[] = ["@once", "@continuous"];

export function isPreset(schedule: string): boolean {
  return MOMENTARY_PRESETS.includes(schedule) || Object.hasOwn(CRON_PRESETS, schedule);
}
