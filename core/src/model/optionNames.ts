import { BASE_OPERATOR_ARGUMENTS } from "./operatorArguments.js";
import { TRIGGER_RULES } from "./triggerRule.js";

/*
 * What may be given to `dag()`, `task_group()` and `task()` beside inputs. The engine refuses every other name, and the
 * rule `invalid-argument` says so first where no TypeScript does: both read these tables.
 */

export const DAG_ARGUMENTS = {
  dag_id: true,
  description: true,
  schedule: true,
  schedule_interval: true,
  timezone: true,
  start_date: true,
  end_date: true,
  catchup: true,
  tags: true,
  default_args: true,
  params: true,
  template_searchpath: true,
  max_active_runs: true,
  max_active_tasks: true,
  dagrun_timeout: true,
  fail_fast: true,
  render_template_as_native_obj: true,
  on_success_callback: true,
  on_failure_callback: true,
  dag_display_name: true,
  doc_md: true,
} as const;

export const GROUP_OPTIONS = ["group_id", "default_args", "tooltip", "prefix_group_id"] as const;

/** What makes a task a sensor, beside the options that every task takes. */
export const SENSOR_OPTIONS = [
  "mode",
  "poke_interval",
  "timeout",
  "soft_fail",
  "exponential_backoff",
  "max_wait",
] as const;

/** What a kind of task takes beside the options of all tasks. */
export const VARIANT_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "task.short_circuit": ["ignore_downstream_trigger_rules"],
  "task.sensor": SENSOR_OPTIONS,
  teardown: ["on_failure_fail_dagrun"],
};

/** Set by Fanout itself; a person who gives one means something that does not exist here. */
const NOT_GIVEN: ReadonlySet<string> = new Set(["dag", "task_group"]);

/** What the `default_args` of a DAG or group may hold, and every task takes. */
export const TASK_OPTIONS: ReadonlySet<string> = new Set(
  BASE_OPERATOR_ARGUMENTS.filter((name) => !NOT_GIVEN.has(name)),
);

export const WEIGHT_RULES = ["downstream", "upstream", "absolute"] as const;
export const SENSOR_MODES = ["poke", "reschedule"] as const;

/** Options that are one of a few texts. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  trigger_rule: TRIGGER_RULES,
  weight_rule: WEIGHT_RULES,
  mode: SENSOR_MODES,
};
