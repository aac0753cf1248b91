import { fileURLToPath } from "node:url";
import { codeFolder, pruneCode } from "./codeFolder.js";
import { loadScript } from "./compiledScript.js";

/** What a bundle named `…Program.cjs` exports. */
interface Program {
  /** `done` is called when what a person waits for is done, once or often; it resolves when all is kept, and never rejects. */
  readonly start: (done: () => Promise<void>, importModule: (url: string) => Promise<unknown>) => void;
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "start" in value && typeof value.start === "function";
}

/**
 * Runs the program beside this file: `cliProgram.cjs` for `cli.cjs`. Compiling it takes longer than much of what it is
 * asked for, so what V8 made of it is kept between two starts. (Node's own `module.enableCompileCache` keeps a file as it
 * is before it has run, without most of its functions.) `use` tells apart what needs different functions of it.
 */
export function startProgram(use = ""): void {
  const folder = codeFolder();
  const file = fileURLToPath(import.meta.url).replace(/\.cjs$/, "Program.cjs");
  const { exports, keep } = loadScript(file, folder, use);
  if (!isProgram(exports)) throw new Error(`'${file}' is not a program of fanout. Install Fanout again.`);
  let kept: Promise<void> | null = null;
  const done = (): Promise<void> =>
    (kept ??= keep().then((isNew) => (isNew && folder !== null ? pruneCode(folder, Date.now()) : undefined)));
  exports.start(done, (url) => import(url));
}
