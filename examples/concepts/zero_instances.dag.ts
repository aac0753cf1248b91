/**
 * Nothing to map over: a mapped task without instances is skipped, and what follows goes by its trigger rule. By
 * default it is skipped too; `none_failed` lets it run and receive an empty list.
 *
 *   fanout run examples/concepts/zero_instances.dag.ts --logs
 */
import { dag, task } from "fanout";

const list_new_files = task({ task_id: "list_new_files" }, (): string[] => {
  console.log("no file came in today");
  return [];
});

const load = task({ task_id: "load" }, ({ file }: { file: string }) => file.length);

const refresh = task({ task_id: "refresh" }, ({ loaded }: { loaded: readonly number[] }) => loaded.length);

const report = task(
  { task_id: "report", trigger_rule: "none_failed" },
  ({ loaded }: { loaded: readonly number[] }) => `${loaded.length} files loaded`,
);

export default dag({ dag_id: "zero_instances", schedule: null, tags: ["example", "concept"] }, () => {
  const loaded = load.expand({ file: list_new_files() });
  refresh({ loaded });
  report({ loaded });
});
