import { type ClockTime, DAYS, MONTHS, dayOfYear, isoWeek, offsetText } from "./formatTime.js";

interface Moment {
  readonly clock: Date;
  readonly time: ClockTime;
  readonly at: number;
  readonly zone: string | number | null;
}

const two = (value: number): string => String(value).padStart(2, "0");
const weekday = ({ clock }: Moment): string => DAYS[clock.getUTCDay()] ?? "";
const month = ({ clock }: Moment): string => MONTHS[clock.getUTCMonth()] ?? "";
const hour12 = ({ clock }: Moment): number => clock.getUTCHours() % 12 || 12;

const TOKENS: Readonly<Record<string, (moment: Moment) => string>> = {
  YYYY: ({ clock }) => String(clock.getUTCFullYear()),
  YY: ({ clock }) => two(clock.getUTCFullYear() % 100),
  Y: ({ clock }) => String(clock.getUTCFullYear()),
  Q: ({ clock }) => String(Math.floor(clock.getUTCMonth() / 3) + 1),
  MMMM: month,
  MMM: (moment) => month(moment).slice(0, 3),
  MM: ({ clock }) => two(clock.getUTCMonth() + 1),
  M: ({ clock }) => String(clock.getUTCMonth() + 1),
  DDDD: ({ clock }) => String(dayOfYear(clock)).padStart(3, "0"),
  DDD: ({ clock }) => String(dayOfYear(clock)),
  DD: ({ clock }) => two(clock.getUTCDate()),
  D: ({ clock }) => String(clock.getUTCDate()),
  Do: ({ clock }) => ordinal(clock.getUTCDate()),
  dddd: weekday,
  ddd: (moment) => weekday(moment).slice(0, 3),
  d: ({ clock }) => String(clock.getUTCDay()),
  E: ({ clock }) => String(clock.getUTCDay() || 7),
  W: ({ clock }) => String(isoWeek(clock).week),
  WW: ({ clock }) => two(isoWeek(clock).week),
  HH: ({ clock }) => two(clock.getUTCHours()),
  H: ({ clock }) => String(clock.getUTCHours()),
  hh: (moment) => two(hour12(moment)),
  h: (moment) => String(hour12(moment)),
  mm: ({ clock }) => two(clock.getUTCMinutes()),
  m: ({ clock }) => String(clock.getUTCMinutes()),
  ss: ({ clock }) => two(clock.getUTCSeconds()),
  s: ({ clock }) => String(clock.getUTCSeconds()),
  SSSSSS: ({ clock }) => `${String(clock.getUTCMilliseconds()).padStart(3, "0")}000`,
  SSS: ({ clock }) => String(clock.getUTCMilliseconds()).padStart(3, "0"),
  A: ({ clock }) => (clock.getUTCHours() < 12 ? "AM" : "PM"),
  Z: ({ time }) => offsetText(time.offset ?? 0, ":"),
  ZZ: ({ time }) => offsetText(time.offset ?? 0, ""),
  zz: ({ zone }) => (zone === null ? "" : String(zone)),
  z: ({ zone }) => (zone === null ? "" : String(zone)),
  X: ({ at }) => String(Math.floor(at / 1000)),
  x: ({ at }) => String(at),
};

const PATTERN =
  /\[([^\]]*)\]|\\(.)|YYYY|YY|Y|Q|MMMM|MMM|MM|M|DDDD|DDD|DD|Do|D|dddd|ddd|d|E|WW|W|HH|H|hh|h|mm|m|ss|s|SSSSSS|SSS|A|ZZ|Z|zz|z|X|x/g;

/** pendulum's own format, such as `YYYY-MM-DD`, in English; what stands in brackets stays as it is. */
export function formatPendulum(moment: Moment, format: string): string {
  return format.replaceAll(
    PATTERN,
    (token, bracketed?: string, escaped?: string) => bracketed ?? escaped ?? TOKENS[token]?.(moment) ?? token,
  );
}

function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  const suffix = isTeen ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${String(day)}${suffix}`;
}
