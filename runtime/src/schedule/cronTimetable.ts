import { Cron } from "croner";
import { CronProblem, readCron } from "#core/schedule/cronExpression.js";
import type { Timetable } from "./timetable.js";
import type { Zone } from "./zone.js";

/**
 * A cron expression as the clocks of a zone show its times.
 *
 * Where clocks are put back, a time of a repeated hour is the second one, as in Airflow; only an expression that covers
 * every hour has it twice, so that it stays hourly. Where clocks are put forward, a time that is left out comes as long
 * after the change as it was meant after it: 2:30 becomes 3:30. Two times that become one are one.
 */
export class CronTimetable implements Timetable {
  readonly #cron: Cron;
  readonly #coversEveryHour: boolean;

  /** @throws CronProblem where the expression cannot be read, or names no day that ever comes. */
  constructor(
    expression: string,
    readonly zone: Zone,
  ) {
    const { pattern, coversEveryHour } = readCron(expression);
    // The library sees wall times only: it is told that they are UTC.
    this.#cron = new Cron(pattern, { timezone: "UTC", mode: "6-part", paused: true });
    this.#coversEveryHour = coversEveryHour;
    if (this.#wallAfter(0) === null) throw new CronProblem("names a day that never comes");
  }

  next(instant: number): number {
    let best = Infinity;
    let wall = this.#wallAfter(this.zone.wallOf(instant) - this.zone.shiftNear(instant));
    while (wall !== null) {
      for (const one of this.#instantsOf(wall)) if (one > instant) best = Math.min(best, one);
      // Near a change of clocks a later wall time may be an earlier instant.
      if (best !== Infinity && wall >= this.zone.wallOf(best) + this.zone.shiftNear(best)) break;
      wall = this.#wallAfter(wall);
    }
    return best;
  }

  prev(instant: number): number {
    let best = -Infinity;
    let wall = this.#wallBefore(this.zone.wallOf(instant) + this.zone.shiftNear(instant));
    while (wall !== null) {
      for (const one of this.#instantsOf(wall)) if (one < instant) best = Math.max(best, one);
      if (best !== -Infinity && wall <= this.zone.wallOf(best) - this.zone.shiftNear(best)) break;
      wall = this.#wallBefore(wall);
    }
    return best;
  }

  alignToNext(instant: number): number {
    return this.#isBound(instant) ? instant : this.next(instant);
  }

  alignToPrev(instant: number): number {
    return this.#isBound(instant) ? instant : this.prev(instant);
  }

  latestStart(now: number): number {
    return this.prev(this.alignToPrev(now));
  }

  #isBound(instant: number): boolean {
    return this.next(this.prev(instant)) === instant;
  }

  #instantsOf(wall: number): readonly number[] {
    const instants = this.zone.instantsOf(wall);
    return this.#coversEveryHour ? instants : instants.slice(-1);
  }

  #wallAfter(wall: number): number | null {
    return this.#cron.nextRun(new Date(Math.floor(wall / 1000) * 1000))?.getTime() ?? null;
  }

  #wallBefore(wall: number): number | null {
    return this.#cron.previousRuns(1, new Date(Math.ceil(wall / 1000) * 1000))[0]?.getTime() ?? null;
  }
}
