import { describe, expect, it } from "vitest";
import { BUILTIN_NAMES, CONTEXT_NAMES, FILTER_NAMES, MACRO_NAMES, TEST_NAMES } from "#core/templates/names.js";
import type { Context } from "../../runtime/src/authoring/types/context.js";
import { findCheck } from "../../runtime/src/worker/templates/checks.js";
import { findFilter } from "../../runtime/src/worker/templates/filters.js";
import { templateProblems } from "../../server/src/templates/templateProblems.js";
import { problemOf } from "./support.js";

/** The compiler keeps it complete. */
const context: Readonly<Record<keyof Context, true>> = {
  ...{ dag: true, dag_run: true, task: true, ti: true, task_instance: true, run_id: true, logical_date: true },
  ...{ data_interval_start: true, data_interval_end: true, ds: true, ds_nodash: true, ts: true, ts_nodash: true },
  ...{ ts_nodash_with_tz: true, prev_data_interval_start_success: true, prev_data_interval_end_success: true },
  ...{ prev_start_date_success: true, prev_end_date_success: true, try_number: true, map_index: true },
  ...{ map_index_template: true, expanded_ti_count: true, params: true, conn: true, var: true, macros: true },
  ...{ task_instance_key_str: true, exception: true, reason: true },
};

/** Names that rendering may know beside those that are listed. */
const others = [
  "nobody",
  "groupby",
  "map",
  "self",
  "cycler",
  "joiner",
  "lipsum",
  "xmlattr",
  "urlize",
  "dateutil",
  "yaml",
];

describe("the names of templates", () => {
  it("are those of the context", () => {
    expect([...CONTEXT_NAMES].sort()).toEqual(Object.keys(context).sort());
  });

  it.each([...FILTER_NAMES, ...others])("has the filter %s exactly where rendering has it", (name) => {
    expect(FILTER_NAMES.has(name)).toBe(findFilter(name) !== undefined);
  });

  it.each([...TEST_NAMES, ...others, "filter", "test"])("has the test %s exactly where rendering has it", (name) => {
    expect(TEST_NAMES.has(name)).toBe(findCheck(name) !== undefined);
  });

  it.each([...MACRO_NAMES, ...others])("has the macro %s exactly where rendering has it", (name) => {
    const isMissing = problemOf(`{% if macros.${name} %}{% endif %}{{ macros.${name} | string }}`) !== null;
    expect(MACRO_NAMES.has(name)).toBe(!isMissing);
  });

  it.each(["range", "dict", "namespace", "True", "False", "None", "true", "false", "none"])("knows %s", (name) => {
    expect(BUILTIN_NAMES.has(name)).toBe(true);
    expect(problemOf(`{{ ${name} }}`)).toBeNull();
  });
});

describe("what reading says of a template", () => {
  const names = { inputs: new Set<string>(), dag_id: "d" };

  it.each([
    "{{ nobody }}",
    "{{ nobody.x | default('y') }}",
    "{{ ds | nobody }}",
    "{{ ds",
    "{% for x in xs recursive %}{% endfor %}",
    "{{ {'a': {'b': 1}} }}",
    "{% set a, b = 1, 2 %}",
    "{{ ** [ ] }}",
    "{% break %}",
    "echo ${name#}",
    "{{ macros.dateutil }}",
    "{{ ti.xcom_pull(task_ids='up', dag_id='other') }}",
    "{{ 'a' ~ nobody }}",
    "{{ nobody() }}",
    "{{ ds is nobody }}",
  ])("%s: rendering fails too", (template) => {
    expect(templateProblems(template, names)).not.toEqual([]);
    expect(problemOf(template)).not.toBeNull();
  });
});
