/**
 * Microseconds for each no-op instance of a mapped task, with state, log, inputs and result of every instance kept on
 * disk, beside bare calls of piscina that keep nothing. Both run in turn, each in a process of its own.
 *
 *   npm run bench engine            1,000, 10,000 and 100,000 instances
 *   npm run bench engine 1000       other numbers
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { startRun } from "../runtime/src/engine/startRun.js";

const WORKERS = 2;
const ROUNDS = 3;

interface Measured {
  readonly ms: number;
  /** Of the coordinating process: user and system time. */
  readonly cpuMs: number;
  /** Its largest resident size. */
  readonly rssMb: number;
}

type Contender = "fanout" | "piscina";

const dagFile = `import { dag, task } from "fanout";
const list = task({ task_id: "list" }, () => Array.from({ length: Number(process.env.INSTANCES) }, (_, index) => index));
const work = task({ task_id: "work" }, ({ x }: { x: number }) => x);
const count = task({ task_id: "count" }, ({ xs }: { xs: readonly number[] }) => xs.length);
export default dag({ dag_id: "bench" }, () => { count({ xs: work.expand({ x: list() }) }); });
`;

async function measureFanout(folder: string): Promise<void> {
  const run = await startRun({
    file: path.join(folder, "bench.dag.ts"),
    parallelism: WORKERS,
    maxMapLength: 1_000_000,
  });
  const { state } = await run.done;
  if (state !== "success") throw new Error(`the run ended as ${state}`);
}

async function measurePiscina(folder: string, instances: number): Promise<void> {
  const pool = new Piscina({ filename: path.join(folder, "call.mjs"), minThreads: WORKERS, maxThreads: WORKERS });
  await Promise.all(Array.from({ length: instances }, (_, x) => pool.run({ x })));
  await pool.destroy();
}

async function measure(contender: Contender, instances: number, folder: string): Promise<Measured> {
  const start = performance.now();
  const before = process.cpuUsage();
  if (contender === "fanout") await measureFanout(folder);
  else await measurePiscina(folder, instances);
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms, cpuMs: (user + system) / 1000, rssMb: process.resourceUsage().maxRSS / 1024 };
}

function measureInProcess(contender: Contender, instances: number, folder: string): Measured {
  const self = fileURLToPath(import.meta.url);
  const args = ["--import", "tsx", self, "measure", contender, String(instances), folder];
  const env = { ...process.env, INSTANCES: String(instances) };
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: "utf8" })) as Measured;
}

function median(measured: readonly Measured[]): Measured {
  const sorted = measured.toSorted((a, b) => a.ms - b.ms);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("nothing was measured");
  return middle;
}

function row(instances: number, folder: string): string {
  const fanout: Measured[] = [];
  const piscina: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    fanout.push(measureInProcess("fanout", instances, folder));
    piscina.push(measureInProcess("piscina", instances, folder));
  }
  const [ours, theirs] = [median(fanout), median(piscina)];
  const each = (ms: number): string => ((ms * 1000) / instances).toFixed(1);
  const cells = [each(ours.ms), each(theirs.ms), (ours.ms / theirs.ms).toFixed(2), each(ours.cpuMs)];
  const rss = [ours.rssMb.toFixed(0), theirs.rssMb.toFixed(0)];
  return [String(instances), ...cells, ...rss].map((cell) => cell.padStart(12)).join("");
}

function compare(sizes: readonly number[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-bench-"));
  try {
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, "bench.dag.ts"), dagFile);
    writeFileSync(path.join(folder, "call.mjs"), "export default ({ x }) => x;\n");
    measureInProcess("fanout", 10, folder);
    const titles = ["instances", "fanout µs", "piscina µs", "ratio", "own CPU µs", "fanout MB", "piscina MB"];
    console.log(titles.map((title) => title.padStart(12)).join(""));
    for (const size of sizes) console.log(row(size, folder));
    console.log(
      `medians of ${ROUNDS} rounds, ${WORKERS} workers; time from the start of the run to its end, loading included`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [first, contender, instances, folder = ""] = process.argv.slice(2);
if (first === "measure") {
  console.log(JSON.stringify(await measure(contender as Contender, Number(instances), folder)));
} else {
  const sizes = process.argv.slice(2).map(Number);
  compare(sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]);
}
