import { type InstanceRow, NOTHING_KNOWN, NOTHING_MORE, type RunStore, tryOfRow } from "./runStore.js";

/** An instance is to run once more; what is known of its tries so far stays, and they do not count as retries. */
export function resetInstance(store: RunStore, row: InstanceRow): void {
  const { task, map_index, try_number } = row;
  store.clearXcoms(task, map_index);
  if (try_number === 0) return store.deleteInstance(task, map_index);
  keepTry(store, row);
  store.putInstance({
    ...NOTHING_KNOWN,
    ...{ task, map_index, state: "none", try_number, name: row.name },
    more: { ...NOTHING_MORE, base_try: try_number },
  });
}

/** The try that a row is of stays, as it ended: what has become of the instance since, such as a mark, does not count. */
export function keepTry(store: RunStore, row: InstanceRow): void {
  const { task, map_index, try_number, start } = row;
  const isKept = start === null || store.tries(task, map_index).some((one) => one.try_number === try_number);
  if (!isKept) store.putTry(tryOfRow(row));
}
