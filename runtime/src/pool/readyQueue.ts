import type { Span } from "./messages.js";

/** Instances that are waiting for a worker, first come first served, as spans so that 100,000 of them are one entry. */
export class ReadyQueue {
  readonly #spans: { task: number; from: number; count: number; try_number: number }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Position in the plan of the task that is next; undefined where nothing waits. */
  get nextTask(): number | undefined {
    return this.#spans[0]?.task;
  }

  add(task: number, [from, count, try_number]: Span): void {
    this.#size += count;
    const last = this.#spans.at(-1);
    const continues = last?.task === task && last.try_number === try_number && last.from + last.count === from;
    if (continues) last.count += count;
    else this.#spans.push({ task, from, count, try_number });
  }

  /** Before everything else, in this order: instances that were waiting already. */
  putBack(task: number, spans: readonly Span[]): void {
    for (const [from, count, try_number] of spans.toReversed()) {
      this.#size += count;
      this.#spans.unshift({ task, from, count, try_number });
    }
  }

  /** At most `atMost` instances of the next task. */
  take(atMost: number): { task: number; count: number; spans: Span[] } {
    const task = this.nextTask ?? -1;
    const spans: Span[] = [];
    let count = 0;
    for (let first = this.#spans[0]; first?.task === task && count < atMost; first = this.#spans[0]) {
      const taken = Math.min(first.count, atMost - count);
      spans.push([first.from, taken, first.try_number]);
      count += taken;
      first.from += taken;
      first.count -= taken;
      if (first.count === 0) this.#spans.shift();
    }
    this.#size -= count;
    return { task, count, spans };
  }

  clear(): void {
    this.#spans.length = 0;
    this.#size = 0;
  }
}
