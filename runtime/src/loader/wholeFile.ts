import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Another process sees the whole file or none. */
export function writeWhole(file: string, content: string): void {
  const partial = `${file}.${String(process.pid)}.partial`;
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
