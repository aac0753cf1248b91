import type { Running } from "./instance.js";

/** How much time the instances of a task have taken in this process. */
export interface Pace {
  count: number;
  ms: number;
}

/** An instance that does nothing takes a few thousandths of it, and to tell something half as long again. */
const SLOW_MS = 1;
/** So many cost next to nothing, and most tasks have no more. */
const FIRST = 100;

/**
 * Whether what an instance has received is worth telling before its body runs, for those who look meanwhile and should the
 * body take its process along. That is a write of its own: of a task whose instances are quick only the first ones are told,
 * and what comes once more. Where another one takes long after all, the engine asks (`pool/told.ts`).
 */
export function isWorthTelling({ count, ms }: Pace, { try_number, waitedMs }: Running): boolean {
  return count < FIRST || ms >= count * SLOW_MS || try_number > 1 || waitedMs > 0;
}
