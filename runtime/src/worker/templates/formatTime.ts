/** A moment and the clock it is read on. */
export interface ClockTime {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Minutes by which the clock is ahead of UTC; null for a clock that does not say. */
  readonly offset: number | null;
  /** The clock's name, such as `UTC` or `CEST`. */
  readonly zone?: string;
}

export const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const MONTHS = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
] as const;

const DAY_MS = 86_400_000;

/** What a clock shows, as the UTC fields of a `Date`. */
export function wallClock({ at, offset }: ClockTime): Date {
  return new Date(at + (offset ?? 0) * 60_000);
}

/** Python's `strftime` in the C locale. Directives that it does not have stay as they are. */
export function formatTime(time: ClockTime, format: string): string {
  const clock = wallClock(time);
  return format.replaceAll(/%(-?)([a-zA-Z%])/g, (whole, unpadded: string, directive: string) => {
    const text = directiveText(directive, clock, time);
    if (text === undefined) return whole;
    return unpadded === "" ? text : text.replace(/^0+(?=.)/, "");
  });
}

const DIRECTIVES: Readonly<Record<string, (clock: Date, time: ClockTime) => string>> = {
  a: (clock) => (DAYS[clock.getUTCDay()] ?? "").slice(0, 3),
  A: (clock) => DAYS[clock.getUTCDay()] ?? "",
  w: (clock) => String(clock.getUTCDay()),
  u: (clock) => String(clock.getUTCDay() || 7),
  d: (clock) => two(clock.getUTCDate()),
  e: (clock) => String(clock.getUTCDate()).padStart(2, " "),
  b: (clock) => (MONTHS[clock.getUTCMonth()] ?? "").slice(0, 3),
  h: (clock) => (MONTHS[clock.getUTCMonth()] ?? "").slice(0, 3),
  B: (clock) => MONTHS[clock.getUTCMonth()] ?? "",
  m: (clock) => two(clock.getUTCMonth() + 1),
  y: (clock) => two(clock.getUTCFullYear() % 100),
  Y: (clock) => String(clock.getUTCFullYear()),
  C: (clock) => two(Math.floor(clock.getUTCFullYear() / 100)),
  H: (clock) => two(clock.getUTCHours()),
  I: (clock) => two(clock.getUTCHours() % 12 || 12),
  p: (clock) => (clock.getUTCHours() < 12 ? "AM" : "PM"),
  M: (clock) => two(clock.getUTCMinutes()),
  S: (clock) => two(clock.getUTCSeconds()),
  f: (clock) => `${String(clock.getUTCMilliseconds()).padStart(3, "0")}000`,
  z: (_, { offset }) => (offset === null ? "" : offsetText(offset, "")),
  Z: (_, { offset, zone }) =>
    offset === null ? "" : (zone ?? (offset === 0 ? "UTC" : `UTC${offsetText(offset, ":")}`)),
  j: (clock) => String(dayOfYear(clock)).padStart(3, "0"),
  U: (clock) => two(Math.floor((dayOfYear(clock) + 6 - clock.getUTCDay()) / 7)),
  W: (clock) => two(Math.floor((dayOfYear(clock) + 6 - ((clock.getUTCDay() + 6) % 7)) / 7)),
  G: (clock) => String(isoWeek(clock).year),
  V: (clock) => two(isoWeek(clock).week),
  s: (_, { at }) => String(Math.floor(at / 1000)),
  c: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%a %b %e %H:%M:%S %Y"),
  x: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%m/%d/%y"),
  X: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%H:%M:%S"),
  D: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%m/%d/%y"),
  F: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%Y-%m-%d"),
  T: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%H:%M:%S"),
  R: (clock, time) => formatTime({ ...time, at: clock.getTime(), offset: 0 }, "%H:%M"),
};

function directiveText(directive: string, clock: Date, time: ClockTime): string | undefined {
  return directive === "%" ? "%" : DIRECTIVES[directive]?.(clock, time);
}

/** `+0200`, or `+02:00` with a colon as separator. */
export function offsetText(offset: number, separator: string): string {
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

/** From 1. */
export function dayOfYear(clock: Date): number {
  return Math.floor((clock.getTime() - Date.UTC(clock.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;
}

/** Week 1 is the one with the year's first Thursday; `weekday` is 1 for Monday to 7. */
export function isoWeek(clock: Date): { year: number; week: number; weekday: number } {
  const weekday = clock.getUTCDay() || 7;
  const thursday = new Date(clock.getTime() + (4 - weekday) * DAY_MS);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7), weekday };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
