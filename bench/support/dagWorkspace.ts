import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A DAG file of the workspace, and the one place in it that edits change. */
export interface EditableFile {
  readonly path: string;
  readonly text: string;
  /** Counted from 1: where the number stands that every edit replaces. */
  readonly line: number;
  readonly column: number;
}

export interface DagWorkspace {
  readonly folder: string;
  readonly files: readonly EditableFile[];
  remove(): void;
}

/** The number that edits replace; every one of its successors has as many digits. */
export const FIRST_NUMBER = 10_000;

/** What is installed in the project. */
export interface Installed {
  /** Fanout's `index.d.ts`. */
  readonly fanoutTypes: string;
  /** The package `@types/node`, which every project that runs on Node has. */
  readonly nodeTypes: string;
}

/** Makes a project of `count` DAG files of about 60 lines, with a shared module and with types installed. */
export function createDagWorkspace(count: number, { fanoutTypes, nodeTypes }: Installed): DagWorkspace {
  const folder = mkdtempSync(join(tmpdir(), "fanout-bench-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench", type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: OPTIONS, include: ["**/*.ts"] }));
  installTypes(join(folder, "node_modules", "fanout"), fanoutTypes);
  mkdirSync(join(folder, "node_modules", "@types"));
  symlinkSync(nodeTypes, join(folder, "node_modules", "@types", "node"), "junction");
  mkdirSync(join(folder, "dags"));
  writeFileSync(join(folder, "shared.ts"), SHARED);
  const files = Array.from({ length: count }, (_, index) => writeDag(join(folder, "dags"), index));
  return { folder, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const OPTIONS = {
  target: "es2023",
  lib: ["es2023"],
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  noEmit: true,
  types: ["node"],
};

function installTypes(folder: string, types: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(types, join(folder, "index.d.ts"));
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "fanout", version: "0.0.0", type: "module", types: "./index.d.ts" }),
  );
}

function writeDag(folder: string, index: number): EditableFile {
  const text = dagText(index);
  const path = join(folder, `flow_${index}.dag.ts`);
  writeFileSync(path, text);
  const offset = text.indexOf(String(FIRST_NUMBER));
  const before = text.slice(0, offset).split("\n");
  return { path, text, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const SHARED = `import { BaseOperator, task } from "fanout";

export interface Row { id: number; name: string; amount: number }

export const TABLES = [
  { name: "orders", daily: true },
  { name: "customers", daily: false },
  { name: "invoices", daily: true },
] as const;

export const load = task({ task_id: "load", retries: 2 }, async ({ table }: { table: string }): Promise<Row[]> => {
  return [{ id: 1, name: table, amount: 1 }];
});
export const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) =>
  values.reduce((sum, value) => sum + value, 0),
);
export const make_check = (name: string) =>
  task({ task_id: \`check_\${name}\` }, ({ rows }: { rows: readonly Row[] }) => rows.length > 0);

export class Publish extends BaseOperator<{ channel: string; value: number }, string> {
  static override readonly template_fields = ["channel"];
  execute(): string {
    return this.args.channel;
  }
}
`;

function dagText(index: number): string {
  return `import { chain, dag, task } from "fanout";
import { Publish, type Row, TABLES, load, make_check, total } from "../shared.js";

interface Score {
  readonly row: number;
  readonly score: number;
}

const list_ids_${index} = task({ task_id: "list_ids" }, async (): Promise<number[]> => {
  const found = await Promise.resolve([1, 2, 3]);
  return found.map((id) => id * ${index + 1});
});

const scale = task({ task_id: "scale" }, ({ x, y, weight = 1 }: { x: number; y: number; weight?: number }) => {
  const scaled = x * y * weight;
  console.log(scaled);
  return scaled;
});

const score = task({ task_id: "score", retries: 1 }, ({ row, limit }: { row: Row; limit: number }): Score => {
  if (row.amount > limit) {
    return { row: row.id, score: 1 };
  }
  return { row: row.id, score: row.amount / limit };
});

const best = task({ task_id: "best" }, ({ scores }: { scores: readonly Score[] }) => {
  const sorted = [...scores].sort((one, other) => other.score - one.score);
  return sorted[0]?.score ?? 0;
});

const notify = task(function notify() {
  console.log("flow ${index} is done");
});

const options = { limit: ${index + 10} };

export default dag(
  { dag_id: "flow_${index}", schedule: "@daily", start_date: new Date("2024-01-01"), tags: ["bench"] },
  () => {
    const ids = list_ids_${index}();
    const scaled = scale.partial({ y: ${FIRST_NUMBER} }).expand({ x: ids, weight: [1, 2, 3] });
    const sum = total({ values: scaled });

    for (const { name, daily } of TABLES) {
      if (!daily) continue;
      const rows = load.override({ task_id: \`load_\${name}\` })({ table: name });
      const check = make_check(name)({ rows });
      const scores = score.override({ task_id: \`score_\${name}\` }).partial(options).expand({ row: rows });
      const winner = best.override({ task_id: \`best_\${name}\` })({ scores });
      chain(check, scores);
      const publish = new Publish({ task_id: \`publish_\${name}\`, channel: name, value: winner });
      chain(publish, notify.override({ task_id: \`notify_\${name}\` })());
    }

    const published = Publish.partial({ task_id: "publish_all", value: sum }).expand({ channel: ["mail", "chat"] });
    chain([sum], [published], notify());
  },
);
`;
}
