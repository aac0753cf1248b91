import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";

/** Nothing of it may stand on a line of its own: lines in stack traces are those of the file. */
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n})";
const DIGEST_BYTES = 20;

type ModuleFunction = (
  exports: unknown,
  require: NodeJS.Require,
  module: { exports: unknown },
  fileName: string,
  folder: string,
) => void;

export interface LoadedScript {
  /** What the program exports. */
  readonly exports: unknown;
  /** Writes what V8 has compiled so far, unless it came from there. Never fails. */
  readonly keep: () => Promise<void>;
}

/** Runs a CommonJS file (without `import()`) with what V8 compiled of it at an earlier start, if that is there and whole. */
export function loadScript(file: string, folder: string): LoadedScript {
  const source = readFileSync(file, "utf8");
  const entry = path.join(folder, entryName(source));
  const cachedData = readEntry(entry);
  const script = new vm.Script(`${HEAD}${source}${TAIL}`, {
    filename: file,
    columnOffset: -HEAD.length,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  const module = { exports: {} as unknown };
  const run = script.runInThisContext() as ModuleFunction;
  run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
  return {
    exports: module.exports,
    keep: () => (isKept ? Promise.resolve() : writeEntry(entry, script.createCachedData())),
  };
}

/** V8 itself compares only the length of the text. */
function entryName(source: string): string {
  const { node, v8, electron = "" } = process.versions;
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  const key = JSON.stringify([node, v8, electron, process.platform, process.arch, ...flags]);
  return createHash("sha1").update(key).update(source).digest("hex");
}

/** Undefined where it cannot be read or is not what was written: V8 does not look for damage everywhere. */
function readEntry(entry: string): Buffer | undefined {
  try {
    const whole = readFileSync(entry);
    const data = whole.subarray(DIGEST_BYTES);
    return digestOf(data).equals(whole.subarray(0, DIGEST_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also where another process writes the same. */
async function writeEntry(entry: string, data: Buffer): Promise<void> {
  const unfinished = `${entry}.${process.pid}`;
  try {
    await mkdir(path.dirname(entry), { recursive: true });
    await writeFile(unfinished, Buffer.concat([digestOf(data), data]));
    await rename(unfinished, entry);
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

function digestOf(data: Buffer): Buffer {
  return createHash("sha1").update(data).digest();
}
