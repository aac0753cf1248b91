import { CronProblem, readCron } from "#core/schedule/cronExpression.js";
import { CRON_PRESETS, MOMENTARY_PRESETS, isPreset } from "#core/schedule/presets.js";
import type { InputFacts } from "../analysis/facts.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { secondsOf } from "./support/durations.js";
import { replaceValue } from "./support/edits.js";
import { givenOptions } from "./support/givenOptions.js";

type MessageId = "preset" | "cron" | "distance" | "timezone";

export const invalidSchedule = createRule({
  meta: {
    name: "invalid-schedule",
    category: "dag",
    defaultSeverity: "error",
    description: "A schedule must be one that can be read and that comes, in a time zone that there is.",
    messages: {
      preset: "There is no schedule '{value}'. Give one of {presets}, a cron expression, or null for none.",
      cron: "The schedule '{value}' {problem}. Write minute, hour, day of the month, month and day of the week.",
      distance: "'{name}' must be longer than no time at all.",
      timezone: "There is no time zone '{value}'. Write a name of the IANA database, such as 'Europe/Berlin'.",
    },
    fixable: true,
    options: [],
    prevents: "invalid-schedule",
    phases: [1],
    dtm: [],
  },
  *check(facts) {
    for (const { option, of, site } of givenOptions(facts)) {
      if (of !== "dag") continue;
      const found = problemOf(option);
      if (found !== undefined) yield { ...found, node: option.expression, site };
    }
  },
});

type Problem = Pick<Report<MessageId>, "messageId" | "data" | "fixes">;

function problemOf({ name, value, property }: InputFacts): Problem | undefined {
  const text = value.type === "const" && typeof value.value === "string" ? value.value : undefined;
  if (name === "timezone") return text === undefined ? undefined : zoneProblem(text);
  if (name !== "schedule" && name !== "schedule_interval") return undefined;
  if (text === undefined) return distanceProblem(name, value);
  return textProblem(text, (schedule) => {
    const edit = replaceValue(property, schedule);
    return edit === undefined ? [] : [{ title: `Replace by ${schedule}`, edits: [edit] }];
  });
}

/** Only of parts: a number is refused by TypeScript. */
function distanceProblem(name: string, value: InputFacts["value"]): Problem | undefined {
  const seconds = value.type === "dict" ? secondsOf(value) : undefined;
  return seconds !== undefined && !(seconds > 0 && Number.isFinite(seconds))
    ? { messageId: "distance", data: { name } }
    : undefined;
}

type FixWith = (schedule: string) => readonly Fix[];

function textProblem(value: string, fix: FixWith): Problem | undefined {
  if (isPreset(value)) return undefined;
  if (value.trim() === "" || /^@|^\S+$/.test(value.trim())) {
    const presets = [...MOMENTARY_PRESETS, ...Object.keys(CRON_PRESETS)].map((preset) => `'${preset}'`).join(", ");
    return { messageId: "preset", data: { value, presets }, fixes: presetFixes(value, fix) };
  }
  const problem = cronProblem(value);
  return problem === undefined ? undefined : { messageId: "cron", data: { value, problem } };
}

function cronProblem(text: string): string | undefined {
  try {
    readCron(text);
    return undefined;
  } catch (thrown) {
    return thrown instanceof CronProblem ? thrown.message : undefined;
  }
}

/** Names that people know from cron itself, and Airflow's word for no schedule. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  midnight: '"@daily"',
  annually: '"@yearly"',
  none: "null",
  "": "null",
};

function presetFixes(value: string, fix: FixWith): readonly Fix[] {
  const word = value.trim().toLowerCase().replace(/^@/, "");
  const preset = isPreset(`@${word}`) ? `"@${word}"` : Object.hasOwn(OTHER_NAMES, word) ? OTHER_NAMES[word] : undefined;
  return preset === undefined ? [] : fix(preset);
}

/** An offset such as `+02:00` is a zone for some versions of Node only. */
function zoneProblem(value: string): Problem | undefined {
  if (/^[+-]/.test(value) || value === "" || isZone(value)) return undefined;
  return { messageId: "timezone", data: { value } };
}

function isZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return true;
  } catch {
    return false;
  }
}
