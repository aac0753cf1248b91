/**
 * `expand_kwargs`: each dict of a list is one instance and brings several inputs at once.
 *
 *   fanout run examples/concepts/expand_kwargs.dag.ts --logs
 */
import { dag, task } from "fanout";

interface Export {
  table: string;
  format: "csv" | "parquet";
  limit?: number;
}

const list_exports = task({ task_id: "list_exports" }, (): Export[] => [
  { table: "orders", format: "parquet" },
  { table: "customers", format: "csv", limit: 1000 },
]);

const write = task({ task_id: "write" }, ({ bucket, table, format, limit }: Export & { bucket: string }) => {
  const file = `${bucket}/${table}.${format}`;
  console.log(`${file}: ${limit === undefined ? "all rows" : `at most ${limit} rows`}`);
  return file;
});

export default dag({ dag_id: "expand_kwargs", schedule: null, tags: ["example", "concept"] }, () => {
  write.partial({ bucket: "backup" }).expand_kwargs(list_exports());
});
