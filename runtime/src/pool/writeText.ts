import { writeSync } from "node:fs";

/** Writes all of the text; returns its bytes. No buffer is made of it where the system takes it at once, as it nearly always does. */
export function writeText(fd: number, text: string): number {
  const length = Buffer.byteLength(text);
  let written = writeSync(fd, text);
  if (written === length) return length;
  for (const bytes = Buffer.from(text); written < length;) written += writeSync(fd, bytes, written);
  return length;
}
