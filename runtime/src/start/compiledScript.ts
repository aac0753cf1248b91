import { closeSync, fstatSync, openSync, promises, readFileSync, type Stats } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { cachedDataVersionTag } from "node:v8";
import vm from "node:vm";
import { crc32 } from "node:zlib";

/** Nothing of it may stand on a line of its own: lines in stack traces are those of the file. */
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n})";
const CHECKSUM_BYTES = 4;
const WRITABLE_BY_OTHERS = 0o022;

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
  const tag = cachedDataVersionTag();
  const entry = folder === null ? null : path.join(folder, `${path.parse(file).name}-${keyOf(file, source, tag, use)}`);
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
    // Compiled code is only good for V8's flags, which the program may have changed meanwhile.
    keep: () =>
      isKept || cachedDataVersionTag() !== tag ? Promise.resolve(false) : writeEntry(entry, script.createCachedData()),
  };
}

/**
 * The file's name is compiled in: stack traces would tell that of another installation with the same text. `tag` stands for
 * V8's version and flags. Of the text V8 itself compares only the length. Loading Node's hashes would take longer than a
 * checksum does.
 */
function keyOf(file: string, source: Buffer, tag: number, use: string): string {
  const { node, electron = "" } = process.versions;
  const key = JSON.stringify([file, tag, node, electron, process.platform, process.arch, use]);
  return [crc32(key), source.length, crc32(source)].map((one) => one.toString(36)).join("-");
}

/**
 * Undefined where it cannot be read or is not what was written: V8 does not look for damage everywhere. What comes from
 * there is executed, so it must be this person's own.
 */
function readEntry(entry: string): Buffer | undefined {
  try {
    const whole = readOwn(entry);
    if (whole === null) return undefined;
    const data = whole.subarray(CHECKSUM_BYTES);
    return checksumOf(data).equals(whole.subarray(0, CHECKSUM_BYTES)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function readOwn(file: string): Buffer | null {
  const fd = openSync(file, "r");
  try {
    return isOwn(fstatSync(fd)) ? readFileSync(fd) : null;
  } finally {
    closeSync(fd);
  }
}

function isOwn({ uid, mode }: Stats): boolean {
  if (process.geteuid === undefined) return true;
  return uid === process.geteuid() && (mode & WRITABLE_BY_OTHERS) === 0;
}

/** Whole or not at all, also where another process writes the same. */
async function writeEntry(entry: string, data: Buffer): Promise<boolean> {
  const unfinished = `${entry}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    await promises.mkdir(path.dirname(entry), { recursive: true, mode: 0o700 });
    await promises.writeFile(unfinished, Buffer.concat([checksumOf(data), data]), { mode: 0o600, flag: "wx" });
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
