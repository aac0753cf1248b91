import { promises, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import { crc32 } from "node:zlib";

/** Nothing of it may stand on a line of its own: lines in stack traces are those of the file. */
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n})";
const CHECKSUM_BYTES = 4;

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
  /** Writes what V8 has compiled so far, unless it came from there: whether it was written. Never fails. */
  readonly keep: () => Promise<boolean>;
}

/**
 * Runs a CommonJS file (without `import()`) with what V8 compiled of it at an earlier start, if that is there and whole.
 * For each `use` something else is kept; nothing where there is no folder for it.
 */
export function loadScript(file: string, folder: string | null, use = ""): LoadedScript {
  const source = readFileSync(file);
  const entry = folder === null ? null : path.join(folder, `${path.parse(file).name}-${keyOf(source, use)}`);
  const cachedData = entry === null ? undefined : readEntry(entry);
  const script = new vm.Script(`${HEAD}${source.toString()}${TAIL}`, {
    filename: file,
    columnOffset: -HEAD.length,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const isKept = entry === null || (cachedData !== undefined && script.cachedDataRejected !== true);
  const module = { exports: {} as unknown };
  const run = script.runInThisContext() as ModuleFunction;
  run.call(module.exports, module.exports, createRequire(file), module, file, path.dirname(file));
  return {
    exports: module.exports,
    keep: () => (isKept ? Promise.resolve(false) : writeEntry(entry, script.createCachedData())),
  };
}

/** V8 itself compares only the length of the text. Loading Node's hashes takes longer than a checksum. */
function keyOf(source: Buffer, use: string): string {
  const { node, v8, electron = "" } = process.versions;
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  const key = JSON.stringify([node, v8, electron, process.platform, process.arch, use, ...flags]);
  return [crc32(key), source.length, crc32(source)].map((one) => one.toString(36)).join("-");
}

/** Undefined where it cannot be read or is not what was written: V8 does not look for damage everywhere. */
function readEntry(entry: string): Buffer | undefined {
  try {
    const whole = readFileSync(entry);
    const data = whole.subarray(CHECKSUM_BYTES);
    return checksumOf(data).equals(whole.subarray(0, CHECKSUM_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, also where another process writes the same. */
async function writeEntry(entry: string, data: Buffer): Promise<boolean> {
  const unfinished = `${entry}.${process.pid}`;
  try {
    await promises.mkdir(path.dirname(entry), { recursive: true });
    await promises.writeFile(unfinished, Buffer.concat([checksumOf(data), data]));
    await promises.rename(unfinished, entry);
    return true;
  } catch {
    await promises.rm(unfinished, { force: true }).catch(() => undefined);
    return false;
  }
}

function checksumOf(data: Buffer): Buffer {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(data));
  return checksum;
}
