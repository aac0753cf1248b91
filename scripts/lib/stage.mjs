import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";

/** The one manifest that the two derived ones come from. */
export const manifest = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));

/**
 * An empty staging folder inside dist.
 * @param {string} name
 */
export function emptyStage(name) {
  const folder = inRoot("dist", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Copies files and folders of the checkout to the same place in a staging folder.
 * @param {string} stage
 * @param {readonly string[]} files
 */
export function copyInto(stage, files) {
  for (const file of files) cpSync(inRoot(file), path.join(stage, file), { recursive: true, dereference: true });
}

/**
 * @param {string} stage
 * @param {unknown} derived
 */
export function writeManifest(stage, derived) {
  writeFileSync(path.join(stage, "package.json"), `${JSON.stringify(derived, null, 2)}\n`);
}

/**
 * The fields of the manifest that are named, where it has them.
 * @param {readonly string[]} fields
 */
export function fieldsOfManifest(fields) {
  return Object.fromEntries(fields.filter((field) => field in manifest).map((field) => [field, manifest[field]]));
}

/** The packages that bundles leave outside, with the versions that the project is tested with. */
export function keptDependencies() {
  const kept = ["esbuild", "node-sqlite3-wasm"];
  return Object.fromEntries(kept.map((name) => [name, manifest.dependencies[name]]));
}

/** @param {readonly string[]} files */
export function present(files) {
  return files.filter((file) => existsSync(inRoot(file)));
}
