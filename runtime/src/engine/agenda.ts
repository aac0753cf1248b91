import type { Clock } from "./clock.js";

interface Entry<T> {
  /** As `Clock.elapsed` counts. */
  readonly due: number;
  /** What was noted first comes first where moments are equal. */
  readonly order: number;
  readonly item: T;
}

/** What is to be done after some time, whatever the number of entries with one timer: that of the next one. */
export class Agenda<T> {
  /** A binary heap: 100,000 instances may wait for their next try. */
  readonly #heap: Entry<T>[] = [];
  #order = 0;
  #timer: { readonly due: number; readonly cancel: () => void } | null = null;

  /** `onDue` gets everything whose moment has come, in order. */
  constructor(
    readonly clock: Clock,
    readonly onDue: (items: readonly T[]) => void,
  ) {}

  /** The next moment at which something is due, as `Clock.elapsed` counts; null where nothing is. */
  get next(): number | null {
    return this.#heap[0]?.due ?? null;
  }

  add(due: number, item: T): void {
    const heap = this.#heap;
    heap.push({ due, order: this.#order++, item });
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) break;
      at = parent;
    }
    this.#arm();
  }

  /** Takes out everything of which that holds, and returns it. */
  remove(isMeant: (item: T) => boolean): readonly T[] {
    const removed = this.#heap.filter(({ item }) => isMeant(item));
    const kept = this.#heap.filter(({ item }) => !isMeant(item));
    this.#heap.length = 0;
    for (const { due, item } of kept) this.add(due, item);
    this.#arm();
    return removed.map(({ item }) => item);
  }

  clear(): void {
    this.remove(() => true);
  }

  #fire(): void {
    this.#timer = null;
    const now = this.clock.elapsed();
    const items: T[] = [];
    for (let first = this.#heap[0]; first && first.due <= now; first = this.#heap[0]) {
      items.push(first.item);
      this.#removeFirst();
    }
    if (items.length > 0) this.onDue(items);
    this.#arm();
  }

  #arm(): void {
    if (this.#timer?.due === this.next) return;
    this.#timer?.cancel();
    this.#timer = null;
    if (this.next === null) return;
    this.#timer = { due: this.next, cancel: this.clock.after(this.next - this.clock.elapsed(), () => this.#fire()) };
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = right < heap.length && this.#isBefore(right, left) ? right : left;
      if (child >= heap.length || !this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #swapIfBefore(one: number, other: number): boolean {
    if (!this.#isBefore(one, other)) return false;
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a && b) [this.#heap[one], this.#heap[other]] = [b, a];
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    return a !== undefined && b !== undefined && (a.due < b.due || (a.due === b.due && a.order < b.order));
  }
}
