import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import path from "node:path";
import type { RunEvent } from "#core/model/runEvent.js";
import { RUN_FILES } from "./runFolder.js";

/** Bytes that are read at once, unless a single event is longer. */
const CHUNK = 1_048_576;
const LINE_BREAK = 10;

interface NewEvents {
  readonly events: readonly RunEvent[];
  /** Where the first event stands that was not read. */
  readonly next: number;
}

/**
 * Events of a run from a place in its file on, at most a portion of them; none: there are no more now. The file only grows:
 * a line that is being written is read the next time.
 */
export function readNewEvents(dir: string, from: number): NewEvents {
  const fd = openSync(path.join(dir, RUN_FILES.events), "r");
  try {
    const { size } = fstatSync(fd);
    for (let length = Math.min(CHUNK, size - from); length > 0; length = Math.min(length * 2, size - from)) {
      const bytes = Buffer.alloc(length);
      const end = bytes.subarray(0, readSync(fd, bytes, 0, length, from)).lastIndexOf(LINE_BREAK);
      if (end >= 0) {
        const lines = bytes.toString("utf8", 0, end).split("\n");
        return { events: lines.map((line) => JSON.parse(line) as RunEvent), next: from + end + 1 };
      }
      if (length === size - from) break;
    }
    return { events: [], next: from };
  } finally {
    closeSync(fd);
  }
}
