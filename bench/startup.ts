/**
 * From the command to its end: a DAG of three tasks whose bundle is in the cache, beside `node -e 0`. Both run in turn,
 * so that both meet the same machine.
 *
 *   npm run bench startup           40 rounds
 *   npm run bench startup 100       another number
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { formatTable, milliseconds, quantile, ratio } from "./support/statistics.js";
import { fileOf } from "./support/usage.js";

const cli = fileOf("../dist/runtime/cli.cjs");

const dagFile = `import { dag, task } from "fanout";
const list = task({ task_id: "list" }, () => [1, 2, 3]);
const work = task({ task_id: "work" }, ({ x }: { x: number }) => x + 1);
const total = task({ task_id: "total" }, ({ xs }: { xs: readonly number[] }) => xs.reduce((sum, x) => sum + x, 0));
export default dag({ dag_id: "startup" }, () => { total({ xs: work.expand({ x: list() }) }); });
`;

function time(args: readonly string[], cwd: string): number {
  const start = performance.now();
  execFileSync(process.execPath, args, { cwd, stdio: "ignore" });
  return performance.now() - start;
}

function measure(rounds: number, folder: string): { run: number[]; node: number[] } {
  const run = ["run", "startup.dag.ts"];
  // The first run makes the bundle.
  time([cli, ...run], folder);
  const times = { run: [] as number[], node: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.run.push(time([cli, ...run], folder));
    times.node.push(time(["-e", "0"], folder));
  }
  return times;
}

function print(rounds: number, { run, node }: { run: readonly number[]; node: readonly number[] }): void {
  const shares = [0, 0.5, 0.95];
  const cells = (values: readonly number[]): number[] => shares.map((share) => quantile(values, share));
  const ratios = cells(run).map((value, index) => ratio(value, cells(node)[index] ?? NaN));
  console.log(`${rounds} rounds, interleaved`);
  console.log(
    formatTable([
      ["", "fastest", "median", "p95"],
      ["fanout run, 3 tasks, warm cache", ...cells(run).map(milliseconds)],
      ["node -e 0", ...cells(node).map(milliseconds)],
      ["ratio", ...ratios],
    ]),
  );
}

const folder = mkdtempSync(path.join(tmpdir(), "fanout-bench-"));
try {
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(path.join(folder, "startup.dag.ts"), dagFile);
  const rounds = Number(process.argv[2] ?? 40);
  print(rounds, measure(rounds, folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
