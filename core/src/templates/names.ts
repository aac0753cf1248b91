/**
 * Names that templates can use, beside those that they set themselves and the inputs of a task function. A test keeps
 * them equal to what rendering knows.
 */
export const CONTEXT_NAMES: ReadonlySet<string> = new Set(
  words(`
    conn dag dag_run data_interval_end data_interval_start ds ds_nodash exception expanded_ti_count logical_date macros
    map_index map_index_template params prev_data_interval_end_success prev_data_interval_start_success
    prev_end_date_success prev_start_date_success reason run_id task task_instance task_instance_key_str ti try_number
    ts ts_nodash ts_nodash_with_tz var
  `),
);

/** Jinja's own, and the values that are written as names. */
export const BUILTIN_NAMES: ReadonlySet<string> = new Set(
  words("range dict namespace True False None true false none super caller loop varargs"),
);

export const MACRO_NAMES: ReadonlySet<string> = new Set(
  words("datetime timedelta time uuid json random ds_add ds_format datetime_diff_for_humans"),
);

export const FILTER_NAMES: ReadonlySet<string> = new Set(
  words(`
    abs attr batch capitalize center count d default dictsort ds ds_nodash e escape filesizeformat first float
    forceescape format groupby indent int items join last length list lower map max min pprint random reject rejectattr
    replace reverse round safe select selectattr slice sort string striptags sum title tojson trim truncate ts ts_nodash
    ts_nodash_with_tz unique upper urlencode wordcount wordwrap
  `),
);

export const TEST_NAMES: ReadonlySet<string> = new Set([
  ...words(`
    boolean callable defined divisibleby eq equalto escaped even false float ge greaterthan gt in integer iterable le
    lessthan lower lt mapping ne none number odd sameas sequence string true undefined upper
  `),
  ...["==", "!=", "<", "<=", ">", ">="],
]);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
