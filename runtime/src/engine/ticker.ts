/** The most often that somebody looks who has found nothing new for a second. */
const SLOW_TICK_MS = 100;
const QUIET_MS = 1000;

/** Looks again and again, as long as it is asked to; less often while nothing changes, as beside a sensor that waits. */
export class Ticker {
  #timer: NodeJS.Timeout | null = null;
  #quietTicks = 0;

  /** `look` asks for the next tick with `start`. */
  constructor(
    readonly ms: number,
    readonly look: () => void,
  ) {}

  /** True where nothing has changed since the tick before. */
  get isQuiet(): boolean {
    return this.#quietTicks > 0;
  }

  changed(): void {
    this.#quietTicks = 0;
  }

  /** Another tick, where none is to come already. */
  start(): void {
    const ms = this.#quietTicks * this.ms < QUIET_MS ? this.ms : SLOW_TICK_MS;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#quietTicks++;
      this.look();
    }, ms);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
