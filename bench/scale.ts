/**
 * What many of something cost beside few of them, or beside the same work in another shape: each row is two commands that
 * run in turn. Time must not grow faster than what there is to do.
 *
 *   npm run bench scale             in full, a minute or two
 *   npm run bench scale 10          a tenth of everything
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RunRecord } from "#core/model/run.js";
import { createRunFolder, writeRunFile } from "../runtime/src/store/runFolder.js";
import { formatTable, ratio } from "./support/statistics.js";
import { type Usage, fileOf, medianUsage, usageOf } from "./support/usage.js";

const ROUNDS = 3;
const divisor = Number(process.argv[2] ?? 1);
const of = (full: number): number => Math.max(1, Math.round(full / divisor));

/** A command in a project of its own. */
interface Shape {
  readonly name: string;
  readonly args: readonly string[];
  /** The DAG file; or how many runs its history has. */
  readonly project: string | number;
}

interface Row {
  readonly many: Shape;
  readonly few: Shape;
  /** How much more there is to do. */
  readonly times: number;
}

const head = `import { dag, task } from "fanout";
const list = (length: number) => task({ task_id: "list" }, () => Array.from({ length }, (_, index) => index))();
const next = task({ task_id: "next" }, ({ x }: { x: number }) => x + 1);
const text = task({ task_id: "text" }, ({ x }: { x: number }) => String(x).padEnd(1000, "."));
const total = task({ task_id: "total" }, ({ xs }: { xs: readonly string[] }) => {
  let length = 0;
  for (const x of xs) length += x.length;
  return length;
});
`;

const FILE = "scale.dag.ts";

function dagWith(body: string): string {
  return `${head}export default dag({ dag_id: "scale", schedule: "@daily" }, () => { ${body} });\n`;
}

function running(name: string, body: string): Shape {
  return { name, args: ["run", FILE, "--parallelism", "2"], project: dagWith(body) };
}

/** All of them again, each time. */
function filling(days: number): Shape {
  const to = new Date(Date.UTC(2022, 0, days)).toISOString();
  const args = ["backfill", FILE, "--from", "2022-01-01", "--to", to, "--reprocess-behavior", "completed"];
  return { name: `a backfill of ${days} days`, args, project: dagWith("next.expand({ x: list(3) });") };
}

const maps = (tasks: number, each: number): Shape =>
  running(
    `${tasks} mapped tasks × ${each}`,
    `const xs = list(${each}); for (let n = 0; n < ${tasks}; n++) next.expand({ x: xs });`,
  );
const chain = (length: number): Shape =>
  running(`a chain of ${length}`, `let x = next({ x: 0 }); for (let n = 1; n < ${length}; n++) x = next({ x });`);
const listing = (runs: number): Shape => ({ name: `runs, of ${runs}`, args: ["runs"], project: runs });

const results = of(100_000);
const rows: readonly Row[] = [
  { many: maps(of(1000), 100), few: maps(1, of(1000) * 100), times: 1 },
  { many: chain(of(5000)), few: chain(of(500)), times: of(5000) / of(500) },
  {
    many: running(`a reduce over ${results} kB`, `total({ xs: text.expand({ x: list(${results}) }) });`),
    few: running("the same without it", `text.expand({ x: list(${results}) });`),
    times: 1,
  },
  { many: filling(of(100)), few: filling(of(10)), times: of(100) / of(10) },
  { many: listing(of(10_000)), few: listing(10), times: of(10_000) / 10 },
];

/** Runs that have ended, the first of them in 2022. */
function writeHistory(home: string, runs: number): void {
  mkdirSync(home, { recursive: true });
  for (let n = 0; n < runs; n++) {
    const date = new Date(Date.UTC(2022, 3, 2) + n * 60_000).toISOString();
    const moments = { run_type: "manual", logical_date: date } as const;
    const { run_id, dir } = createRunFolder(home, moments);
    const times = { data_interval_start: date, data_interval_end: date, start: date, end: date };
    const ended = { state: "success", stopped: null, resumable: false } as const;
    const record: RunRecord = { run_id, dag_id: "scale", ...moments, ...times, ...ended };
    writeRunFile(dir, record);
  }
}

function makeProject(folder: string, { project }: Shape): void {
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  if (typeof project === "number") writeHistory(path.join(folder, ".fanout"), project);
  else writeFileSync(path.join(folder, FILE), project);
}

function measure({ many, few }: Row, folder: string): readonly [many: Usage, few: Usage] {
  const sides = [many, few].map((shape, side) => {
    const own = path.join(folder, String(side));
    makeProject(own, shape);
    const command = [fileOf("../dist/runtime/cli.cjs"), ...shape.args];
    const run = (): Usage => usageOf(command, own, { AIRFLOW__CORE__MAX_MAP_LENGTH: String(results) });
    // The first one bundles the DAG file, or makes the index.
    run();
    return { run, measured: [] as Usage[] };
  });
  for (let round = 0; round < ROUNDS; round++) for (const { run, measured } of sides) measured.push(run());
  const [first, second] = sides.map(({ measured }) => medianUsage(measured));
  if (!first || !second) throw new Error("nothing was measured");
  return [first, second];
}

function lineOf(row: Row): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-bench-"));
  try {
    const [many, few] = measure(row, folder);
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    return [
      ...[`${row.many.name}, beside ${row.few.name}`, `${row.times}×`],
      ...[ms(many.ms), ms(few.ms), ratio(many.ms, few.ms), ratio(many.cpuMs, few.cpuMs)],
      ...[`${many.rssMb.toFixed(0)} MB`, `${few.rssMb.toFixed(0)} MB`],
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

console.log(formatTable([["", "to do", "many", "few", "time", "own CPU", "memory", "few"], ...rows.map(lineOf)]));
console.log(`medians of ${ROUNDS} rounds, interleaved; each a command from its start to its end, report included`);
