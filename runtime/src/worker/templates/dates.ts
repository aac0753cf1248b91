import { type ClockTime, dayOfYear, formatTime, isoWeek, offsetText, wallClock } from "./formatTime.js";
import { formatPendulum } from "./formatPendulum.js";
import { TemplateError } from "./templateError.js";
import { PythonTimedelta } from "./timedelta.js";
import type { PythonFunction } from "./values.js";
import { type Keywords, PythonObject, Tuple, python } from "./values.js";
import { type Zone, momentOf, offsetAt } from "./zones.js";

/** A moment: Airflow's dates are pendulum's, which are Python's with more to them. Immutable. */
export class PythonDateTime extends PythonObject {
  readonly typeName: string = "datetime.datetime";

  constructor(
    /** Milliseconds since the epoch. */
    readonly at: number,
    readonly zone: Zone,
  ) {
    super();
  }

  get time(): ClockTime {
    const offset = this.zone === null ? null : offsetAt(this.at, this.zone);
    return { at: this.at, offset, ...(this.zone === "UTC" && { zone: "UTC" }) };
  }

  /** What its clock shows, in the UTC fields. */
  get clock(): Date {
    return wallClock(this.time);
  }

  attribute(name: string): unknown {
    if (Object.hasOwn(FIELDS, name)) return FIELDS[name]?.(this);
    return Object.hasOwn(METHODS, name) ? METHODS[name]?.(this) : undefined;
  }

  iso(separator: string): string {
    const { offset } = this.time;
    const text = formatTime(this.time, `%Y-%m-%d${separator}%H:%M:%S`);
    const fraction = this.clock.getUTCMilliseconds() === 0 ? "" : formatTime(this.time, ".%f");
    return `${text}${fraction}${offset === null ? "" : offsetText(offset, ":")}`;
  }

  /** As pendulum 3, with a space. */
  text(): string {
    return this.iso(" ");
  }

  override repr(): string {
    const clock = this.clock;
    const fields = [clock.getUTCFullYear(), clock.getUTCMonth() + 1, clock.getUTCDate()];
    fields.push(clock.getUTCHours(), clock.getUTCMinutes(), clock.getUTCSeconds());
    const zone = this.zone === null ? "" : `, tzinfo=Timezone('${String(this.zone)}')`;
    return `${this.zone === null ? "datetime.datetime" : "DateTime"}(${fields.join(", ")}${zone})`;
  }

  override compare(other: unknown): number | undefined {
    return other instanceof PythonDateTime ? this.at - other.at : undefined;
  }

  override add(other: unknown): unknown {
    return other instanceof PythonTimedelta ? this.moved(other.milliseconds) : undefined;
  }

  override subtract(other: unknown): unknown {
    if (other instanceof PythonTimedelta) return this.moved(-other.milliseconds);
    return other instanceof PythonDateTime ? new PythonTimedelta(this.at - other.at) : undefined;
  }

  moved(milliseconds: number): PythonDateTime {
    return new PythonDateTime(this.at + milliseconds, this.zone);
  }

  /** The same clock, showing the UTC fields of `wall`. */
  showing(wall: number): PythonDateTime {
    return new PythonDateTime(momentOf(wall, this.zone), this.zone);
  }
}

/** A day: what `date()` gives. */
export class PythonDate extends PythonDateTime {
  override readonly typeName = "datetime.date";

  override text(): string {
    return formatTime(this.time, "%Y-%m-%d");
  }

  override repr(): string {
    const clock = this.clock;
    return `datetime.date(${clock.getUTCFullYear()}, ${clock.getUTCMonth() + 1}, ${clock.getUTCDate()})`;
  }

  override moved(milliseconds: number): PythonDateTime {
    return new PythonDate(this.at + Math.floor(milliseconds / 86_400_000) * 86_400_000, null);
  }
}

const FIELDS: Readonly<Record<string, (date: PythonDateTime) => unknown>> = {
  year: ({ clock }) => clock.getUTCFullYear(),
  month: ({ clock }) => clock.getUTCMonth() + 1,
  day: ({ clock }) => clock.getUTCDate(),
  hour: ({ clock }) => clock.getUTCHours(),
  minute: ({ clock }) => clock.getUTCMinutes(),
  second: ({ clock }) => clock.getUTCSeconds(),
  microsecond: ({ clock }) => clock.getUTCMilliseconds() * 1000,
  quarter: ({ clock }) => Math.floor(clock.getUTCMonth() / 3) + 1,
  day_of_week: ({ clock }) => (clock.getUTCDay() + 6) % 7,
  day_of_year: ({ clock }) => dayOfYear(clock),
  week_of_year: ({ clock }) => isoWeek(clock).week,
  days_in_month: ({ clock }) => daysInMonth(clock.getUTCFullYear(), clock.getUTCMonth()),
  int_timestamp: ({ at }) => Math.floor(at / 1000),
  float_timestamp: ({ at }) => at / 1000,
  timezone_name: ({ zone }) => (zone === null ? null : String(zone)),
  offset: ({ time }) => (time.offset === null ? null : time.offset * 60),
};

const METHODS: Readonly<Record<string, (date: PythonDateTime) => PythonFunction>> = {
  strftime: (date) => python("strftime", ["format"], ({ format }) => formatTime(date.time, String(format))),
  format: (date) => python("format", ["fmt", "locale"], ({ fmt }) => formatPendulum(date, String(fmt))),
  isoformat: (date) =>
    python("isoformat", ["sep"], ({ sep = "T" }) => (date instanceof PythonDate ? date.text() : date.iso(String(sep)))),
  to_date_string: (date) => python("to_date_string", [], () => formatTime(date.time, "%Y-%m-%d")),
  to_time_string: (date) => python("to_time_string", [], () => formatTime(date.time, "%H:%M:%S")),
  to_datetime_string: (date) => python("to_datetime_string", [], () => formatTime(date.time, "%Y-%m-%d %H:%M:%S")),
  to_iso8601_string: (date) => python("to_iso8601_string", [], () => date.iso("T").replace("+00:00", "Z")),
  timestamp: (date) => python("timestamp", [], () => date.at / 1000),
  date: (date) => python("date", [], () => new PythonDate(startOfDay(date.clock), null)),
  weekday: (date) => python("weekday", [], () => (date.clock.getUTCDay() + 6) % 7),
  isoweekday: (date) => python("isoweekday", [], () => date.clock.getUTCDay() || 7),
  isocalendar: (date) =>
    python("isocalendar", [], () => {
      const { year, week, weekday } = isoWeek(date.clock);
      return Tuple.of2([year, week, weekday]);
    }),
  add: (date) => python("add", UNITS, (given) => shifted(date, given, 1)),
  subtract: (date) => python("subtract", UNITS, (given) => shifted(date, given, -1)),
  replace: (date) => python("replace", PARTS, (given) => replaced(date, given)),
  set: (date) => python("set", PARTS, (given) => replaced(date, given)),
  start_of: (date) => python("start_of", ["unit"], ({ unit }) => startOf(date, String(unit))),
  end_of: (date) => python("end_of", ["unit"], ({ unit }) => endOf(date, String(unit))),
  diff: (date) => python("diff", ["dt"], ({ dt }) => date.subtract(dt)),
  in_timezone: (date) => python("in_timezone", ["tz"], ({ tz }) => inZone(date, tz)),
  in_tz: (date) => python("in_tz", ["tz"], ({ tz }) => inZone(date, tz)),
  astimezone: (date) => python("astimezone", ["tz"], ({ tz }) => inZone(date, tz)),
  naive: (date) => python("naive", [], () => new PythonDateTime(date.clock.getTime(), null)),
};

const UNITS = ["years", "months", "weeks", "days", "hours", "minutes", "seconds", "microseconds"] as const;
const PARTS = ["year", "month", "day", "hour", "minute", "second", "microsecond"] as const;

function shifted(date: PythonDateTime, given: Keywords, sign: 1 | -1): PythonDateTime {
  const amount = (unit: (typeof UNITS)[number]): number => {
    const value = given[unit] ?? 0;
    if (typeof value !== "number") throw new TemplateError(`'${unit}' must be a number`);
    return value * sign;
  };
  const clock = date.clock;
  const month = clock.getUTCMonth() + amount("months") + 12 * amount("years");
  const year = clock.getUTCFullYear() + Math.floor(month / 12);
  const inYear = ((month % 12) + 12) % 12;
  const day = Math.min(clock.getUTCDate(), daysInMonth(year, inYear));
  const wall =
    Date.UTC(year, inYear, day + amount("days") + 7 * amount("weeks")) + (clock.getTime() - startOfDay(clock));
  const hours = amount("hours") * 3_600_000 + amount("minutes") * 60_000;
  return date.showing(wall).moved(hours + amount("seconds") * 1000 + amount("microseconds") / 1000);
}

function replaced(date: PythonDateTime, given: Keywords): PythonDateTime {
  const part = (name: (typeof PARTS)[number]): number => Number(given[name] ?? FIELDS[name]?.(date));
  const [year, month, day] = [part("year"), part("month"), part("day")];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month - 1)) {
    throw new TemplateError("day is out of range for month");
  }
  const time = [part("hour"), part("minute"), part("second"), part("microsecond") / 1000] as const;
  return date.showing(Date.UTC(year, month - 1, day, ...time));
}

function startOf(date: PythonDateTime, unit: string): PythonDateTime {
  const clock = date.clock;
  const [year, month, day] = [clock.getUTCFullYear(), clock.getUTCMonth(), clock.getUTCDate()];
  const starts: Readonly<Record<string, () => number>> = {
    second: () => Math.floor(clock.getTime() / 1000) * 1000,
    minute: () => Math.floor(clock.getTime() / 60_000) * 60_000,
    hour: () => Math.floor(clock.getTime() / 3_600_000) * 3_600_000,
    day: () => Date.UTC(year, month, day),
    week: () => Date.UTC(year, month, day - ((clock.getUTCDay() + 6) % 7)),
    month: () => Date.UTC(year, month),
    year: () => Date.UTC(year, 0),
    decade: () => Date.UTC(year - (year % 10), 0),
  };
  const start = starts[unit];
  if (start === undefined) throw new TemplateError(`'${unit}' is no unit of start_of() and end_of()`);
  return date.showing(start());
}

function endOf(date: PythonDateTime, unit: string): PythonDateTime {
  const next = shifted(startOf(date, unit), unit === "decade" ? { years: 10 } : { [`${unit}s`]: 1 }, 1);
  return next.moved(-1);
}

function inZone(date: PythonDateTime, zone: unknown): PythonDateTime {
  const name = zone instanceof PythonObject ? zone.text() : String(zone);
  try {
    offsetAt(date.at, name);
  } catch {
    throw new TemplateError(`there is no time zone '${name}'`);
  }
  return new PythonDateTime(date.at, name);
}

function startOfDay(clock: Date): number {
  return Math.floor(clock.getTime() / 86_400_000) * 86_400_000;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}
