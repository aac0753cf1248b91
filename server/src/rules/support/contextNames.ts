/** Names that Airflow gives to every task itself, with the version that began to and the first one that no longer does. */
const NAMES: readonly { readonly since: string; readonly until?: string; readonly names: string }[] = [
  {
    since: "2.3",
    names: `
      conn dag dag_run data_interval_end data_interval_start ds ds_nodash exception inlets logical_date macros outlets
      params prev_data_interval_end_success prev_data_interval_start_success prev_start_date_success run_id task
      task_instance task_instance_key_str templates_dict test_mode ti try_number ts ts_nodash ts_nodash_with_tz var
    `,
  },
  {
    since: "2.3",
    until: "3.0",
    names: `
      conf execution_date next_ds next_ds_nodash next_execution_date prev_ds prev_ds_nodash prev_execution_date
      prev_execution_date_success tomorrow_ds tomorrow_ds_nodash yesterday_ds yesterday_ds_nodash
    `,
  },
  { since: "2.4", until: "3.0", names: "triggering_dataset_events" },
  { since: "2.6", names: "expanded_ti_count" },
  { since: "2.9", names: "map_index_template prev_end_date_success" },
  { since: "2.10", names: "inlet_events outlet_events" },
  { since: "3.0", names: "reason start_date task_reschedule_count triggering_asset_events" },
];

/** Of one version, such as `2.10` or `3.1`. */
export function contextNamesOf(version: string): ReadonlySet<string> {
  const known = NAMES.filter(
    ({ since, until }) => !isBefore(version, since) && (until === undefined || isBefore(version, until)),
  );
  return new Set(known.flatMap(({ names }) => names.trim().split(/\s+/)));
}

function isBefore(version: string, other: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split(".").map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
