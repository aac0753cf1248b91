/** Where the engine gets its time from, so that a pause of minutes can be proved without waiting for it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fn` once, `ms` from now; the returned function takes that back. */
  after(ms: number, fn: () => void): () => void;
}

/** `setTimeout` counts in 32 bits and fires at once for more than that. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, fn) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const step = Math.min(Math.max(left, 0), LONGEST_TIMER_MS);
      timer = setTimeout(() => (left > step ? wait(left - step) : fn()), step);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

/** Time that stands still until it is told to go on: for tests. */
export class ManualClock implements Clock {
  #now: number;
  #timers: { readonly due: number; readonly fn: () => void }[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { due: this.#now + ms, fn };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  /** The moments for which something waits, earliest first. */
  get pending(): readonly number[] {
    return this.#timers.map(({ due }) => due).sort((a, b) => a - b);
  }

  /** Lets time pass; what is due meanwhile is called at its own moment, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#earliest(end); next; next = this.#earliest(end)) {
      const { due, fn } = next;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, due);
      fn();
    }
    this.#now = end;
  }

  #earliest(until: number): { readonly due: number; readonly fn: () => void } | undefined {
    const due = this.#timers.filter((timer) => timer.due <= until);
    return due.reduce<(typeof due)[number] | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined);
  }
}
