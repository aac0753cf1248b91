import { existsSync, readFileSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { crc32 } from "node:zlib";
import { arrayOf, isCount, isNumber, isString, shape } from "#core/protocol/guards.js";
import { libraryFile } from "../pool/runtimeFiles.js";
import { sha1 } from "./sha1.js";
import { readOrNull, writeWhole } from "./wholeFile.js";

/** Raised when bundles are made differently. */
const CACHE_VERSION = 2;
/** File systems take 255 bytes. */
const LONGEST_STEM = 100;
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** What a bundle was made from, beside the bundle. */
interface Manifest {
  /** What is bundled and by whom: the name of this file alone could mean something else. */
  readonly key: string;
  readonly bundle: string;
  /** Of the bundle and its map: where the machine loses its power, a file may be there without what was written into it. */
  readonly sizes: readonly number[];
  readonly inputs: readonly Input[];
  /** Files that would have been read had they existed. */
  readonly absent: readonly string[];
  /** Files of packages that the bundle imports. */
  readonly externals: readonly string[];
}

interface Input {
  readonly file: string;
  readonly mtimeMs: number;
  readonly size: number;
  readonly hash: string;
}

const isManifest = shape<Manifest>({
  key: isString,
  bundle: isString,
  sizes: arrayOf(isCount),
  inputs: arrayOf(shape<Input>({ file: isString, mtimeMs: isNumber, size: isCount, hash: isString })),
  absent: arrayOf(isString),
  externals: arrayOf(isString),
});

/** The bundle of an unchanged DAG file, or null. */
export function findCached(file: string, cache: string): string | null {
  const manifest = readManifest(manifestFile(file, cache));
  if (manifest === null) return null;
  const { key, bundle, sizes, inputs, absent, externals } = manifest;
  const isFresh =
    key === keyOf(file) &&
    filesOf(bundle).every((each, index) => sizeOf(each) === sizes[index]) &&
    inputs.every(isUnchanged) &&
    !absent.some((absentFile) => existsSync(absentFile)) &&
    externals.every((external) => existsSync(external));
  if (!isFresh) return null;
  touch(bundle);
  return bundle;
}

/** Null where there is none, or where it is damaged: it is made again then. */
function readManifest(file: string): Manifest | null {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isManifest(manifest) ? manifest : null;
  } catch {
    return null;
  }
}

function filesOf(bundle: string): readonly string[] {
  return [bundle, `${bundle}.map`];
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? -1;
}

/** Removes what no run has used for weeks: every edit of a DAG file leaves a bundle. */
function prune(cache: string): void {
  const oldest = Date.now() - KEPT_MS;
  for (const name of readdirSync(cache)) {
    const file = path.join(cache, name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() && stat.mtimeMs < oldest) remove(file);
  }
}

function remove(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It belongs to another user of the project, who will remove it.
  }
}

function touch(bundle: string): void {
  const now = new Date();
  try {
    for (const file of filesOf(bundle)) utimesSync(file, now, now);
  } catch {
    // It belongs to another user of the project, who keeps it.
  }
}

export function remember(
  file: string,
  cache: string,
  made: { bundle: string; inputs: readonly string[]; externals: Iterable<string> },
): void {
  const { found, absent } = configFiles(made.inputs);
  const inputs = [...new Set([...made.inputs, ...found])].flatMap(describeInput);
  const manifest: Manifest = {
    ...{ key: keyOf(file), bundle: made.bundle, sizes: filesOf(made.bundle).map(sizeOf) },
    ...{ inputs, absent, externals: [...made.externals] },
  };
  writeWhole(manifestFile(file, cache), JSON.stringify(manifest));
  prune(cache);
}

function manifestFile(file: string, cache: string): string {
  return path.join(cache, `${stemOf(path.basename(file))}.${crc32(keyOf(file)).toString(16)}.json`);
}

/** How the names begin of what is kept of a file: for people, and with room behind it in what a file system takes. */
export function stemOf(name: string): string {
  return name.replaceAll(/[^\w.-]/g, "_").slice(0, LONGEST_STEM);
}

function keyOf(file: string): string {
  return JSON.stringify([CACHE_VERSION, file, libraryFile("module")]);
}

function isUnchanged(input: Input): boolean {
  const stat = statSync(input.file, { throwIfNoEntry: false });
  if (!stat) return false;
  if (stat.mtimeMs === input.mtimeMs && stat.size === input.size) return true;
  // Touched, copied or checked out again: the content decides.
  return stat.size === input.size && hashOf(input.file) === input.hash;
}

function describeInput(file: string): Input[] {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? [{ file, mtimeMs: stat.mtimeMs, size: stat.size, hash: hashOf(file) }] : [];
}

function hashOf(file: string): string {
  return sha1(readOrNull(file) ?? "");
}

/** What decides how the inputs are read without being one: the nearest tsconfig.json and package.json of each. */
function configFiles(inputs: readonly string[]): { found: string[]; absent: string[] } {
  const found = new Set<string>();
  const absent = new Set<string>();
  for (const folder of new Set(inputs.map((input) => path.dirname(input)))) {
    for (const name of ["tsconfig.json", "package.json"]) {
      const nearest = findUp(folder, name, absent);
      if (nearest !== null) found.add(nearest);
    }
  }
  for (const file of found) if (file.endsWith(".json")) for (const base of extendedBy(file)) found.add(base);
  return { found: [...found], absent: [...absent] };
}

function findUp(folder: string, name: string, absent: Set<string>): string | null {
  const file = path.join(folder, name);
  if (existsSync(file)) return file;
  absent.add(file);
  const parent = path.dirname(folder);
  return parent === folder ? null : findUp(parent, name, absent);
}

/** The files that a tsconfig.json extends; loosely read, as it may hold comments. */
function extendedBy(file: string): string[] {
  if (path.basename(file) === "package.json") return [];
  const list = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(readOrNull(file) ?? "")?.[1] ?? "";
  const names = [...list.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? "");
  return names.flatMap((name) => resolveExtended(name, file));
}

function resolveExtended(name: string, from: string): string[] {
  const { resolve } = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      const file = resolve(candidate);
      if (statSync(file).isFile()) return [file];
    } catch {
      // The next way to write it.
    }
  }
  return [];
}
