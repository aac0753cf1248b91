/**
 * Mapping over what a task returns: how many instances there are is known only when the DAG runs.
 *
 *   fanout run examples/concepts/upstream_result.dag.ts --logs
 *   fanout run examples/concepts/upstream_result.dag.ts --params '{"days": 5}'
 */
import { dag, task } from "fanout";

const list_files = task({ task_id: "list_files" }, (_inputs: object, { params }) => {
  const days = typeof params["days"] === "number" ? params["days"] : 3;
  return Array.from({ length: days }, (_, day) => `sales_${String(day + 1).padStart(2, "0")}.csv`);
});

const load = task({ task_id: "load" }, ({ file, into }: { file: string; into: string }, { ti }) => {
  console.log(`instance ${ti.map_index} loads ${file} into ${into}`);
  return file.length;
});

export default dag({ dag_id: "upstream_result", schedule: null, tags: ["example", "concept"] }, () => {
  load.partial({ into: "sales" }).expand({ file: list_files() });
});
