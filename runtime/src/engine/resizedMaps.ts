import { UNMAPPED_INDEX } from "#core/model/run.js";
import { keepTry, resetInstance } from "../store/resetInstance.js";
import { NOTHING_KNOWN, type RunStore } from "../store/runStore.js";
import type { BaseTries } from "./baseTries.js";
import type { EventStream } from "./eventStream.js";
import type { Restored } from "./restored.js";
import type { TaskTracker } from "./taskTracker.js";

/** The instances that a map loses, or comes to have once more, because its length is another than when the run began. */
export class ResizedMaps {
  /** By task: how many instances its rows are of, though they may have been cleared since. */
  readonly #formerCounts = new Map<number, number>();
  /** By task: indexes that its map lost before. */
  #removed: Restored["removed"] = [];

  constructor(
    readonly store: RunStore,
    readonly events: EventStream,
    readonly baseTries: BaseTries,
  ) {}

  restore({ tasks, rows, removed }: Restored): void {
    this.#removed = removed;
    for (const task of tasks.keys()) {
      const last = Math.max(rows[task]?.at(-1)?.map_index ?? UNMAPPED_INDEX, removed[task]?.at(-1) ?? UNMAPPED_INDEX);
      this.#formerCounts.set(task, last + 1);
    }
  }

  /** A map has these instances no longer: what is known of them can still be read, and they give nothing to any task. */
  removeFrom(task: number, first: number, { isMapped, count }: TaskTracker): void {
    const end = isMapped ? Math.max(count ?? 0, this.#formerCounts.get(task) ?? 0) : 0;
    for (let map_index = first; map_index < end; map_index++) {
      const row = this.store.instance(task, map_index);
      if (row?.state === "removed") continue;
      if (row) keepTry(this.store, row);
      this.store.putInstance({ ...(row ?? { ...NOTHING_KNOWN, task, map_index }), state: "removed" });
      this.events.change(task, { map_index, state: "removed", try_number: row?.try_number ?? 0 });
    }
    this.#formerCounts.delete(task);
  }

  /** A map has these instances once more: their tries go on from those that they had, which do not count as retries. */
  bringBack(task: number, count: number): void {
    for (const map_index of this.#removed[task] ?? []) {
      const row = map_index < count ? this.store.instance(task, map_index) : null;
      if (!row) continue;
      resetInstance(this.store, row);
      this.baseTries.set(row, row.try_number);
    }
  }
}
