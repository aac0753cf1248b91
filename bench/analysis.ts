import { fileURLToPath } from "node:url";
import { createDagWorkspace, type EditableFile, FIRST_NUMBER } from "./support/dagWorkspace.js";
import { FanoutServer } from "./support/fanoutServer.js";
import { formatTable, milliseconds, quantile, ratio } from "./support/statistics.js";
import { TsServer } from "./support/tsserver.js";

/**
 * `npx tsx bench/analysis.ts [edits]`: from an edit to its diagnostics, in a workspace of 500 DAG files of which ten are
 * open. The same edits go to Fanout's server and to tsserver in turn, so that both meet the same machine.
 */
const FILES = 500;
const OPEN = 10;
/** The server waits so long for another change before it asks for types; see `diagnosticsLoop.ts`. */
const QUIET_TIME = 200;
/** The first edits meet cold code. */
const WARM_UP = 10;

const repository = new URL("../", import.meta.url);
const at = (path: string): string => fileURLToPath(new URL(path, repository));

interface Times {
  readonly first: number[];
  readonly all: number[];
  readonly tsserver: number[];
}

async function main(): Promise<void> {
  const edits = Number(process.argv[2] ?? 100);
  const workspace = createDagWorkspace(FILES, at("dist/types/index.d.ts"));
  const open = workspace.files.filter((_, index) => index % (FILES / OPEN) === 0);
  const fanout = new FanoutServer(at("dist/server/main.cjs"));
  const tsserver = new TsServer(at("node_modules/typescript/lib/tsserver.js"));
  try {
    await fanout.start(workspace.folder);
    const cold = await openFiles(open, fanout, tsserver);
    const times = await edit(open, edits, fanout, tsserver);
    print(edits, cold, times);
  } finally {
    fanout.stop();
    tsserver.stop();
    workspace.remove();
  }
}

/** The first file opened stands for a cold start. */
async function openFiles(
  files: readonly EditableFile[],
  fanout: FanoutServer,
  tsserver: TsServer,
): Promise<{ fanout: number; tsserver: number }> {
  let cold: { fanout: number; tsserver: number } | undefined;
  for (const file of files) {
    const { first } = await fanout.open(file);
    cold ??= { fanout: first, tsserver: await tsserver.open(file) };
    if (file !== files[0]) await tsserver.open(file);
  }
  return cold ?? { fanout: NaN, tsserver: NaN };
}

async function edit(
  files: readonly EditableFile[],
  edits: number,
  fanout: FanoutServer,
  tsserver: TsServer,
): Promise<Times> {
  const times: Times = { first: [], all: [], tsserver: [] };
  for (let index = -WARM_UP; index < edits; index++) {
    const file = files[(index + WARM_UP) % files.length];
    if (file === undefined) break;
    const number = FIRST_NUMBER + index + WARM_UP + 1;
    const { first, all } = await fanout.edit(file, number);
    const reference = await tsserver.edit(file, number);
    if (index < 0) continue;
    times.first.push(first);
    times.all.push(all - QUIET_TIME);
    times.tsserver.push(reference);
  }
  return times;
}

function print(edits: number, cold: { fanout: number; tsserver: number }, times: Times): void {
  const row = (name: string, values: readonly number[]): string[] => {
    const shares = [0.5, 0.95];
    const own = shares.map((share) => quantile(values, share));
    const reference = shares.map((share) => quantile(times.tsserver, share));
    return [name, ...own.map(milliseconds), ...own.map((value, index) => ratio(value, reference[index] ?? NaN))];
  };
  console.log(`${edits} edits round robin in ${OPEN} open files of ${FILES}, interleaved; ratios to tsserver`);
  console.log(
    formatTable([
      ["", "median", "p95", "median ratio", "p95 ratio"],
      row("graph and diagnostics without types", times.first),
      row("all diagnostics, without the quiet time", times.all),
      row("tsserver, semantic diagnostics", times.tsserver),
    ]),
  );
  const start = [milliseconds(cold.fanout), milliseconds(cold.tsserver), ratio(cold.fanout, cold.tsserver)];
  console.log(`\nfirst diagnostics of the first file: Fanout ${start[0]}, tsserver ${start[1]}, ratio ${start[2]}`);
}

await main();
