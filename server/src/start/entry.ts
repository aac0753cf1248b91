import { fileURLToPath } from "node:url";
import { codeFolder, pruneCode } from "./codeFolder.js";
import { loadScript } from "./compiledScript.js";

/**
 * What is started as `main.cjs` or `batch.cjs`, and runs `mainProgram.cjs` or `batchProgram.cjs` beside it. Compiling
 * them takes longer than most of what they are asked for, so what V8 made of them is kept between two starts. (Node's
 * own `module.enableCompileCache` keeps a file as it is before it has run, without most of its functions.)
 */

interface Program {
  /** `done` is called when what a person waits for is done, once or often. */
  readonly start: (done: () => void) => void;
}

function isProgram(value: unknown): value is Program {
  return typeof value === "object" && value !== null && "start" in value && typeof value.start === "function";
}

function main(): void {
  const folder = codeFolder();
  const file = fileURLToPath(import.meta.url).replace(/\.cjs$/, "Program.cjs");
  const { exports, keep } = loadScript(file, folder);
  if (!isProgram(exports)) throw new Error(`'${file}' is not a program of fanout. Install Fanout again.`);
  let isKept = false;
  exports.start(() => {
    if (isKept) return;
    isKept = true;
    void keep()
      .then(() => pruneCode(folder, Date.now()))
      .catch(() => undefined); // what is kept may be lost at any time
  });
}

main();
