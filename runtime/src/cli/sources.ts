import { readFileSync, statSync } from "node:fs";

const LARGEST = 4 * 1024 * 1024;

/** The text of a source file for a code frame; undefined where there is none worth showing. */
export function readSource(file: string): string | undefined {
  try {
    return statSync(file).size <= LARGEST ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
