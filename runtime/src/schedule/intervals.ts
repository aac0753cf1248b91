import type { DataInterval, Timetable } from "./timetable.js";

/** Of a run that is asked for now: the last interval that is complete. Without a schedule it is the moment itself. */
export function lastComplete(timetable: Timetable | null, now: number): DataInterval {
  if (!timetable) return { start: now, end: now };
  const end = timetable.alignToPrev(now);
  return { start: timetable.prev(end), end };
}

/** Of a run with a logical date of its own: the interval that begins at it, or that it lies in. */
export function intervalAt(timetable: Timetable | null, logicalDate: number): DataInterval {
  if (!timetable) return { start: logicalDate, end: logicalDate };
  const start = timetable.alignToPrev(logicalDate);
  return { start, end: timetable.next(start) };
}

/**
 * The interval that a scheduler runs next, when it is over: the one that is under way, or the first one where that is yet
 * to begin. Null where the last one has begun.
 */
export function nextInterval(timetable: Timetable, { earliest, latest, now }: Span): DataInterval | null {
  const underWay = timetable.alignToPrev(now);
  const start = Number.isFinite(earliest) ? Math.max(underWay, timetable.alignToNext(earliest)) : underWay;
  return start > latest ? null : { start, end: timetable.next(start) };
}

export interface Span {
  /** No interval begins before it. */
  readonly earliest: number;
  /** No interval begins after it. */
  readonly latest: number;
  /** Only what is complete by then. */
  readonly now: number;
}

/** Every complete interval whose start lies in the span, in order and without gaps. */
export function intervalsIn(timetable: Timetable, { earliest, latest, now }: Span): DataInterval[] {
  const intervals: DataInterval[] = [];
  let start = timetable.alignToNext(earliest);
  while (start <= latest) {
    const end = timetable.next(start);
    if (end > now) break;
    intervals.push({ start, end });
    start = end;
  }
  return intervals;
}
