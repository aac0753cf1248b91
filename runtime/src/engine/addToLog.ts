import type { LateThrow } from "../pool/messages.js";
import type { LogRange, RunStore } from "../store/runStore.js";

/** Notes where the log of a try stands once something is added to it: of the last try, or of one that others followed. */
export function addToLog(
  store: RunStore,
  { task, map_index, try_number }: Omit<LateThrow, "text">,
  append: (log: LogRange) => LogRange,
): void {
  const row = store.instance(task, map_index);
  const last = row?.try_number === try_number ? row : null;
  const earlier = store.tries(task, map_index).find((one) => one.try_number === try_number);
  const before = (last ?? earlier)?.log;
  if (!before) return;
  const log = append(before);
  if (last) store.putInstance({ ...last, log });
  if (earlier) store.putTry({ ...earlier, log });
}
