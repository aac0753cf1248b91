import { WEIGHT_RULES } from "#core/model/optionNames.js";
import type { SourcePoint } from "#core/model/source.js";
import { DEFAULT_TRIGGER_RULE, TRIGGER_RULES } from "#core/model/triggerRule.js";
import { AuthoringError } from "./authoringError.js";
import { toMilliseconds } from "./duration.js";
import type { DagPolicy, TaskPolicy } from "./taskPolicy.js";

type RawOptions = Readonly<Record<string, unknown>>;

const DEFAULT_RETRY_DELAY_MS = 300_000;

/** One option of a task or DAG at a time, each checked: throws `invalid-argument` for what it cannot be. */
export class OptionReader {
  constructor(
    readonly options: RawOptions,
    readonly at: SourcePoint | undefined,
  ) {}

  flag(name: string, byDefault: boolean): boolean {
    const value = this.options[name] ?? byDefault;
    return typeof value === "boolean" ? value : this.refuse(`'${name}' must be true or false.`);
  }

  text(name: string, byDefault: string): string {
    const value = this.options[name] ?? byDefault;
    return typeof value === "string" && value !== "" ? value : this.refuse(`'${name}' must be a text.`);
  }

  /** One text or a list of them. */
  texts(name: string): readonly string[] {
    const value = this.options[name] ?? [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.every((one) => typeof one === "string")) return [...list];
    return this.refuse(`'${name}' must be a text or a list of texts.`);
  }

  whole(name: string, least: number, byDefault: number): number {
    return this.wholeOrNull(name, least) ?? byDefault;
  }

  wholeOrNull(name: string, least: number): number | null {
    const value = this.options[name] ?? null;
    if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value >= least)) return value;
    return this.refuse(`'${name}' must be a whole number, ${String(least)} or more.`);
  }

  duration(name: string, byDefault: number): number {
    return this.durationOrNull(name) ?? byDefault;
  }

  durationOrNull(name: string): number | null {
    const value = this.options[name] ?? null;
    return value === null ? null : toMilliseconds(name, value, this.at);
  }

  dateOrNull(name: string): number | null {
    const value = this.options[name] ?? null;
    if (value === null) return null;
    const at = value instanceof Date ? value.getTime() : Number.NaN;
    return Number.isNaN(at) ? this.refuse(`'${name}' must be a Date.`) : at;
  }

  oneOf<T extends string>(name: string, values: readonly T[], byDefault: T): T {
    const value = this.options[name] ?? byDefault;
    const known = values.find((one) => one === value);
    return known ?? this.refuse(`'${name}' must be one of ${values.map((one) => `'${one}'`).join(", ")}.`);
  }

  /** True is Airflow's factor of 2. */
  backoff(name: string): number {
    const value = this.options[name] ?? false;
    if (typeof value === "boolean") return value ? 2 : 1;
    if (typeof value === "number" && value >= 1 && Number.isFinite(value)) return value;
    return this.refuse(`'${name}' must be true, false or a factor of 1 or more.`);
  }

  refuse(message: string): never {
    throw new AuthoringError("invalid-argument", message, this.at);
  }
}

/** What the options that every operator takes say about how a task runs; what makes it a sensor or setup comes apart. */
export function readPolicy(
  options: RawOptions,
  at: SourcePoint | undefined,
): Omit<TaskPolicy, "sensor" | "role" | "on_failure_fail_dagrun"> {
  const read = new OptionReader(options, at);
  const wait_for_downstream = read.flag("wait_for_downstream", false);
  return {
    trigger_rule: read.oneOf("trigger_rule", TRIGGER_RULES, DEFAULT_TRIGGER_RULE),
    do_xcom_push: read.flag("do_xcom_push", true),
    multiple_outputs: read.flag("multiple_outputs", false),
    retries: read.whole("retries", 0, 0),
    retryDelayMs: read.duration("retry_delay", DEFAULT_RETRY_DELAY_MS),
    retryBackoff: read.backoff("retry_exponential_backoff"),
    maxRetryDelayMs: read.durationOrNull("max_retry_delay"),
    executionTimeoutMs: read.durationOrNull("execution_timeout"),
    pool: read.text("pool", "default_pool"),
    pool_slots: read.whole("pool_slots", 1, 1),
    priority_weight: read.whole("priority_weight", Number.MIN_SAFE_INTEGER, 1),
    weight_rule: read.oneOf("weight_rule", WEIGHT_RULES, "downstream"),
    max_active_tis_per_dag: read.wholeOrNull("max_active_tis_per_dag", 1),
    max_active_tis_per_dagrun: read.wholeOrNull("max_active_tis_per_dagrun", 1),
    // As Airflow: who waits for what followed the past waits for the past too.
    depends_on_past: wait_for_downstream || read.flag("depends_on_past", false),
    ignore_first_depends_on_past: read.flag("ignore_first_depends_on_past", true),
    wait_for_downstream,
    wait_for_past_depends_before_skipping: read.flag("wait_for_past_depends_before_skipping", false),
    startDateMs: read.dateOrNull("start_date"),
    endDateMs: read.dateOrNull("end_date"),
  };
}

/** Airflow's own defaults of `[core] max_active_runs_per_dag` and `max_active_tasks_per_dag`. */
const MAX_ACTIVE = 16;

export function readDagPolicy(options: RawOptions, at: SourcePoint | undefined): DagPolicy {
  const read = new OptionReader(options, at);
  const defaults = new OptionReader((options["default_args"] ?? {}) as RawOptions, at);
  return Object.freeze({
    timezone: read.text("timezone", "UTC"),
    // Dates in `default_args` are the DAG's, as Airflow reads them too.
    startDateMs: read.dateOrNull("start_date") ?? defaults.dateOrNull("start_date"),
    endDateMs: read.dateOrNull("end_date") ?? defaults.dateOrNull("end_date"),
    catchup: read.flag("catchup", false),
    max_active_runs: read.whole("max_active_runs", 1, MAX_ACTIVE),
    max_active_tasks: read.whole("max_active_tasks", 1, MAX_ACTIVE),
    dagrunTimeoutMs: read.durationOrNull("dagrun_timeout"),
    fail_fast: read.flag("fail_fast", false),
    render_template_as_native_obj: read.flag("render_template_as_native_obj", false),
    template_searchpath: Object.freeze(read.texts("template_searchpath")),
  });
}
