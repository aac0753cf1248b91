/**
 * Airflow's trigger rules, in the order its documentation lists them.
 * Source: airflow-core `TriggerRule`; the rules removed in 3.0 and the internal setup rule are left out.
 */
export const TRIGGER_RULES = [
  "all_success",
  "all_failed",
  "all_done",
  "all_done_min_one_success",
  "all_skipped",
  "one_success",
  "one_failed",
  "one_done",
  "none_failed",
  "none_failed_min_one_success",
  "none_skipped",
  "always",
] as const;

/** Which states of its upstream tasks let a task run. */
export type TriggerRule = (typeof TRIGGER_RULES)[number];

export const DEFAULT_TRIGGER_RULE: TriggerRule = "all_success";
