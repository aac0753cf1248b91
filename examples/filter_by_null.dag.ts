/**
 * Choosing at run time what goes on: a mapped task that returns nothing for an item drops it, and `zip`, `concat` and
 * `map` put results together without a task in between.
 *
 *   fanout run examples/filter_by_null.dag.ts --logs
 */
import { dag, task } from "fanout";

const list_files = task({ task_id: "list_files" }, () => ["orders.csv", "readme.txt", "customers.csv"]);
const list_sizes = task({ task_id: "list_sizes" }, () => [120, 3, 45]);
const list_archive = task({ task_id: "list_archive" }, () => [{ file: "orders_2021.csv", size: 80 }]);

// Null is no result: whatever maps over `only_csv` has no instance for it.
const only_csv = task({ task_id: "only_csv" }, ({ found }: { found: { file: string; size: number } }) => {
  if (found.file.endsWith(".csv")) return found;
  console.log(`left out: ${found.file}`);
  return null;
});

const load = task({ task_id: "load" }, ({ file, size }: { file: string; size: number }) => {
  console.log(`loading ${file}, ${size} rows`);
  return size;
});

const report = task({ task_id: "report" }, ({ sizes }: { sizes: readonly number[] }) => ({
  files: sizes.length,
  rows: sizes.reduce((sum, size) => sum + size, 0),
}));

export default dag({ dag_id: "filter_by_null", schedule: null, tags: ["example"] }, () => {
  // Pairs of a name and a size, made into dicts where they are used, then the archive's behind them.
  const found = list_files()
    .zip(list_sizes())
    .map(([file, size]) => ({ file, size }))
    .concat(list_archive());

  const chosen = only_csv.expand({ found });

  // Four files, three instances: the types know too that null is never among the results of a mapped task.
  const loaded = load.expand_kwargs(chosen);

  report({ sizes: loaded });
});
