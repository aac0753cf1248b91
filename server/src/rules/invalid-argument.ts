import { dateOf } from "../analysis/api/dates.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Report } from "./createRule.js";
import { isDurationText, secondsOf } from "./support/durations.js";
import { type GivenOption, givenOptions } from "./support/givenOptions.js";

type MessageId = "whole" | "factor" | "duration" | "text" | "date";

/** What is wrong with a value of one kind; undefined: nothing, it is not known, or TypeScript says so. */
type Judge = (value: Value) => Pick<Report<MessageId>, "messageId" | "data"> | undefined;

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
      text: "'{name}' must not be empty.",
      date: "'{name}' is a date that there is not. Write it as year, month and day, such as '2022-04-02'.",
    },
    fixable: false,
    options: [],
    prevents: "invalid-argument",
    phases: [1],
    dtm: ["DTM219", "DTM220"],
  },
  *check(facts) {
    for (const given of givenOptions(facts)) {
      const { option, site } = given;
      const found = judgeOf(given)?.(option.value);
      if (found === undefined) continue;
      yield { ...found, data: { ...found.data, name: option.name }, node: option.expression, site };
    }
  },
});

const DATES: Readonly<Record<string, Judge>> = { start_date: date, end_date: date };

const TASK: Readonly<Record<string, Judge>> = {
  ...DATES,
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

const SENSOR: Readonly<Record<string, Judge>> = { poke_interval: duration, timeout: duration, max_wait: duration };

const DAG: Readonly<Record<string, Judge>> = {
  ...DATES,
  timezone: text,
  max_active_runs: whole(1),
  max_active_tasks: whole(1),
  dagrun_timeout: duration,
};

function judgeOf({ option: { name }, of, task }: GivenOption): Judge | undefined {
  const table = of === "dag" ? DAG : task?.flavour === "task.sensor" ? { ...TASK, ...SENSOR } : TASK;
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function whole(least: number): Judge {
  return (value) => {
    if (value.type !== "const" || typeof value.value !== "number") return undefined;
    if (Number.isSafeInteger(value.value) && value.value >= least) return undefined;
    return { messageId: "whole", data: { least: least < 0 ? "" : `, ${least} or more` } };
  };
}

function factor(value: Value): ReturnType<Judge> {
  if (value.type !== "const" || typeof value.value !== "number") return undefined;
  return value.value >= 1 && Number.isFinite(value.value) ? undefined : { messageId: "factor" };
}

function duration(value: Value): ReturnType<Judge> {
  const seconds = secondsOf(value);
  if (seconds === undefined) return undefined;
  const isText = value.type === "const" && typeof value.value === "string";
  const isFine = isText ? isDurationText(String(value.value)) : seconds >= 0 && Number.isFinite(seconds);
  return isFine ? undefined : { messageId: "duration" };
}

function text(value: Value): ReturnType<Judge> {
  return value.type === "const" && value.value === "" ? { messageId: "text" } : undefined;
}

function date(value: Value): ReturnType<Judge> {
  const made = dateOf(value);
  return made !== undefined && Number.isNaN(made.getTime()) ? { messageId: "date" } : undefined;
}
