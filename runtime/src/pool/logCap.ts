import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";

/** The note that takes the place of what is left out, and what may stand beyond the cap before it is cut off. */
const NOTE_ROOM = 1024;

const NEXT = Buffer.alloc(1);

/** What an instance's log says where it was cut. */
export function capNote(capBytes: number): string {
  const megabytes = String(Math.round(capBytes / 2 ** 20));
  return `\nThe log was cut off here: it is longer than ${megabytes} MB. 'logMb' in the configuration allows more.\n`;
}

/**
 * Shortens what an instance has printed, from `from` to the end of the log segment, to its cap and a note. Only whoever
 * knows that the next one has not begun may call it. Returns the segment's size.
 */
export function cutLog(fd: number, from: number, capBytes: number): number {
  // Most instances print nothing, and asking for the size is what would cost them most.
  if (readSync(fd, NEXT, 0, 1, from) === 0) return from;
  const { size } = fstatSync(fd);
  if (size - from <= capBytes + NOTE_ROOM) return size;
  ftruncateSync(fd, from + capBytes);
  writeSync(fd, capNote(capBytes));
  return fstatSync(fd).size;
}

/** Ends the log of an instance whose process is gone: with the cap kept, and the reason as its last line. */
export function endLog(file: string, from: number, { capBytes, reason }: { capBytes: number; reason: string }): void {
  const fd = openSync(file, "a+");
  try {
    const size = cutLog(fd, from, capBytes);
    const last = Buffer.alloc(1);
    const isBegun = size > from && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
    writeSync(fd, `${isBegun ? "\n" : ""}${reason}\n`);
  } finally {
    closeSync(fd);
  }
}

/** The end of what was printed from `from` on. */
export function logTail(file: string, from: number, atMost: number): string {
  const fd = openSync(file, "r");
  try {
    const { size } = fstatSync(fd);
    const buffer = Buffer.alloc(Math.min(atMost, Math.max(0, size - from)));
    return buffer.toString("utf8", 0, readSync(fd, buffer, 0, buffer.length, size - buffer.length));
  } finally {
    closeSync(fd);
  }
}
