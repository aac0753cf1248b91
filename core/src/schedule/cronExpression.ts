/** A cron expression, translated for the library that finds its times. */
export interface CronExpression {
  /** Six fields, seconds first, in plain lists of numbers. */
  readonly pattern: string;
  /** Whether it has times in every hour of the days it names: only then does a repeated hour have its times twice. */
  readonly coversEveryHour: boolean;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** The names of its values, from `least` on. */
  readonly names?: readonly string[];
}

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const MINUTE: Field = { name: "minute", least: 0, most: 59 };
const HOUR: Field = { name: "hour", least: 0, most: 23 };
const DAY: Field = { name: "day of the month", least: 1, most: 31 };
const MONTH: Field = { name: "month", least: 1, most: 12, names: MONTHS };
/** 7 is Sunday too. */
const WEEKDAY: Field = { name: "day of the week", least: 0, most: 6, names: DAYS };
const SECOND: Field = { name: "second", least: 0, most: 59 };

/** What is wrong with an expression, as the rest of a sentence that begins with it. */
export class CronProblem extends Error {}

/**
 * Reads what Airflow's cron reader (croniter) reads: `*`, numbers, names, lists, ranges (also backwards, as `22-2`), steps,
 * `?` for a day, `L` for the last day of the month, `L5` for its last Friday, `5#3` for its third. A sixth field is seconds.
 * Where both days are restricted, either of them is enough; `L5` and `5#3` stand alone.
 * @throws CronProblem
 */
export function readCron(text: string): CronExpression {
  const [minute = "", hour = "", day = "", month = "", weekday = "", second, ...rest] = text.trim().split(/\s+/);
  if (weekday === "" || rest.length > 0) throw new CronProblem("needs five fields, or six with seconds as the last");
  const fields = {
    second: second === undefined ? "0" : plainField(second, SECOND),
    minute: plainField(minute, MINUTE),
    hour: plainField(hour, HOUR),
    day: dayField(day),
    month: plainField(month, MONTH),
    weekday: weekdayField(weekday),
  };
  if (fields.day !== "*" && /[L#]/.test(fields.weekday)) {
    // Airflow's reader makes one thing of it going forward and another going back.
    throw new CronProblem("restricts the day of the month and has 'L' or '#' as day of the week");
  }
  if (fields.weekday === "*" && !hasDay(fields.day, fields.month))
    throw new CronProblem("names a day that never comes");
  return { pattern: Object.values(fields).join(" "), coversEveryHour: fields.hour === "*" };
}

/** The most days that each month has. */
const LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** False for the 30th of February and its like. */
function hasDay(day: string, month: string): boolean {
  if (day === "*" || day.includes("L")) return true;
  const months = month === "*" ? LENGTHS : month.split(",").map((number) => LENGTHS[Number(number) - 1] ?? 0);
  return Math.min(...day.split(",").map(Number)) <= Math.max(...months);
}

function plainField(text: string, field: Field): string {
  const values = text.split(",").flatMap((part) => valuesOf(part, field));
  return listText(values, field);
}

function dayField(text: string): string {
  const parts = text.toLowerCase().split(",");
  if (parts.some(isEvery)) return "*";
  const last = parts.includes("l") ? ["L"] : [];
  const values = parts.filter((part) => part !== "l").flatMap((part) => valuesOf(part, DAY));
  return [...sorted(values), ...last].join(",");
}

function weekdayField(text: string): string {
  const parts = text.toLowerCase().split(",");
  if (parts.some(isEvery)) return "*";
  const special = parts.flatMap(specialWeekday);
  if (special.length === 0)
    return listText(
      parts.flatMap((part) => valuesOf(part, WEEKDAY)),
      WEEKDAY,
    );
  if (special.length === parts.length) return special.join(",");
  throw new CronProblem("mixes plain days of the week with 'L' or '#'");
}

/** `L5` and `5#3`, as the library writes them; nothing for every other part. */
function specialWeekday(part: string): string[] {
  const [, lastDay] = /^l(\w+)$/.exec(part) ?? [];
  if (lastDay !== undefined) return [`${weekdayNumber(lastDay)}L`];
  const [, day, nth] = /^(\w+)#(.*)$/.exec(part) ?? [];
  if (day === undefined || nth === undefined) return [];
  if (/^[1-5]$/.test(nth)) return [`${weekdayNumber(day)}#${nth}`];
  throw new CronProblem(`has '${part}': a month has the first to the fifth of a day`);
}

function weekdayNumber(text: string): string {
  return String(numberOf(text, WEEKDAY) % 7);
}

function isEvery(part: string): boolean {
  return part === "*" || part === "?";
}

function valuesOf(part: string, field: Field): number[] {
  const [range = "", step, ...rest] = part.toLowerCase().split("/");
  const by = step === undefined ? 1 : Number(step);
  if (rest.length > 0 || !/^\d+$/.test(step ?? "1") || by === 0) throw new CronProblem(`has the step '${part}'`);
  const [from, to] = bounds(range, step !== undefined, field);
  if (from <= to) return steps(from, to, by);
  if (by > 1) throw new CronProblem(`has '${part}': a range that runs backwards cannot have a step`);
  return [...steps(from, field.most, 1), ...steps(field.least, to, 1)];
}

/** A number with a step begins a range to the end of the field. */
function bounds(range: string, hasStep: boolean, field: Field): [from: number, to: number] {
  if (range === "*") return [field.least, field.most];
  const [first = "", last, ...rest] = range.split("-");
  if (rest.length > 0) throw new CronProblem(`has '${range}' as ${field.name}`);
  const from = numberOf(first, field);
  if (last === undefined) return [from, hasStep ? field.most : from];
  const to = numberOf(last, field);
  if (from !== to) return [from, to];
  throw new CronProblem(`has the range '${range}', which is one value`);
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text) ?? -1;
  if (named >= 0) return field.least + named;
  const most = field === WEEKDAY ? 7 : field.most;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= field.least && value <= most) return value;
  throw new CronProblem(`has '${text}' as ${field.name}, which goes from ${field.least} to ${field.most}`);
}

function steps(from: number, to: number, by: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

/** All values are `*`: one field then does not restrict the other where two name days. */
function listText(values: readonly number[], field: Field): string {
  const distinct = sorted(values.map((value) => (field === WEEKDAY ? value % 7 : value)));
  return distinct.length === field.most - field.least + 1 ? "*" : distinct.join(",");
}

function sorted(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
