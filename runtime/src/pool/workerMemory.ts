import { readFileSync } from "node:fs";
import type { RunError } from "#core/model/run.js";

/** Share of a worker's memory that JavaScript's own heap may take: the rest is for buffers and for Node itself. */
const HEAP_SHARE = 0.75;
const PAGE_BYTES = 4096;

/** Options of Node for a worker: it collects garbage harder before it becomes too large, unless somebody said otherwise. */
export function heapOptions(memoryMb: number): readonly string[] {
  const isGiven = /--max[-_]old[-_]space[-_]size/.test(process.env["NODE_OPTIONS"] ?? "");
  return isGiven ? [] : [`--max-old-space-size=${String(Math.floor(memoryMb * HEAP_SHARE))}`];
}

/**
 * Bytes of memory that a process takes, all of its buffers included; null where the system does not say so in a file.
 * The second number of `statm` counts pages, which are larger on few machines: there the limit is a higher one.
 */
function residentBytes(pid: number | undefined): number | null {
  if (pid === undefined || process.platform !== "linux") return null;
  try {
    const [, pages] = readFileSync(`/proc/${String(pid)}/statm`, "latin1").split(" ");
    return Number(pages) * PAGE_BYTES;
  } catch {
    // It is gone.
    return null;
  }
}

/** How much of what it may take a process takes; 0 where the system does not say. */
export function memoryShare(pid: number | undefined, limitMb: number): number {
  return (residentBytes(pid) ?? 0) / (limitMb * 2 ** 20);
}

export function memoryExceeded(limitMb: number): RunError {
  return {
    code: "memory-exceeded",
    message: `The process that ran this instance took more than ${String(limitMb)} MB of memory and was ended.`,
    advice: "Do less in one instance, or raise 'workerMemoryMb' in the configuration.",
  };
}
