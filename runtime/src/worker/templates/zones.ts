/** A clock: the name of a zone, minutes by which it is ahead of UTC, or null for one that does not say. */
export type Zone = string | number | null;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes by which a clock is ahead of UTC at a moment. Throws a `RangeError` for a zone that there is not. */
export function offsetAt(at: number, zone: Zone): number {
  if (zone === null || zone === "UTC") return 0;
  if (typeof zone === "number") return zone;
  const parts = formatOf(zone).formatToParts(at);
  const text = parts.find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const [, sign = "+", hours = "0", minutes = "0"] = /^GMT([+-])(\d+):?(\d+)?/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The moment at which a clock shows the UTC fields of `wall`. */
export function momentOf(wall: number, zone: Zone): number {
  let at = wall - offsetAt(wall, zone) * 60_000;
  // Near a change of the clock the first guess may lie on its other side.
  at = wall - offsetAt(at, zone) * 60_000;
  return at;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  formats.set(zone, made);
  return made;
}
