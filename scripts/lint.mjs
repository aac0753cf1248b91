/**
 * ESLint with a cache, to run after `tsc -b`. What a file is told depends on its own text and on the types that it imports,
 * so the cache is another one as soon as any declaration, package or setting is.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./lib/paths.mjs";
import { runNode, tool } from "./lib/process.mjs";

const caches = inRoot("node_modules/.cache/eslint");
const settings = ["eslint.config.mjs", "package-lock.json", "tsconfig.base.json"].map((file) => inRoot(file));
const current = `${keyOf([...settings, ...declarations(inRoot(".tsbuild"))])}.json`;

for (const cache of existsSync(caches) ? readdirSync(caches) : []) {
  if (cache !== current) rmSync(path.join(caches, cache));
}
const cacheFlags = ["--cache", "--cache-strategy", "content", "--cache-location", path.join(caches, current)];
const args = [tool("eslint/bin/eslint.js"), ".", "--max-warnings", "0", ...cacheFlags];
process.exitCode = await runNode({ name: "lint", args });

/** @param {string} folder */
function declarations(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.d\.[cm]?ts$/.test(name))
    .map((name) => path.join(folder, name))
    .sort();
}

/** @param {readonly string[]} files */
function keyOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex").slice(0, 16);
}
