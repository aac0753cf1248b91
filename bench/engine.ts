/**
 * Microseconds for each no-op instance of a mapped task, with state, log, inputs and result of every instance kept on
 * disk, beside bare calls of piscina that keep nothing, and beside the limit: batches of calls to bare processes. All
 * run in turn, each as a command from its start to its end.
 *
 *   npm run bench engine            1,000, 10,000 and 100,000 instances
 *   npm run bench engine 1000       other numbers
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Usage, fileOf, medianUsage, usageOf } from "./support/usage.js";

const WORKERS = 2;
const ROUNDS = 5;
const DAG_FILE = "bench.dag.ts";

const dagText = `import { dag, task } from "fanout";
const list = task({ task_id: "list" }, () => Array.from({ length: Number(process.env.INSTANCES) }, (_, index) => index));
const work = task({ task_id: "work" }, ({ x }: { x: number }) => x);
const count = task({ task_id: "count" }, ({ xs }: { xs: readonly number[] }) => xs.length);
export default dag({ dag_id: "bench" }, () => { count({ xs: work.expand({ x: list() }) }); });
`;

/** The arguments of Node, by the number of instances. */
const CONTENDERS = {
  fanout: () => [fileOf("../dist/runtime/cli.cjs"), "run", DAG_FILE, "--parallelism", String(WORKERS)],
  piscina: (instances: number) => [fileOf("programs/piscinaCalls.mjs"), String(instances), String(WORKERS)],
  limit: (instances: number) => [fileOf("programs/bareProcesses.mjs"), String(instances), String(WORKERS)],
} as const;

type Contender = keyof typeof CONTENDERS;

function measure(contender: Contender, instances: number, folder: string): Usage {
  const env = { INSTANCES: String(instances), AIRFLOW__CORE__MAX_MAP_LENGTH: String(instances) };
  return usageOf(CONTENDERS[contender](instances), folder, env);
}

function row(instances: number, folder: string): string {
  const all: Record<Contender, Usage[]> = { fanout: [], piscina: [], limit: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of ["fanout", "piscina", "limit"] as const) {
      all[contender].push(measure(contender, instances, folder));
    }
  }
  const [ours, theirs, limit] = [medianUsage(all.fanout), medianUsage(all.piscina), medianUsage(all.limit)];
  const each = (ms: number): string => ((ms * 1000) / instances).toFixed(1);
  const ratios = [(ours.ms / theirs.ms).toFixed(2), (ours.ms / limit.ms).toFixed(1)];
  const times = [each(ours.ms), each(theirs.ms), each(limit.ms), ...ratios, each(ours.cpuMs)];
  return line([String(instances), ...times, ours.rssMb.toFixed(0), theirs.rssMb.toFixed(0)]);
}

function line(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(12)).join("");
}

function compare(sizes: readonly number[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-bench-"));
  try {
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, DAG_FILE), dagText);
    // The first run makes the bundle.
    measure("fanout", 10, folder);
    const times = ["fanout µs", "piscina µs", "limit µs", "to piscina", "to limit", "own CPU µs"];
    console.log(line(["instances", ...times, "fanout MB", "piscina MB"]));
    for (const size of sizes) console.log(row(size, folder));
    console.log(`medians of ${ROUNDS} rounds, ${WORKERS} workers; each a command from its start to its end`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sizes = process.argv.slice(2).map(Number);
compare(sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]);
