import { ts } from "ts-morph";
import { dateOf } from "../analysis/api/dates.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { isDurationText, secondsOf } from "./support/durations.js";
import { removeProperty, renameProperty, replace } from "./support/edits.js";
import { type GivenOption, givenOptions } from "./support/givenOptions.js";
import { nearestName } from "./support/nearestName.js";
import { type MisnamedOption, choicesOf, misnamedOptions } from "./support/optionChecks.js";
import { isCheckedByTypeScript } from "./support/typeScriptChecks.js";

type MessageId = "whole" | "factor" | "duration" | "text" | "date" | "flag" | "choice" | "unknown" | "nearest";

/**
 * What is wrong with a value of one kind; undefined: nothing, it is not known, or TypeScript says so. `isTyped`: it does
 * so where the value is of another type.
 */
type Judge = (value: Value, isTyped: boolean) => Pick<Report<MessageId>, "messageId" | "data"> | undefined;

export const invalidArgument = createRule({
  meta: {
    name: "invalid-argument",
    category: "dag",
    defaultSeverity: "error",
    description: "Options of DAGs and tasks must have values that can be meant.",
    messages: {
      whole: "'{name}' must be a whole number{least}.",
      factor: "'{name}' must be true, false or a factor of 1 or more.",
      duration: "'{name}' must be a time that is not negative: seconds, a text such as '5m', or '{ minutes: 5 }'.",
      text: "'{name}' must be a text that is not empty.",
      date: "'{name}' is a date that there is not. Write it as year, month and day, such as '2022-04-02'.",
      flag: "'{name}' must be true or false.",
      choice: "'{name}' must be one of {choices}.",
      unknown: "'{name}' is no option of {target}. Remove it.",
      nearest: "'{name}' is no option of {target}. Did you mean '{nearest}'?",
    },
    fixable: true,
    options: [],
    prevents: "invalid-argument",
    phases: [1],
    dtm: ["DTM219", "DTM220"],
  },
  *check(facts) {
    for (const given of givenOptions(facts)) {
      const { option, site } = given;
      const found =
        judgeOf(given)?.(option.value, isCheckedByTypeScript(option.nameNode, facts)) ??
        choice(given, choicesOf(given, facts));
      if (found === undefined) continue;
      yield { ...found, data: { ...found.data, name: option.name }, node: option.expression, site };
    }
    for (const misnamed of misnamedOptions(facts)) yield reportName(misnamed);
  },
});

function reportName({ option, site, target, nearest = "" }: MisnamedOption): Report<MessageId> {
  const remove = removeProperty(option.property);
  const fixes: Fix[] = [];
  if (nearest !== "") {
    fixes.push({ title: `Rename '${option.name}' to '${nearest}'`, edits: [renameProperty(option, nearest)] });
  }
  if (remove !== undefined) fixes.push({ title: `Remove '${option.name}'`, edits: [remove] });
  const data = { name: option.name, target, nearest };
  return { messageId: nearest === "" ? "unknown" : "nearest", data, node: option.nameNode, site, fixes };
}

function choice(
  { option: { value, expression } }: GivenOption,
  choices: readonly string[] | undefined,
): (ReturnType<Judge> & { readonly fixes: readonly Fix[] }) | undefined {
  if (choices === undefined || value.type !== "const" || choices.some((one) => one === value.value)) return undefined;
  const nearest = nearestName(String(value.value), choices);
  const isWritten = nearest !== undefined && ts.isStringLiteralLike(expression);
  const fixes = isWritten ? [{ title: `Change to '${nearest}'`, edits: [replace(expression, `"${nearest}"`)] }] : [];
  return { messageId: "choice", data: { choices: choices.map((one) => `'${one}'`).join(", ") }, fixes };
}

const DATES: Readonly<Record<string, Judge>> = { start_date: date, end_date: date };

const TASK: Readonly<Record<string, Judge>> = {
  ...DATES,
  do_xcom_push: flag,
  multiple_outputs: flag,
  depends_on_past: flag,
  ignore_first_depends_on_past: flag,
  wait_for_downstream: flag,
  wait_for_past_depends_before_skipping: flag,
  retries: whole(0),
  retry_delay: duration,
  retry_exponential_backoff: factor,
  max_retry_delay: duration,
  execution_timeout: duration,
  pool: text,
  pool_slots: whole(1),
  priority_weight: whole(Number.MIN_SAFE_INTEGER),
  max_active_tis_per_dag: whole(1),
  max_active_tis_per_dagrun: whole(1),
};

const SENSOR: Readonly<Record<string, Judge>> = {
  poke_interval: duration,
  timeout: duration,
  max_wait: duration,
  soft_fail: flag,
  exponential_backoff: flag,
};

const DAG: Readonly<Record<string, Judge>> = {
  ...DATES,
  timezone: text,
  catchup: flag,
  fail_fast: flag,
  render_template_as_native_obj: flag,
  max_active_runs: whole(1),
  max_active_tasks: whole(1),
  dagrun_timeout: duration,
};

function judgeOf({ option: { name }, of, task }: GivenOption): Judge | undefined {
  const table = of === "dag" ? DAG : task?.flavour === "task.sensor" ? { ...TASK, ...SENSOR } : TASK;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** True where the engine refuses the value for its type alone, and nobody else says so. */
function isOfOtherType(value: Value, isTyped: boolean, ...types: readonly string[]): boolean {
  if (isTyped || value.type !== "const" || value.value === null || value.value === undefined) return false;
  return !types.includes(typeof value.value);
}

function flag(value: Value, isTyped: boolean): ReturnType<Judge> {
  return isOfOtherType(value, isTyped, "boolean") ? { messageId: "flag" } : undefined;
}

function whole(least: number): Judge {
  return (value, isTyped) => {
    const number = value.type === "const" && typeof value.value === "number" ? value.value : undefined;
    if (number === undefined && !isOfOtherType(value, isTyped, "number")) return undefined;
    if (number !== undefined && Number.isSafeInteger(number) && number >= least) return undefined;
    return { messageId: "whole", data: { least: least < 0 ? "" : `, ${least} or more` } };
  };
}

function factor(value: Value, isTyped: boolean): ReturnType<Judge> {
  if (isOfOtherType(value, isTyped, "number", "boolean")) return { messageId: "factor" };
  if (value.type !== "const" || typeof value.value !== "number") return undefined;
  return value.value >= 1 && Number.isFinite(value.value) ? undefined : { messageId: "factor" };
}

function duration(value: Value, isTyped: boolean): ReturnType<Judge> {
  const isText = value.type === "const" && typeof value.value === "string";
  if (isOfOtherType(value, isTyped, "number", "string")) return { messageId: "duration" };
  const seconds = secondsOf(value) ?? (isText && !isTyped ? Number.NaN : undefined);
  if (seconds === undefined) return undefined;
  const isFine = isText ? isDurationText(String(value.value)) : seconds >= 0 && Number.isFinite(seconds);
  return isFine ? undefined : { messageId: "duration" };
}

function text(value: Value, isTyped: boolean): ReturnType<Judge> {
  if (isOfOtherType(value, isTyped, "string")) return { messageId: "text" };
  return value.type === "const" && value.value === "" ? { messageId: "text" } : undefined;
}

function date(value: Value): ReturnType<Judge> {
  const made = dateOf(value);
  return made !== undefined && Number.isNaN(made.getTime()) ? { messageId: "date" } : undefined;
}
