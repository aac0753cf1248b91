/** Where the engine gets its time from, so that a pause of minutes can be proved without waiting for it. */
export interface Clock {
  /** Milliseconds since the epoch: for what is recorded and shown. Somebody may set the clock meanwhile. */
  now(): number;
  /** Milliseconds since some moment, for what is waited for: they go on evenly, whatever the clock is set to. */
  elapsed(): number;
  /** Calls `fn` once, `ms` from now; the returned function takes that back. */
  after(ms: number, fn: () => void): () => void;
}

/** `setTimeout` counts in 32 bits and fires at once for more than that. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after: (ms, fn) => {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const step = Math.min(Math.ceil(Math.max(left, 0)), LONGEST_TIMER_MS);
      timer = setTimeout(() => (left > step ? wait(left - step) : fn()), step);
    };
    wait(ms);
    return () => clearTimeout(timer);
  },
};

/** Time that stands still until it is told to go on: for tests. */
export class ManualClock implements Clock {
  #elapsed = 0;
  /** What the clock shows more than has elapsed. */
  #offset: number;
  #timers: { readonly due: number; readonly fn: () => void }[] = [];

  constructor(start: number) {
    this.#offset = start;
  }

  now(): number {
    return this.#elapsed + this.#offset;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Somebody sets the clock: no time passes by that. */
  set(now: number): void {
    this.#offset = now - this.#elapsed;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { due: this.#elapsed + ms, fn };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((one) => one !== timer));
  }

  /** The moments for which something waits, as the clock will show them, earliest first. */
  get pending(): readonly number[] {
    return this.#timers.map(({ due }) => due + this.#offset).sort((a, b) => a - b);
  }

  /** Lets time pass; what is due meanwhile is called at its own moment, in order. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let next = this.#earliest(end); next; next = this.#earliest(end)) {
      const { due, fn } = next;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#elapsed = Math.max(this.#elapsed, due);
      fn();
    }
    this.#elapsed = end;
  }

  #earliest(until: number): { readonly due: number; readonly fn: () => void } | undefined {
    const due = this.#timers.filter((timer) => timer.due <= until);
    return due.reduce<(typeof due)[number] | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined);
  }
}
