/**
 * Writes dist/types/index.d.ts and index.d.cts: the authoring API's types, rolled up into one readable file each, with
 * their docstrings and nothing to resolve. `node scripts/buildTypes.mjs` does the same alone.
 */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { generateDtsBundle } from "dts-bundle-generator";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, "dist/types");

export async function buildTypes() {
  const [types] = generateDtsBundle(
    [
      {
        filePath: path.join(root, "runtime/src/index.ts"),
        output: { noBanner: true, sortNodes: false, exportReferencedTypes: false, inlineDeclareGlobals: false },
      },
    ],
    { preferredConfigPath: path.join(root, "runtime/tsconfig.json") },
  );
  if (types === undefined) throw new Error("The types of runtime/src/index.ts could not be rolled up.");
  await mkdir(folder, { recursive: true });
  for (const name of ["index.d.ts", "index.d.cts"]) await writeFile(path.join(folder, name), types);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await buildTypes();
