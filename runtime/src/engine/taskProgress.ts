import type { UpstreamCounts } from "#core/model/triggerRule.js";

/** How an instance ends for good. */
export type Ending = keyof UpstreamCounts;

/** What became of one instance: no retry follows. */
export interface Ended {
  readonly task: number;
  readonly map_index: number;
  readonly state: Ending;
  /** False where it returned nothing. */
  readonly hasResult: boolean;
  /** Number of entries of its result, where that is mapped over. */
  readonly length: number | null;
  /** Tasks that its result decided to skip: those of them that have not started are, inside a group at its index. */
  readonly skips: readonly number[];
}

/** What is known of a task of a run that goes on. */
export interface RestoredTask {
  /** Instances; null where it is not expanded. */
  readonly count: number | null;
  /** The instances that have ended for good. */
  readonly ended: readonly Omit<Ended, "task">[];
}

/**
 * Which states occur among instances, as bits. How often one occurs never decides anything: a trigger rule asks whether
 * there is one, or whether all are of a kind.
 */
export const SEEN: Readonly<Record<Ending | "open", number>> = {
  success: 1,
  failed: 2,
  upstream_failed: 4,
  skipped: 8,
  /** Not ended, whatever else it is. */
  open: 16,
};

const WAITING = 0;

/** Where a task stands. Instances are counted; they are listed only in a mapped group, where each has its own fate. */
export class TaskProgress {
  /** Instances; 1 while a task is not expanded, or is not mapped. */
  count = 1;
  isExpanded = false;
  /** Results that exist: instances that returned nothing have none. */
  rows = 0;
  /** Number of entries of the one result of a task that is not mapped; null where there is none. */
  length: number | null = null;
  #isWaiting = true;
  #ended = 0;
  #ending = 0;
  /** By index: `WAITING`, or what `SEEN` says of the state. */
  #states: Uint8Array | null = null;

  get isDone(): boolean {
    return this.#ended === this.count;
  }

  /** True while nothing is decided for any of the instances that share one fate. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** True where every instance has a fate of its own. */
  get isSplit(): boolean {
    return this.#states !== null;
  }

  /** The states of all its instances. */
  get seen(): number {
    return this.isDone ? this.#ending : this.#ending | SEEN.open;
  }

  expand(count: number, isSplit: boolean): void {
    this.count = count;
    this.isExpanded = true;
    if (isSplit) this.#states = new Uint8Array(count);
  }

  /** What an instance returned, or that it returned nothing. */
  noteResult({ hasResult, length }: Pick<Ended, "hasResult" | "length">): void {
    if (hasResult) this.rows++;
    this.length = length ?? this.length;
  }

  isWaitingAt(map_index: number): boolean {
    return this.#states?.[map_index] === WAITING;
  }

  /** The state of one instance of a task whose instances have fates of their own. */
  seenAt(map_index: number): number {
    const state = this.#states?.[map_index] ?? WAITING;
    return state === WAITING ? SEEN.open : state;
  }

  /** Of one instance, or of all that share a fate. */
  start(map_index: number): void {
    this.#isWaiting = false;
    if (this.#states) this.#states[map_index] = SEEN.open;
  }

  end(map_index: number, state: Ending): void {
    this.#isWaiting = false;
    this.#ended++;
    this.#ending |= SEEN[state];
    if (this.#states) this.#states[map_index] = SEEN[state];
  }

  /** One instance had ended when the run was interrupted; those that share its fate may still have to run. */
  restore(map_index: number, state: Ending): void {
    this.end(map_index, state);
    this.#isWaiting = !this.isDone;
  }

  /** Of all instances, which share a fate. */
  endAll(state: Ending): void {
    this.#isWaiting = false;
    this.#ended = this.count;
    this.#ending |= SEEN[state];
  }
}
