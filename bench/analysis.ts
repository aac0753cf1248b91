import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./support/commands.js";
import { createDagWorkspace, type DagWorkspace, type EditableFile, FIRST_NUMBER } from "./support/dagWorkspace.js";
import { FanoutServer } from "./support/fanoutServer.js";
import { formatTable, megabytes, milliseconds, quantile, ratio } from "./support/statistics.js";
import { TsServer } from "./support/tsserver.js";

/**
 * A workspace of 500 DAG files of which ten are open: from an edit to its diagnostics, memory, from the start of a
 * server to its first diagnostics, and checking all files. The closed files have been read when edits begin. Fanout and TypeScript take turns, so that both meet the
 * same machine.
 *
 *   npm run bench analysis            100 edits, 5 rounds of what starts processes
 *   npm run bench analysis 40 3       other numbers
 */
const FILES = 500;
const OPEN = 10;
/** The server waits so long for another change before it asks for types; see `diagnosticsLoop.ts`. */
const QUIET_TIME = 200;
/** The first edits meet cold code. */
const WARM_UP = 10;

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** Of its own for each run, so that the first start finds nothing, and whoever runs this loses nothing. */
const caches = mkdtempSync(join(tmpdir(), "fanout-bench-cache-"));
const startFanout = (cache = "warm"): FanoutServer => new FanoutServer(at("dist/server/main.cjs"), join(caches, cache));
const startTsServer = (): TsServer => new TsServer(at("node_modules/typescript/lib/tsserver.js"));

async function main(): Promise<void> {
  const [edits = 100, rounds = 5] = process.argv.slice(2).map(Number);
  const installed = { fanoutTypes: at("dist/types/index.d.ts"), nodeTypes: at("node_modules/@types/node") };
  const workspace = createDagWorkspace(FILES, installed);
  try {
    await measureEdits(workspace, edits);
    await measureStart(workspace, rounds);
    await measureCheck(workspace, rounds);
  } finally {
    workspace.remove();
    rmSync(caches, { recursive: true, force: true });
  }
}

interface EditTimes {
  readonly first: number[];
  readonly all: number[];
  readonly reference: number[];
}

async function measureEdits({ folder, files }: DagWorkspace, edits: number): Promise<void> {
  const open = files.filter((_, index) => index % (FILES / OPEN) === 0);
  const [fanout, tsserver] = [startFanout(), startTsServer()];
  try {
    await fanout.start(folder);
    for (const file of open) {
      await fanout.open(file);
      await tsserver.open(file);
    }
    await fanout.listed();
    const times = await edit(open, edits, fanout, tsserver);
    const shares = [0.5, 0.95];
    const row = (name: string, values: readonly number[]): string[] => {
      const own = shares.map((share) => quantile(values, share));
      const ratios = shares.map((share, index) => ratio(own[index] ?? NaN, quantile(times.reference, share)));
      return [name, ...own.map(milliseconds), ...ratios];
    };
    print(`${edits} edits round robin in ${OPEN} open files of ${FILES}`, [
      ["", "median", "p95", "median ratio", "p95 ratio"],
      row("graph and diagnostics without types", times.first),
      row("all diagnostics, without the quiet time", times.all),
      row("tsserver, semantic diagnostics", times.reference),
    ]);
    printMemory(fanout, tsserver);
  } finally {
    fanout.stop();
    tsserver.stop();
  }
}

async function edit(
  files: readonly EditableFile[],
  edits: number,
  fanout: FanoutServer,
  tsserver: TsServer,
): Promise<EditTimes> {
  const times: EditTimes = { first: [], all: [], reference: [] };
  for (let index = -WARM_UP; index < edits; index++) {
    const file = files[(index + WARM_UP) % files.length];
    if (file === undefined) break;
    const number = FIRST_NUMBER + index + WARM_UP + 1;
    const { first, all } = await fanout.edit(file, number);
    const reference = await tsserver.edit(file, number);
    if (index < 0) continue;
    times.first.push(first);
    times.all.push(all - QUIET_TIME);
    times.reference.push(reference);
  }
  return times;
}

function printMemory(fanout: FanoutServer, tsserver: TsServer): void {
  const [own, reference] = [fanout.memory(), tsserver.memory()];
  print("memory of the servers after these edits", [
    ["", "resident", "most ever", "resident ratio", "most ratio"],
    ["Fanout", megabytes(own.now), megabytes(own.peak), ratio(own.now, reference.now), ratio(own.peak, reference.peak)],
    ["tsserver", megabytes(reference.now), megabytes(reference.peak), "1.00×", "1.00×"],
  ]);
}

/** With the start of the processes. */
async function measureStart({ folder, files: [file] }: DagWorkspace, rounds: number): Promise<void> {
  if (file === undefined) return;
  const fanout = async (cache?: string): Promise<void> => {
    const server = startFanout(cache);
    await server.start(folder);
    await server.open(file, "first");
    server.stop();
  };
  const tsserver = async (): Promise<void> => {
    const server = startTsServer();
    await server.open(file);
    server.stop();
  };
  const what = "from the start of a server to the first diagnostics of a file";
  await compare(what, rounds, () => fanout(), "tsserver", tsserver);
  await compare(`${what}, with nothing in the cache`, rounds, () => fanout("cold"), "tsserver", tsserver);
}

async function measureCheck({ folder }: DagWorkspace, rounds: number): Promise<void> {
  const check = (): void => runCommand([at("dist/runtime/cli.cjs"), "check", "."], folder);
  const tsc = (): void => runCommand([at("node_modules/typescript/lib/tsc.js"), "--noEmit"], folder);
  await compare(`'fanout check' of all ${FILES} files`, rounds, check, "tsc --noEmit", tsc);
}

async function compare(
  what: string,
  rounds: number,
  own: () => Promise<void> | void,
  other: string,
  reference: () => Promise<void> | void,
): Promise<void> {
  const times = { own: [] as number[], reference: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    times.own.push(await timed(own));
    times.reference.push(await timed(reference));
  }
  const row = (name: string, values: readonly number[]): string[] => {
    const shares = [0, 0.5, 1].map((share) => quantile(values, share));
    return [name, ...shares.map(milliseconds), ratio(quantile(values, 0.5), quantile(times.reference, 0.5))];
  };
  print(`${what}, ${rounds} rounds`, [
    ["", "fastest", "median", "slowest", "median ratio"],
    row("Fanout", times.own),
    row(other, times.reference),
  ]);
}

async function timed(run: () => Promise<void> | void): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function print(title: string, rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}\n${formatTable(rows)}`);
}

await main();
