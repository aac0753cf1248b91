/** No zone ever moved its clocks by more: Samoa left out a whole day. */
const FAR_MS = 26 * 3_600_000;

/**
 * A time zone of the IANA database. A wall time is what its clocks show, as the milliseconds that the same figures mean
 * in UTC; an instant is milliseconds since the epoch.
 */
export class Zone {
  /** Null for UTC: making one takes longer than a short run should wait. */
  readonly #format: Intl.DateTimeFormat | null;

  /** @throws RangeError where there is no such zone. */
  constructor(readonly name: string) {
    this.#format = name === "UTC" ? null : clockOf(name);
  }

  wallOf(instant: number): number {
    return instant + this.#offsetAt(instant);
  }

  /** By how much clocks are moved around an instant; 0 where they are not. */
  shiftNear(instant: number): number {
    return Math.abs(this.#offsetAt(instant + FAR_MS) - this.#offsetAt(instant - FAR_MS));
  }

  /**
   * The instants at which clocks show a wall time, in order: two where they were put back. A time that they leave out
   * counts from before they are put forward: 2:30 is then half an hour after that, as Airflow has it.
   */
  instantsOf(wall: number): [number] | [number, number] {
    const before = this.#offsetAt(wall - FAR_MS);
    const after = this.#offsetAt(wall + FAR_MS);
    if (before === after) return [wall - before];
    const shown = [wall - before, wall - after].filter((instant) => this.wallOf(instant) === wall);
    const [first = wall - before, second] = shown;
    return second === undefined ? [first] : [first, second];
  }

  /** Milliseconds by which clocks are ahead of UTC. */
  #offsetAt(instant: number): number {
    if (!this.#format) return 0;
    const whole = Math.floor(instant / 1000) * 1000;
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of this.#format.formatToParts(whole)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  }
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23" },
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  });
}
