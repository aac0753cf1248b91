import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setFlagsFromString } from "node:v8";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pruneCode } from "../../runtime/src/start/codeFolder.js";
import { loadScript } from "../../runtime/src/start/compiledScript.js";
import { collectGarbage } from "../../server/src/collectGarbage.js";

const program = (answer: number): string => `"use strict"; module.exports.answer = () => ${answer};
module.exports.folder = __dirname; module.exports.path = require("node:path");
module.exports.fail = () => { throw new Error("no"); };
`;

describe("a program whose compiled code is kept", () => {
  let folder = "";
  let file = "";
  let code = "";

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fanout-code-"));
    file = path.join(folder, "program.cjs");
    code = path.join(folder, "not", "made yet");
    await writeFile(file, program(1));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  interface Exports {
    readonly answer: () => number;
    readonly folder: string;
    readonly path: unknown;
    readonly fail: () => never;
  }

  async function run(): Promise<Exports> {
    const { exports, keep } = loadScript(file, code);
    (exports as Exports).answer();
    await keep();
    return exports as Exports;
  }

  const onlyEntry = async (): Promise<string> => {
    const names = await readdir(code);
    expect(names).toHaveLength(1);
    return path.join(code, names[0] ?? "");
  };

  it("is a CommonJS module, from its text and from what is kept", async () => {
    for (const time of ["first", "second"]) {
      const exports = await run();
      expect(exports.answer(), time).toBe(1);
      expect(exports.folder).toBe(folder);
      expect(exports.path).toBe(path);
      expect(exports.fail).toThrow(
        expect.objectContaining({ stack: expect.stringContaining(`${file}:3:37`) as string }),
      );
    }
  });

  it("is written once", async () => {
    await run();
    const entry = await onlyEntry();
    const old = new Date(1_000_000_000_000);
    await utimes(entry, old, old);
    await run();
    expect(await onlyEntry()).toBe(entry);
    // Still the one that was made first: nothing was written over it.
    await pruneCode(code, Date.now());
    expect(await readdir(code)).toEqual([]);
  });

  it.each([
    ["cut off", (whole: Buffer) => whole.subarray(0, whole.length - 10)],
    ["damaged", (whole: Buffer) => Buffer.concat([whole.subarray(0, -4), Buffer.from("oops")])],
    ["empty", () => Buffer.alloc(0)],
    ["something else", () => Buffer.from("something else that is longer than a digest")],
  ])("is compiled again where what is kept is %s, and kept again", async (_, damage) => {
    await run();
    const entry = await onlyEntry();
    const broken = damage(await readFile(entry));
    await writeFile(entry, broken);
    expect((await run()).answer()).toBe(1);
    expect((await readFile(await onlyEntry())).equals(broken)).toBe(false);
  });

  it("never runs what was compiled of another text of the same length", async () => {
    await run();
    await writeFile(file, program(2));
    expect((await run()).answer()).toBe(2);
    expect(await readdir(code)).toHaveLength(2);
  });

  it("tells its own places, not those of an installation elsewhere that has the same text", async () => {
    await run();
    await mkdir(path.join(folder, "inner"));
    file = path.join(folder, "inner", "program.cjs");
    await writeFile(file, program(1));
    expect((await run()).fail).toThrow(
      expect.objectContaining({ stack: expect.stringContaining(`${file}:3:37`) as string }),
    );
  });

  it("is not made for flags of V8 that the program itself has set", async () => {
    const { keep } = loadScript(file, code);
    setFlagsFromString("--expose-gc");
    const isWritten = await keep();
    setFlagsFromString("--no-expose-gc");
    expect(isWritten).toBe(false);
  });

  it("outlives a collection of garbage on request", async () => {
    const { keep } = loadScript(file, code);
    collectGarbage();
    expect(await keep()).toBe(true);
  });

  it.skipIf(process.platform === "win32")(
    "is for its owner alone, and never taken from where others can write",
    async () => {
      await run();
      const entry = await onlyEntry();
      expect((await stat(entry)).mode & 0o777).toBe(0o600);
      expect((await stat(code)).mode & 0o777).toBe(0o700);
      await chmod(entry, 0o666);
      await run();
      // Made anew, in place of it.
      expect((await stat(entry)).mode & 0o777).toBe(0o600);
    },
  );

  it("is kept nowhere without a folder, and runs", async () => {
    const { exports, keep } = loadScript(file, null);
    expect((exports as Exports).answer()).toBe(1);
    expect(await keep()).toBe(false);
  });

  it("is kept nowhere where nothing can be written, and runs", async () => {
    code = path.join(file, "a file is no folder");
    expect((await run()).answer()).toBe(1);
  });

  it("loses what is old and keeps what is not", async () => {
    await run();
    await pruneCode(code, Date.now());
    await onlyEntry();
    await pruneCode(code, Date.now() + 365 * 24 * 3600 * 1000);
    expect(await readdir(code)).toEqual([]);
  });
});
