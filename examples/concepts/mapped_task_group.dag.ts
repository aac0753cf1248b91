/**
 * A mapped task group: each file runs through all steps by itself, and `publish` of a quick file does not wait for
 * `extract` of a slow one. Outside of the group, `summary` waits for all of them.
 *
 *   fanout run examples/concepts/mapped_task_group.dag.ts --logs
 */
import { dag, task, task_group, type XComArg } from "fanout";

const list_files = task({ task_id: "list_files" }, () => ["orders.csv", "items.csv", "customers.csv"]);

const extract = task({ task_id: "extract" }, ({ file }: { file: string }) => {
  console.log(`reading ${file}`);
  return { file, rows: file.length * 100 };
});

const publish = task(
  { task_id: "publish" },
  ({ table, schema }: { table: { file: string; rows: number }; schema: string }) => {
    console.log(`${schema}.${table.file.replace(".csv", "")}: ${table.rows} rows`);
    return table.rows;
  },
);

const summary = task({ task_id: "summary" }, ({ rows }: { rows: readonly number[] }) =>
  rows.reduce((a, b) => a + b, 0),
);

// The body runs once, when the DAG is described: `file` stands for what each instance will receive.
const ingest = task_group(
  { group_id: "ingest" },
  ({ file, schema }: { file: XComArg<string>; schema: XComArg<string> }) =>
    publish({ table: extract({ file }), schema }),
);

export default dag({ dag_id: "mapped_task_group", schedule: null, tags: ["example", "concept"] }, () => {
  const rows = ingest.partial({ schema: "shop" }).expand({ file: list_files() });
  summary({ rows });
});
