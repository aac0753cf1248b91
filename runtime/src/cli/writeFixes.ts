import { readFileSync, writeFileSync } from "node:fs";
import type { FixedFile } from "#core/protocol/batch.js";
import { FanoutError } from "../errors.js";

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Puts the fixed texts in place of those that were read; a byte order mark stays.
 * @throws FanoutError `invalid-option` where a file is not what was read, or cannot be written.
 */
export function writeFixes(files: readonly FixedFile[]): void {
  const texts = files.map((fixed) => [fixed.file, newText(fixed)] as const);
  for (const [file, text] of texts) {
    try {
      writeFileSync(file, text);
    } catch (thrown) {
      throw unwritable(file, `it cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
}

function newText({ file, before, after }: FixedFile): string {
  const now = readFileSync(file, "utf8");
  if (now === before) return after;
  if (now === BYTE_ORDER_MARK + before) return BYTE_ORDER_MARK + after;
  throw unwritable(file, "it changed while it was checked, or is not written in UTF-8");
}

function unwritable(file: string, reason: string): FanoutError {
  return new FanoutError("invalid-option", `'${file}' was not fixed: ${reason}.`, {
    advice: "Run the command again, or fix the mistakes by hand.",
  });
}
