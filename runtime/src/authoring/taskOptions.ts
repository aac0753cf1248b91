import { type BaseOperatorArgument, isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import type { SourcePoint } from "#core/model/source.js";
import { DEFAULT_TRIGGER_RULE, TRIGGER_RULES, type TriggerRule } from "#core/model/triggerRule.js";
import { AuthoringError } from "./authoringError.js";
import type { DagBuilder } from "./dagBuilder.js";
import { toMilliseconds } from "./duration.js";

/** What the engine needs to know of a task's options. */
export interface EngineOptions {
  readonly trigger_rule: TriggerRule;
  readonly retries: number;
  readonly retryDelayMs: number;
  readonly do_xcom_push: boolean;
}

type RawOptions = Readonly<Record<string, unknown>>;

const DEFAULT_RETRY_DELAY_MS = 300_000;

/** Typed, not built yet: using one of them refuses the run. The value is the one that changes nothing. */
const NOT_BUILT: Readonly<Partial<Record<BaseOperatorArgument, unknown>>> = {
  retry_exponential_backoff: false,
  max_retry_delay: undefined,
  execution_timeout: undefined,
  pool: "default_pool",
  pool_slots: 1,
  priority_weight: 1,
  weight_rule: "downstream",
  max_active_tis_per_dag: undefined,
  max_active_tis_per_dagrun: undefined,
  map_index_template: undefined,
  multiple_outputs: false,
  depends_on_past: false,
  ignore_first_depends_on_past: true,
  wait_for_downstream: false,
  wait_for_past_depends_before_skipping: false,
  start_date: undefined,
  end_date: undefined,
  on_execute_callback: undefined,
  on_failure_callback: undefined,
  on_success_callback: undefined,
  on_retry_callback: undefined,
  on_skipped_callback: undefined,
};

/** Dates in `default_args` are the DAG's, as Airflow reads them too. */
const DATES: ReadonlySet<string> = new Set(["start_date", "end_date"]);

/** Set by fanout itself; a person who gives one means something that does not exist here. */
const NOT_GIVEN: ReadonlySet<string> = new Set(["dag", "task_group"]);

/** Checks a task's own options and the DAG's `default_args`, and notes what is not built yet. */
export function readOptions(builder: DagBuilder, own: RawOptions, at: SourcePoint | undefined): EngineOptions {
  for (const name of Object.keys(own)) checkName(name, at);
  const options = { ...withoutDates(builder.defaultArgs), ...withoutUndefined(own) };
  noteNotBuilt(builder, options, at);
  return {
    trigger_rule: triggerRule(options["trigger_rule"], at),
    retries: retries(options["retries"], at),
    retryDelayMs: retryDelay(options["retry_delay"], at),
    do_xcom_push: flag("do_xcom_push", options["do_xcom_push"], true, at),
  };
}

/** Throws `invalid-argument` for `default_args` that no operator takes. */
export function checkDefaultArgs(defaultArgs: RawOptions, at: SourcePoint | undefined): void {
  for (const name of Object.keys(defaultArgs)) {
    checkName(name, at);
    if (name === "task_id") {
      throw new AuthoringError("invalid-argument", "'task_id' cannot stand in 'default_args': ids are unique.", at);
    }
  }
}

function checkName(name: string, at: SourcePoint | undefined): void {
  if (isBaseOperatorArgument(name) && !NOT_GIVEN.has(name)) return;
  throw new AuthoringError("invalid-argument", `'${name}' is no option of a task.`, at);
}

function withoutDates(options: RawOptions): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !DATES.has(name)));
}

function withoutUndefined(options: RawOptions): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function noteNotBuilt(builder: DagBuilder, options: RawOptions, at: SourcePoint | undefined): void {
  for (const [name, value] of Object.entries(options)) {
    if (!(name in NOT_BUILT) || value === undefined || value === null) continue;
    if (value !== NOT_BUILT[name as BaseOperatorArgument]) builder.addNotSupported(`'${name}'`, at);
  }
}

function triggerRule(value: unknown, at: SourcePoint | undefined): TriggerRule {
  if (value === undefined) return DEFAULT_TRIGGER_RULE;
  const rule = TRIGGER_RULES.find((known) => known === value);
  if (rule === undefined) {
    const message = `'trigger_rule' must be one of ${TRIGGER_RULES.map((known) => `'${known}'`).join(", ")}.`;
    throw new AuthoringError("invalid-argument", message, at);
  }
  return rule;
}

function retries(value: unknown, at: SourcePoint | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new AuthoringError("invalid-argument", "'retries' must be a whole number, 0 or more.", at);
}

function retryDelay(value: unknown, at: SourcePoint | undefined): number {
  return value === undefined ? DEFAULT_RETRY_DELAY_MS : toMilliseconds("retry_delay", value, at);
}

function flag(name: string, value: unknown, byDefault: boolean, at: SourcePoint | undefined): boolean {
  if (value === undefined) return byDefault;
  if (typeof value === "boolean") return value;
  throw new AuthoringError("invalid-argument", `'${name}' must be true or false.`, at);
}
