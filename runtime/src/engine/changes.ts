import { countUp } from "./groupIndex.js";
import { type TaskLinks, scheduleOrder } from "./planGraph.js";
import type { SeenUpstream } from "./verdicts.js";

/** The tasks for which something changed since they were looked at last. */
export class Changes {
  /** Each task behind those that it depends on. */
  readonly order: readonly number[];
  /** By task: where it stands in that order. */
  readonly #places: Int32Array;
  /** 1 where something changed that the task looks at. */
  readonly #dirty: Uint8Array;
  #dirtyCount = 0;
  /** No task before this place is dirty: in a chain of 5,000 each end concerns one task, and all are not looked at. */
  #firstDirty = 0;
  /** Of tasks in mapped groups: the indexes at which something changed. */
  readonly #dirtyIndexes: number[][];
  /** What all instances of such a task saw alike when they were looked at last. */
  readonly #lastShared: Int32Array;

  constructor(links: readonly TaskLinks[]) {
    this.order = scheduleOrder(links);
    this.#places = new Int32Array(links.length);
    for (const [place, position] of this.order.entries()) this.#places[position] = place;
    this.#dirty = new Uint8Array(links.length);
    this.#dirtyIndexes = links.map(() => []);
    this.#lastShared = new Int32Array(links.length).fill(-1);
  }

  touch(position: number): void {
    if (this.#dirty[position] === 1) return;
    this.#dirty[position] = 1;
    this.#dirtyCount++;
    this.#firstDirty = Math.min(this.#firstDirty, this.#places[position] ?? 0);
  }

  /** Something changed for one instance of a task in a mapped group. */
  touchAt(position: number, index: number): void {
    this.#dirtyIndexes[position]?.push(index);
    this.touch(position);
  }

  /** Something changed for all of its instances, though they may see what they saw before. */
  touchAll(position: number): void {
    this.#lastShared[position] = -1;
    this.touch(position);
  }

  /** Of each task in order; what changes meanwhile is looked at too, where it stands behind. */
  each(look: (position: number) => void): void {
    for (let place = this.#firstDirty; this.#dirtyCount > 0 && place < this.order.length; place++) {
      const position = this.order[place] ?? 0;
      if (this.#dirty[position] === 1) look(position);
    }
    if (this.#dirtyCount === 0) this.#firstDirty = this.order.length;
  }

  /** The task is looked at now. */
  take(position: number): void {
    this.#dirty[position] = 0;
    this.#dirtyCount--;
  }

  /** Which of its `count` instances are to be looked at now: all, where they see something else alike than before. */
  takeIndexes(position: number, shared: SeenUpstream, count: number): Iterable<number> {
    const indexes = this.#dirtyIndexes[position] ?? [];
    this.#dirtyIndexes[position] = [];
    const key = shared.direct | (shared.setups << 5) | (shared.ownSetups << 10) | (shared.sources << 15);
    const isSame = this.#lastShared[position] === key;
    this.#lastShared[position] = key;
    return isSame ? indexes : countUp(count);
  }
}
