import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { campaign } from "../support/campaign.js";
import { TsServer } from "./support/tsserver.js";

const root = path.resolve(import.meta.dirname, "../..");
const PLUGIN = "fanout-typescript-plugin";
const CANNOT_FIND_MODULE = 2307;

const every = ["typescript", "typescript-5.4", "typescript-5.9"];
const versions = campaign({ small: ["typescript"], middle: every, full: every });

const DAG = [
  'import { dag, task } from "fanout";',
  'const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);',
  'export default dag({ dag_id: "adder" }, () => {',
  "  add({ x: 1, y: 2 });",
  "});",
  "",
].join("\n");

/** Laid out as in the packed extension: the plugin in node_modules, the types in dist. */
async function packedExtension(folder: string): Promise<void> {
  const plugin = path.join(folder, "node_modules", PLUGIN);
  await mkdir(plugin, { recursive: true });
  await cp(path.join(root, "dist/server/typescriptPlugin.cjs"), path.join(plugin, "index.js"));
  await writeFile(path.join(plugin, "package.json"), JSON.stringify({ name: PLUGIN, main: "index.js" }));
  await cp(path.join(root, "dist/types"), path.join(folder, "dist/types"), { recursive: true });
}

describe.each(versions)("with the tsserver of %s", (version) => {
  let base: string;
  let extension: string;
  let server: TsServer;

  beforeAll(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), "fanout-plugin-")));
    extension = path.join(base, "extension");
    await packedExtension(extension);
    server = new TsServer(path.join(root, "node_modules", version, "lib/tsserver.js"), PLUGIN, extension);
  });

  afterAll(async () => {
    await server.stop();
    await rm(base, { recursive: true, force: true });
  });

  async function dagIn(folder: string, files: Record<string, string> = {}): Promise<string> {
    const file = path.join(base, folder, "adder.dag.ts");
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, DAG);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(base, folder, name)), { recursive: true });
      await writeFile(path.join(base, folder, name), text);
    }
    server.open(file, DAG);
    return file;
  }

  it("types a lone DAG file", async () => {
    const file = await dagIn("lone");
    expect(await server.diagnostics(file)).toEqual([]);
    expect(await server.definition(file, 1, 11)).toEqual([path.join(extension, "dist/types/index.d.ts")]);
  });

  it("types a CommonJS package under nodenext", async () => {
    const file = await dagIn("commonjs", {
      "package.json": "{}",
      "tsconfig.json": JSON.stringify({ compilerOptions: { module: "nodenext", strict: true } }),
    });
    expect(await server.diagnostics(file)).toEqual([]);
    expect(await server.definition(file, 1, 11)).toEqual([path.join(extension, "dist/types/index.d.cts")]);
  });

  it("leaves an installed 'fanout' alone", async () => {
    const file = await dagIn("installed", {
      "node_modules/fanout/package.json": JSON.stringify({ name: "fanout", types: "own.d.ts" }),
      "node_modules/fanout/own.d.ts": "export declare const dag: (...args: any[]) => void, task: typeof dag;",
    });
    expect(await server.definition(file, 1, 11)).toEqual([path.join(base, "installed/node_modules/fanout/own.d.ts")]);
  });

  it("resolves nothing else", async () => {
    const file = path.join(base, "other.ts");
    const text = 'import { x } from "fanout-other";\nimport { y } from "fanout/inner";\nx + y;\n';
    await writeFile(file, text);
    server.open(file, text);
    const found = await server.diagnostics(file);
    expect(found.map(({ code, start }) => [code, start.line])).toEqual([
      [CANNOT_FIND_MODULE, 1],
      [CANNOT_FIND_MODULE, 2],
    ]);
  });
});
