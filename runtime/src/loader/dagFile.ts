import { statSync } from "node:fs";
import path from "node:path";
import { FanoutError } from "../errors.js";

const EXTENSIONS: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"]);

/**
 * The absolute path of a file that may hold a DAG.
 * @throws FanoutError `file-not-found` or `not-a-dag-file`.
 */
export function checkDagFile(given: string): string {
  const file = path.resolve(given);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) throw new FanoutError("file-not-found", `There is no file '${given}'.`);
  if (!stat.isFile()) throw new FanoutError("not-a-dag-file", `'${given}' is not a file.`);
  if (EXTENSIONS.has(path.extname(file).toLowerCase())) return file;
  throw new FanoutError("not-a-dag-file", `'${given}' is neither TypeScript nor JavaScript.`, {
    at: { file, line: 1, column: 1 },
    advice: "DAG files are named '*.dag.ts' by custom.",
  });
}
