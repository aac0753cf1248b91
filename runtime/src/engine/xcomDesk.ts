import type { XcomPush, XcomQuery } from "../pool/xcomMessages.js";
import type { RunStore, XcomRow } from "../store/runStore.js";

/** Characters of one answer to a worker that asks for results. */
export const ANSWER_LENGTH = 4 * 1024 * 1024;

/** Keeps what instances push and gives it to those that pull it. */
export class XcomDesk {
  constructor(
    readonly store: RunStore,
    /** Ends the run where the store cannot be read or written. */
    readonly guard: (work: () => void) => void,
  ) {}

  push({ task, map_index, entries }: XcomPush): void {
    this.guard(() => {
      for (const [key, json] of entries) this.store.putXcom(task, map_index, key, json);
    });
  }

  /** The first of the rows that are asked for; at least one where there is one. */
  rows({ task, key, from, to }: XcomQuery): XcomRow[] {
    let rows: XcomRow[] = [];
    this.guard(() => (rows = this.store.xcomRows(task, key, from, to, ANSWER_LENGTH)));
    return rows;
  }
}
