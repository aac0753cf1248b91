/**
 * The arguments that every operator takes, whatever it does. They are the same for all mapped instances, so none
 * can be expanded: the union of Airflow 2.3's and 3.x's lists. The authoring types, the rule
 * `unmappable-parameter` and the engine all read this one table.
 */
export const BASE_OPERATOR_ARGUMENTS = [
  "task_id",
  "dag",
  "task_group",
  "owner",
  "email",
  "email_on_failure",
  "email_on_retry",
  "retries",
  "retry_delay",
  "retry_exponential_backoff",
  "max_retry_delay",
  "start_date",
  "end_date",
  "depends_on_past",
  "ignore_first_depends_on_past",
  "wait_for_downstream",
  "wait_for_past_depends_before_skipping",
  "priority_weight",
  "weight_rule",
  "queue",
  "pool",
  "pool_slots",
  "execution_timeout",
  "trigger_rule",
  "max_active_tis_per_dag",
  "max_active_tis_per_dagrun",
  "map_index_template",
  "multiple_outputs",
  "do_xcom_push",
  "run_as_user",
  "executor",
  "executor_config",
  "inlets",
  "outlets",
  "resources",
  "on_execute_callback",
  "on_failure_callback",
  "on_success_callback",
  "on_retry_callback",
  "on_skipped_callback",
  "task_display_name",
  "logger_name",
  "allow_nested_operators",
  "doc",
  "doc_md",
  "doc_json",
  "doc_yaml",
  "doc_rst",
] as const;

export type BaseOperatorArgument = (typeof BASE_OPERATOR_ARGUMENTS)[number];

const names: ReadonlySet<string> = new Set(BASE_OPERATOR_ARGUMENTS);

export function isBaseOperatorArgument(name: string): name is BaseOperatorArgument {
  return names.has(name);
}
