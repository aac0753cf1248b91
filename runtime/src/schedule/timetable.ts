/** Instants are milliseconds since the epoch throughout this folder. */

/** What a run stands for: from `start` on, up to but not at `end`. Both are equal where a run stands for a moment. */
export interface DataInterval {
  readonly start: number;
  readonly end: number;
}

/**
 * The bounds of the data intervals of a schedule that repeats: each is the end of one and the start of the next.
 * Source: airflow-core `timetables/interval.py`.
 */
export interface Timetable {
  /** The first bound after an instant. */
  next(instant: number): number;
  /** The last bound before an instant. */
  prev(instant: number): number;
  /** The instant where it is a bound, else the next one. A distance in time has its bounds wherever it is begun. */
  alignToNext(instant: number): number;
  alignToPrev(instant: number): number;
  /** Start of the one interval that is made up for where the others are not: the last that is complete. */
  latestStart(now: number): number;
}

/** `schedule: { hours: 6 }`: the same distance whatever clocks do, counted from where it is begun. */
export class DeltaTimetable implements Timetable {
  constructor(readonly distance: number) {}

  next(instant: number): number {
    return instant + this.distance;
  }

  prev(instant: number): number {
    return instant - this.distance;
  }

  alignToNext(instant: number): number {
    return instant;
  }

  alignToPrev(instant: number): number {
    return instant;
  }

  /** As Airflow: whole distances since 1970. */
  latestStart(now: number): number {
    return this.prev(Math.floor(now / this.distance) * this.distance);
  }
}
