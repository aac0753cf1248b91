/**
 * A mapped task maps over the results of another one. The second waits for all instances of the first: they are two
 * steps, not pairs. Pairs that run on by themselves are what a mapped task group is for.
 *
 *   fanout run examples/concepts/mapped_into_mapped.dag.ts --logs
 */
import { dag, task } from "fanout";

const fetch_page = task({ task_id: "fetch_page" }, ({ page }: { page: number }) => ({ page, rows: page * 10 }));

const clean = task({ task_id: "clean" }, ({ fetched }: { fetched: { page: number; rows: number } }) => {
  console.log(`page ${fetched.page}: ${fetched.rows} rows`);
  return fetched.rows - 1;
});

const total = task({ task_id: "total" }, ({ rows }: { rows: readonly number[] }) => rows.reduce((a, b) => a + b, 0));

export default dag({ dag_id: "mapped_into_mapped", schedule: null, tags: ["example", "concept"] }, () => {
  const pages = fetch_page.expand({ page: [1, 2, 3] });
  const cleaned = clean.expand({ fetched: pages });
  total({ rows: cleaned });
});
