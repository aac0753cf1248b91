/**
 * Writes dist/types/index.d.ts and testing.d.ts, and the same as .d.cts: the types of the authoring API and of
 * fanout/testing, rolled up into one readable file each, with their docstrings and nothing to resolve. `node scripts/buildTypes.mjs` does the same alone.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { generateDtsBundle } from "dts-bundle-generator";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, "dist/types");

export async function buildTypes() {
  const [types = "", testing = ""] = rollUp("index", "testing");
  await mkdir(folder, { recursive: true });
  const [forModules, forCommonJs] = splitBrands(types);
  await writeFile(path.join(folder, "index.d.ts"), forModules);
  await writeFile(path.join(folder, "index.d.cts"), forCommonJs);
  // Names nothing that is told apart by a symbol, so both are the same.
  for (const name of ["testing.d.ts", "testing.d.cts"]) await writeFile(path.join(folder, name), testing);
}

/**
 * @param {...string} names
 * @returns {string[]}
 */
function rollUp(...names) {
  const output = { noBanner: true, sortNodes: false, exportReferencedTypes: false, inlineDeclareGlobals: false };
  const entries = names.map((name) => ({ filePath: path.join(root, `runtime/src/${name}.ts`), output }));
  return generateDtsBundle(entries, { preferredConfigPath: path.join(root, "runtime/tsconfig.json") });
}

/**
 * Symbols that two files declare are two symbols, and a task of a CommonJS file would then be a stranger to an ES
 * module: the second file takes its brands from the first. They are types only, so neither exports them as a value.
 * @param {string} types
 * @returns {[string, string]}
 */
function splitBrands(types) {
  const brands = /^export (declare abstract class Brands \{\n(?:\t.*\n)+\}\n)/m;
  if (!brands.test(types)) throw new Error("The rolled-up types have no class 'Brands'.");
  const exportType = "export type { Brands };\n";
  const importType = 'import type { Brands } from "./index.js" with { "resolution-mode": "import" };\n';
  return [types.replace(brands, "$1") + exportType, importType + types.replace(brands, "") + exportType];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildTypes();
