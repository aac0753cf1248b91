/**
 * Instances have numbers; `map_index_template` gives them names that people recognise. It is rendered when the instance
 * has run, with what the task put into its context.
 *
 *   fanout run examples/concepts/named_instances.dag.ts --logs
 */
import { dag, get_current_context, task } from "fanout";

const backup = task(
  { task_id: "backup", map_index_template: "{{ database }} on {{ ds }}" },
  ({ url }: { url: string }) => {
    const database = new URL(url).pathname.slice(1);
    Object.assign(get_current_context(), { database });
    console.log(`saving ${database}`);
    return database.length;
  },
);

export default dag({ dag_id: "named_instances", schedule: null, tags: ["example", "concept"] }, () => {
  backup.expand({ url: ["postgres://db1/shop", "postgres://db1/billing", "postgres://db2/archive"] });
});
