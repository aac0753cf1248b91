import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const scripts = /\.[cm]?[jt]sx?$/;
const declarations = /\.d\.[cm]?ts$/;

/** Heavy, or made by a machine: nobody keeps DAGs there. Folders whose name starts with a dot are skipped, too. */
const skippedFolders: ReadonlySet<string> = new Set(["node_modules", "dist", "build", "out", "coverage"]);

export interface DagFiles {
  /** Absolute paths, in order, each once. */
  readonly files: readonly string[];
  /** What was named and cannot be checked. */
  readonly problem: PathProblem | undefined;
}

export interface PathProblem {
  readonly code: "file-not-found" | "not-a-dag-file";
  readonly message: string;
  readonly file: string;
}

/**
 * The DAG files among and under `paths` (absolute). Folders are walked; a file that is named must exist and be one.
 * `isDagFile` reads a file and tells.
 */
export function findDagFiles(paths: readonly string[], isDagFile: (file: string) => boolean): DagFiles {
  const files = new Set<string>();
  for (const each of paths) {
    const stats = statSync(each, { throwIfNoEntry: false });
    if (stats === undefined) {
      return { files: [], problem: problem("file-not-found", each, `There is no file or folder '${each}'.`) };
    }
    if (stats.isDirectory()) {
      for (const file of walk(each, ignoredFolders(each))) if (isDagFile(file)) files.add(file);
    } else if (scripts.test(each) && isDagFile(each)) {
      files.add(each);
    } else {
      const advice = "A DAG file is TypeScript or JavaScript that imports 'fanout'.";
      return { files: [], problem: problem("not-a-dag-file", each, `'${each}' is no DAG file. ${advice}`) };
    }
  }
  return { files: [...files], problem: undefined };
}

/** Every script under a folder that may be a DAG file or a helper of one; absolute paths with forward slashes, in order. */
export function* findScripts(folder: string): Generator<string> {
  for (const file of walk(folder, ignoredFolders(folder))) yield file.replaceAll("\\", "/");
}

function problem(code: PathProblem["code"], file: string, message: string): PathProblem {
  return { code, file, message };
}

function* walk(folder: string, ignored: ReadonlySet<string>): Generator<string> {
  for (const entry of entriesOf(folder)) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      const isSkipped = entry.name.startsWith(".") || skippedFolders.has(entry.name) || ignored.has(entry.name);
      if (!isSkipped) yield* walk(full, ignored);
    } else if (entry.isFile() && scripts.test(entry.name) && !declarations.test(entry.name)) {
      yield full;
    }
  }
}

/** In order; none where the folder is not ours to read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Plain folder names in the `.gitignore` beside or above: patterns of other kinds seldom hide folders worth skipping. */
function ignoredFolders(folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (let current = folder; ; current = path.dirname(current)) {
    for (const line of gitignoreLines(current)) {
      const name = /^\/?([\w.-]+)\/?$/.exec(line)?.[1];
      if (name !== undefined) names.add(name);
    }
    const isTop = statSync(path.join(current, ".git"), { throwIfNoEntry: false }) !== undefined;
    if (isTop || path.dirname(current) === current) return names;
  }
}

function gitignoreLines(folder: string): readonly string[] {
  try {
    return readFileSync(path.join(folder, ".gitignore"), "utf8").split(/\r?\n/);
  } catch {
    return [];
  }
}
