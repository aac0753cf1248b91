import type { Clock } from "../engine/clock.js";
import type { Span } from "./messages.js";

/** Instances of one task that wait alike. */
export interface WaitingSpan {
  /** `map_index` of the first. */
  readonly from: number;
  readonly count: number;
  readonly try_number: number;
  /** When a sensor that looks again looked first, as `Clock.elapsed` counts; null for everything else. */
  readonly since: number | null;
}

interface WaitingTask {
  readonly task: number;
  readonly weight: number;
  /** By index, disjoint: 100,000 instances are one entry. */
  readonly spans: { -readonly [K in keyof WaitingSpan]: WaitingSpan[K] }[];
}

/**
 * Instances that are waiting for a worker: those of heavier tasks first, then in the order of the plan, then by index.
 * Source: Airflow's scheduler, which sorts by priority weight too.
 */
export class ReadyQueue {
  /** Those that have waiting instances, in order. */
  readonly #tasks: WaitingTask[] = [];
  #weights: readonly number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Positions in the plan of the tasks that have waiting instances, the next one first. */
  get tasks(): readonly number[] {
    return this.#tasks.map(({ task }) => task);
  }

  /** By position in the plan; before anything waits. */
  setWeights(weights: readonly number[]): void {
    this.#weights = weights;
  }

  /** The first task in order of which that holds. */
  find(holds: (task: number) => boolean): number | undefined {
    return this.#tasks.find(({ task }) => holds(task))?.task;
  }

  add(task: number, { from, count, try_number, since }: WaitingSpan): void {
    this.#size += count;
    const { spans } = this.#waiting(task);
    const place = placeOf(spans, from);
    const before = spans[place - 1];
    const continues =
      before?.try_number === try_number && before.since === since && before.from + before.count === from;
    if (continues) before.count += count;
    else spans.splice(place, 0, { from, count, try_number, since });
  }

  /** At most `atMost` instances of the task, by index. */
  take(task: number, atMost: number): readonly WaitingSpan[] {
    const place = this.#tasks.findIndex((waiting) => waiting.task === task);
    const waiting = this.#tasks[place];
    const taken: WaitingSpan[] = [];
    let count = 0;
    for (let first = waiting?.spans[0]; first && count < atMost; first = waiting?.spans[0]) {
      const part = Math.min(first.count, atMost - count);
      taken.push({ ...first, count: part });
      count += part;
      first.from += part;
      first.count -= part;
      if (first.count === 0) waiting?.spans.shift();
    }
    if (waiting?.spans.length === 0) this.#tasks.splice(place, 1);
    this.#size -= count;
    return taken;
  }

  /** Forgets the instances of tasks of which that holds, and returns them. */
  drop(isDropped: (task: number) => boolean): readonly { task: number; spans: readonly WaitingSpan[] }[] {
    const dropped = this.#tasks.filter(({ task }) => isDropped(task));
    const kept = this.#tasks.filter(({ task }) => !isDropped(task));
    this.#tasks.splice(0, this.#tasks.length, ...kept);
    this.#size = kept.flatMap(({ spans }) => spans).reduce((sum, { count }) => sum + count, 0);
    return dropped;
  }

  clear(): void {
    this.drop(() => true);
  }

  #waiting(task: number): WaitingTask {
    const known = this.#tasks.find((waiting) => waiting.task === task);
    if (known) return known;
    const added: WaitingTask = { task, weight: this.#weights[task] ?? 0, spans: [] };
    const place = this.#tasks.findIndex((other) => isBefore(added, other));
    this.#tasks.splice(place < 0 ? this.#tasks.length : place, 0, added);
    return added;
  }
}

function isBefore(one: WaitingTask, other: WaitingTask): boolean {
  return one.weight > other.weight || (one.weight === other.weight && one.task < other.task);
}

/** Where in the spans the instance belongs; almost always at the end. */
function placeOf(spans: readonly WaitingSpan[], index: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.from ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As it travels to a worker now. */
export function toSpan({ from, count, try_number, since }: WaitingSpan, clock: Clock): Span {
  return since === null ? [from, count, try_number] : [from, count, try_number, Math.max(0, clock.elapsed() - since)];
}
