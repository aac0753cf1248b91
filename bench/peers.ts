/**
 * Microseconds for each of 10,000 durable no-op jobs whose results are kept: instances of a mapped task of Fanout, beside
 * BullMQ on redis-server and pg-boss on PostgreSQL. The servers are started here, on this machine, before anything is
 * measured; the peers' packages are installed into a temporary folder. Each measurement is a process of its own, which is
 * connected before: `once` does the jobs in a process that has done none, `again` in one that has done as many five times.
 *
 *   npm run bench peers             10,000 jobs, 3 rounds
 *   npm run bench peers 1000 5      other numbers
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bullmq, bullmqSandboxed } from "./contenders/bullmq.js";
import type { Contender } from "./contenders/contender.js";
import { DAG_FILE, dagText, fanout } from "./contenders/fanout.js";
import { pgBoss, pgBossInBatches } from "./contenders/pgBoss.js";
import { cpuOfTree } from "./support/cpuTime.js";
import { MissingProgram, type Server, startPostgres, startRedis } from "./support/servers.js";
import { formatTable, quantile, ratio } from "./support/statistics.js";

const PACKAGES = ["bullmq@6.7.0", "ioredis@6.0.0", "pg-boss@12.38.0"];
/** So few that what is measured is the start alone. */
const FEW = 10;
/** How often the same is done before it is measured again: by then nobody's code becomes any faster. */
const BEFORE = 5;

const contenders = {
  fanout,
  bullmq,
  "bullmq, sandboxed": bullmqSandboxed,
  "pg-boss": pgBoss,
  "pg-boss, batches": pgBossInBatches,
} satisfies Record<string, Contender>;
type Name = keyof typeof contenders;
const names = Object.keys(contenders) as readonly Name[];

interface Measured {
  readonly ms: number;
  /** Of all processes: the contender's, its workers' and its server's. */
  readonly cpuMs: number;
}

interface Prepared {
  readonly folder: string;
  readonly servers: Partial<Record<Name, Server>>;
}

/** In the process of one measurement. */
async function measure(name: Name, jobs: number, { folder, port, pid, isAgain }: Place): Promise<Measured> {
  const ready = await contenders[name].ready({ folder, port, name: `bench${process.pid}`, stays: isAgain });
  for (let before = 0; isAgain && before < BEFORE; before++) {
    await ready.work(jobs);
    await ready.renew();
  }
  const cpu = (): number => cpuOfTree(process.pid) + (pid === 0 ? 0 : cpuOfTree(pid));
  const [start, cpuBefore] = [performance.now(), cpu()];
  await ready.work(jobs);
  const measured = { ms: performance.now() - start, cpuMs: cpu() - cpuBefore };
  const kept = await ready.kept();
  await ready.close();
  if (kept !== jobs) throw new Error(`${name} kept ${kept} results of ${jobs}`);
  return measured;
}

interface Place {
  readonly folder: string;
  /** Of the server; 0 without one. */
  readonly port: number;
  readonly pid: number;
  /** Whether it has done as many before, several times. */
  readonly isAgain: boolean;
}

interface Task {
  readonly name: Name;
  readonly jobs: number;
  readonly isAgain?: boolean;
}

async function measureApart(
  { name, jobs, isAgain = false }: Task,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<Measured> {
  const { port = 0, pid = 0 } = prepared.servers[name] ?? {};
  const self = fileURLToPath(import.meta.url);
  const place: Place = { folder: prepared.folder, port, pid, isAgain };
  const args = ["measure", name, String(jobs), JSON.stringify(place)];
  return JSON.parse(await run(process.execPath, ["--import", "tsx", self, ...args], signal)) as Measured;
}

/** Its output. */
async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], signal });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (code !== 0) throw new Error(`'${program} ${args.join(" ")}' ended with ${String(code)}: ${output}`);
  return output;
}

async function compare(jobs: number, rounds: number, prepared: Prepared, signal: AbortSignal): Promise<void> {
  const [few, many, again] = [0, 1, 2].map(() => new Map(names.map((name) => [name, [] as Measured[]])));
  await measureApart({ name: "fanout", jobs: FEW }, prepared, signal); // makes the bundle
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      few?.get(name)?.push(await measureApart({ name, jobs: FEW }, prepared, signal));
      many?.get(name)?.push(await measureApart({ name, jobs }, prepared, signal));
      again?.get(name)?.push(await measureApart({ name, jobs, isAgain: true }, prepared, signal));
    }
  }
  const each = (measured: readonly Measured[] = [], key: keyof Measured = "ms"): number =>
    (quantile(
      measured.map((one) => one[key]),
      0.5,
    ) *
      1000) /
    jobs;
  const figures = names.map((name) => ({
    name,
    once: each(many?.get(name)),
    alone: each(many?.get(name)) - each(few?.get(name)),
    again: each(again?.get(name)),
    cpu: each(again?.get(name), "cpuMs"),
  }));
  const [own] = figures;
  if (own === undefined) return;
  const cells = (key: "once" | "alone" | "again" | "cpu", one: typeof own): string[] => [
    one[key].toFixed(1),
    ratio(one[key], own[key]),
  ];
  console.log(
    formatTable([
      [`${jobs} jobs, µs each`, "once", "", "without start", "", "again", "", "again: CPU of all", ""],
      ...figures.map((one) => [
        one.name,
        ...cells("once", one),
        ...cells("alone", one),
        ...cells("again", one),
        ...cells("cpu", one),
      ]),
    ]),
  );
  console.log(`medians of ${rounds} rounds, interleaved; without start: once, less what ${FEW} jobs take`);
}

/** Everything that the benchmark starts and makes ends with it, also when it is interrupted. */
async function main(jobs: number, rounds: number): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupted.abort());
  const { signal } = interrupted;
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-bench-"));
  const servers: Partial<Record<Name, Server>> = {};
  try {
    servers.bullmq = await startRedis();
    servers["bullmq, sandboxed"] = servers.bullmq;
    servers["pg-boss"] = await startPostgres();
    servers["pg-boss, batches"] = servers["pg-boss"];
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, DAG_FILE), dagText);
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", "--no-save", ...quiet, "--prefix", folder, ...PACKAGES], signal);
    await compare(jobs, rounds, { folder, servers }, signal);
  } catch (thrown) {
    if (signal.aborted) process.exitCode = 130;
    else if (thrown instanceof MissingProgram) console.log(`not measured: ${thrown.message}`);
    else throw thrown;
  } finally {
    await Promise.all([...new Set(Object.values(servers))].map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const [first, second, third, place = ""] = process.argv.slice(2);
if (first === "measure") {
  console.log(JSON.stringify(await measure(second as Name, Number(third), JSON.parse(place) as Place)));
} else {
  await main(Number(first ?? 10_000), Number(second ?? 3));
}
