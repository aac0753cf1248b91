import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What a process that collected the DAGs of a file wrote. */
export interface Executed {
  readonly models: readonly unknown[];
  readonly error: { readonly code: string; readonly at?: { file: string; line: number; column: number } } | null;
}

const COLLECT = `
import { AuthoringError } from "./runtime/src/authoring/authoringError.js";
import { collectDags } from "./runtime/src/authoring/registry.js";
import { toModel } from "./runtime/src/authoring/toModel.js";
process.setSourceMapsEnabled(true);
const results = [];
for (const bundle of process.argv.slice(2)) {
  try {
    const { dags } = await collectDags(() => import(bundle));
    results.push({ models: dags.map(toModel), error: null });
  } catch (error) {
    if (!AuthoringError.is(error)) throw error;
    results.push({ models: [], error: { code: error.code, at: error.at } });
  }
}
console.log(JSON.stringify(results));
`;

/**
 * A folder of DAG files that are executed as the engine does it: bundled with a source map, in a process of their own,
 * with the built fanout, while the collecting side brings another copy of it.
 */
export class DagFolder {
  private constructor(readonly folder: string) {}

  static async create(): Promise<DagFolder> {
    const made = new DagFolder(await mkdtemp(path.join(tmpdir(), "fanout-authoring-")));
    const stdin = { contents: COLLECT, resolveDir: root, loader: "ts" as const };
    await build({ stdin, bundle: true, platform: "node", format: "esm", outfile: made.path("collect.mjs") });
    return made;
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  async execute(name: string, text: string, format: "esm" | "cjs" = "esm"): Promise<Executed> {
    const [executed] = await this.#collect([await this.#bundle(name, text, format)]);
    if (executed === undefined) throw new Error("nothing was executed");
    return executed;
  }

  /** One after the other in one process: what each throws, or where it stops, concerns no other. */
  async executeAll(texts: readonly (readonly [name: string, text: string])[]): Promise<readonly Executed[]> {
    return this.#collect(await Promise.all(texts.map(([name, text]) => this.#bundle(name, text, "esm"))));
  }

  async #collect(bundles: readonly string[]): Promise<readonly Executed[]> {
    return JSON.parse(await run([this.path("collect.mjs"), ...bundles])) as readonly Executed[];
  }

  async #bundle(name: string, text: string, format: "esm" | "cjs"): Promise<string> {
    const file = this.path(name);
    const outfile = `${file}.bundle.${format === "esm" ? "mjs" : "cjs"}`;
    await writeFile(file, text);
    const fanout = path.join(root, "dist/runtime", format === "esm" ? "index.js" : "index.cjs");
    const alias = { fanout };
    const common = { bundle: true, platform: "node", keepNames: true, sourcemap: true } as const;
    await build({ ...common, entryPoints: [file], external: [fanout], alias, format, outfile });
    return outfile;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(stdout);
    });
  });
}
