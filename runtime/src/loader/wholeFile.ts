import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { scratchName } from "../store/scratch.js";

/** Another process sees the whole file or none. */
export function writeWhole(file: string, content: string): void {
  const partial = path.join(path.dirname(file), scratchName());
  writeFileSync(partial, content);
  renameSync(partial, file);
}

/** Null where there is no such file. */
export function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
