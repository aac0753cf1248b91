import path from "node:path";
import type { Context } from "../../runtime/src/authoring/types/context.js";
import { Connection } from "../../runtime/src/authoring/connection.js";
import { macros } from "../../runtime/src/worker/macros.js";
import { type Templates, createTemplates } from "../../runtime/src/worker/templates/engine.js";

const logical_date = new Date("2022-04-02T10:30:00Z");

const connections: Readonly<Record<string, unknown>> = {
  db: new Connection("db", { conn_type: "postgres", host: "host", port: 5432, schema: "sales" }),
};
const variables: Readonly<Record<string, unknown>> = { bucket: "raw", limits: { rows: 10 } };

function accessor(values: Readonly<Record<string, unknown>>): object {
  return { ...values, get: (name: string, byDefault?: unknown) => values[name] ?? byDefault };
}

const ti = {
  dag_id: "d",
  task_id: "t",
  run_id: "r",
  map_index: -1,
  try_number: 1,
  xcom_pull: ({ task_ids, key = "return_value" }: { task_ids: string; key?: string }) => `${task_ids}:${key}`,
  xcom_push: () => undefined,
};

/** The context that docs/templates.md speaks of. */
const context = {
  dag: { dag_id: "d" },
  task: { task_id: "t", task_type: "task" },
  ...{ ti, task_instance: ti, run_id: "r", logical_date },
  dag_run: { dag_id: "d", run_id: "r", run_type: "manual", logical_date, conf: { n: 5 } },
  data_interval_start: new Date("2022-04-02T00:00:00Z"),
  data_interval_end: new Date("2022-04-03T00:00:00Z"),
  ...{ ds: "2022-04-02", ds_nodash: "20220402", ts: "2022-04-02T10:30:00+00:00" },
  ...{ ts_nodash: "20220402T103000", ts_nodash_with_tz: "20220402T103000+0000" },
  params: { n: 5, tags: ["a", "b"] },
  ...{ prev_start_date_success: null, expanded_ti_count: null },
  conn: accessor(connections),
  var: { value: accessor(variables), json: accessor(variables) },
  macros,
} as unknown as Context;

const templates: Templates = createTemplates({ folders: [path.resolve("test/templates")] });

export function render(text: string, more: Readonly<Record<string, unknown>> = {}): string {
  return String(templates.render({ text, isFile: false, asText: true }, { ...context, ...more }));
}

export function renderNative(text: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return templates.render({ text, isFile: false, asText: false }, { ...context, ...more });
}

/** Why a template fails; null where it does not. */
export function problemOf(
  text: string,
  more: Readonly<Record<string, unknown>> = {},
): ReturnType<Templates["problemOf"]> {
  try {
    render(text, more);
    return null;
  } catch (thrown) {
    const problem = templates.problemOf(thrown);
    if (problem === null) throw thrown;
    return problem;
  }
}
