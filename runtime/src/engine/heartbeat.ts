import type { RunStore } from "../store/runStore.js";
import type { Clock } from "./clock.js";
import type { EventStream } from "./eventStream.js";
import type { Executor } from "./executor.js";
import type { LongRunners } from "./longRunners.js";
import { Ticker } from "./ticker.js";

/** How often changes are told, and instances that take longer shown as running. */
const TICK_MS = 50;
/** Where nothing runs and nothing is due for so long, the workers leave. */
export const REST_MS = 10_000;
/** Results wait so long to be committed together. */
const COMMIT_MS = 8;

/** What a run gives its heartbeat to look at. */
export interface BeatParts {
  readonly pool: Executor;
  readonly store: RunStore;
  readonly clock: Clock;
  readonly events: EventStream;
  readonly longRunners: LongRunners;
  /** What goes on by itself at some moment. */
  readonly agenda: { readonly next: number | null };
  /** Does the work, and ends the run where it cannot be done. */
  readonly guard: (work: () => void) => void;
}

/** Tells and stores what has changed, as long as anything could: while nothing runs, nothing ticks. */
export class Heartbeat {
  readonly #ticker = new Ticker(TICK_MS, () => this.parts.guard(() => this.#tick()));
  #pendingCommit: NodeJS.Timeout | null = null;
  #isStopped = false;
  #hasLost = false;

  constructor(readonly parts: BeatParts) {}

  /** Something is about to change. */
  wake(): void {
    if (!this.#isStopped) this.#ticker.start();
  }

  /** The run is over; what is left can still be committed. */
  stop(): void {
    this.#isStopped = true;
    this.#ticker.stop();
  }

  commitSoon(): void {
    this.#pendingCommit ??= setTimeout(() => this.parts.guard(() => this.commit()), COMMIT_MS);
  }

  commit(): void {
    if (this.#pendingCommit) clearTimeout(this.#pendingCommit);
    this.#pendingCommit = null;
    this.parts.store.commit();
    if (!this.#hasLost) this.parts.pool.committed();
  }

  /** Something could not be written: with it the store may have given up rows that were not committed, even if it can write now. */
  lost(): void {
    this.#hasLost = true;
  }

  #tick(): void {
    const { events, longRunners, pool } = this.parts;
    longRunners.announce(pool.running(), TICK_MS / 2);
    this.commit();
    if (events.flush()) this.#ticker.changed();
    pool.dispatch();
    if (pool.isBusy) this.wake();
    else this.#sleep();
  }

  #sleep(): void {
    this.#ticker.stop();
    this.#ticker.changed();
    const { agenda, clock, pool } = this.parts;
    if (agenda.next !== null && agenda.next - clock.elapsed() > REST_MS) pool.rest();
  }
}
