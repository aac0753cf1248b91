import { randomUUID } from "node:crypto";
import type { Macros } from "../../authoring/types/context.js";
import { fromPython, toPython } from "./access.js";
import { PythonDate, PythonDateTime } from "./dates.js";
import { toJson } from "./json.js";
import { formatTime } from "./formatTime.js";
import { parseTime } from "./parseTime.js";
import { TemplateError } from "./templateError.js";
import { PythonTimedelta } from "./timedelta.js";
import type { PythonFunction } from "./values.js";
import { type Keywords, PythonObject, python, typeName } from "./values.js";

/** A module of Python's: nothing but names. */
export class PythonModule extends PythonObject {
  readonly typeName = "module";

  constructor(
    readonly name: string,
    readonly names: Readonly<Record<string, unknown>>,
  ) {
    super();
  }

  attribute(name: string): unknown {
    return Object.hasOwn(this.names, name) ? this.names[name] : undefined;
  }

  text(): string {
    return `<module '${this.name}'>`;
  }
}

/** What `uuid.uuid4()` gives. */
class PythonUuid extends PythonObject {
  readonly typeName = "UUID";
  readonly #text = randomUUID();

  attribute(name: string): unknown {
    if (name === "hex") return this.#text.replaceAll("-", "");
    return name === "urn" ? `urn:uuid:${this.#text}` : undefined;
  }

  text(): string {
    return this.#text;
  }

  override repr(): string {
    return `UUID('${this.#text}')`;
  }
}

const timedelta = python("timedelta", PythonTimedelta.parameters, (given) => PythonTimedelta.make(given));

const DATE_PARTS = ["year", "month", "day", "hour", "minute", "second", "microsecond"] as const;

/** `macros.datetime` is Python's class, as in Airflow: it makes moments, and reads them. */
const datetime: PythonFunction = python("datetime", DATE_PARTS, makeDatetime, {
  now: python("now", ["tz"], ({ tz = null }) => new PythonDateTime(Date.now(), zoneOf(tz))),
  utcnow: python("utcnow", [], () => new PythonDateTime(Date.now(), null)),
  today: python("today", [], () => new PythonDateTime(Date.now(), null)),
  strptime: python("strptime", ["text", "format"], ({ text, format }) => {
    const { at, offset } = read(() => parseTime(String(text), String(format)));
    return new PythonDateTime(at, offset === 0 ? "UTC" : offset);
  }),
  fromisoformat: python("fromisoformat", ["text"], ({ text }) => fromIso(String(text))),
  fromtimestamp: python(
    "fromtimestamp",
    ["timestamp", "tz"],
    ({ timestamp, tz = null }) => new PythonDateTime(Number(timestamp) * 1000, zoneOf(tz)),
  ),
});

function zoneOf(tz: unknown): string | null {
  if (tz === null || typeof tz === "string") return tz;
  throw new TemplateError(`a time zone is a text here, not '${typeName(tz)}'`);
}

function makeDatetime(given: Keywords): PythonDateTime {
  const [year, month = 1, day = 1, ...time] = DATE_PARTS.map((name) => given[name] as number | undefined);
  if (year === undefined || given["month"] === undefined || given["day"] === undefined) {
    throw new TemplateError("datetime() needs a year, a month and a day");
  }
  const [hour = 0, minute = 0, second = 0, microsecond = 0] = time;
  return new PythonDateTime(Date.UTC(year, month - 1, day, hour, minute, second, microsecond / 1000), null);
}

function fromIso(text: string): PythonDateTime {
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const at = Date.parse(hasZone ? text : `${text.replace(" ", "T")}${text.length > 10 ? "Z" : ""}`);
  if (Number.isNaN(at)) throw new TemplateError(`Invalid isoformat string: '${text}'`);
  return new PythonDateTime(at, hasZone ? "UTC" : null);
}

/** What Python calls an error of a value is one of the template here. */
function read<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw thrown instanceof RangeError ? new TemplateError(thrown.message) : thrown;
  }
}

/** `macros` as templates see it. */
export function macrosModule(macros: Macros): PythonModule {
  return new PythonModule("macros", {
    datetime,
    timedelta,
    time: new PythonModule("time", { time: python("time", [], () => Date.now() / 1000) }),
    uuid: new PythonModule("uuid", { uuid4: python("uuid4", [], () => new PythonUuid()) }),
    json: new PythonModule("json", {
      dumps: python("dumps", ["obj", "indent"], ({ obj, indent = null }) =>
        toJson(obj, indent === null ? null : Number(indent), false),
      ),
      loads: python("loads", ["s"], ({ s }) => JSON.parse(String(s)) as unknown),
    }),
    random: python("random", [], () => macros.random()),
    ds_add: python("ds_add", ["ds", "days"], ({ ds, days }) => read(() => macros.ds_add(dsText(ds), Number(days)))),
    ds_format: python("ds_format", ["ds", "input_format", "output_format"], ({ ds, input_format, output_format }) =>
      read(() => macros.ds_format(dsText(ds), String(input_format), String(output_format))),
    ),
    datetime_diff_for_humans: python("datetime_diff_for_humans", ["dt", "since"], ({ dt, since = null }) =>
      differenceForHumans(dt, since),
    ),
  });
}

function dsText(ds: unknown): string {
  if (ds instanceof PythonDate) return ds.text();
  return ds instanceof PythonDateTime ? formatTime(ds.time, "%Y-%m-%d") : String(fromPython(ds));
}

const UNITS = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["week", 7 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const;

function differenceForHumans(dt: unknown, since: unknown): string {
  const [one, other] = [toPython(dt), toPython(since)];
  if (!(one instanceof PythonDateTime)) throw new TemplateError(`a date is needed, not '${typeName(one)}'`);
  const difference = one.at - (other instanceof PythonDateTime ? other.at : Date.now());
  const size = Math.abs(difference);
  const unit = UNITS.find(([, length]) => size >= length);
  const count = unit === undefined ? Math.floor(size / 1000) : Math.floor(size / unit[1]);
  const words =
    unit === undefined && count < 10 ? "a few seconds" : `${count} ${unit?.[0] ?? "second"}${count === 1 ? "" : "s"}`;
  if (other instanceof PythonDateTime) return `${words} ${difference < 0 ? "before" : "after"}`;
  return difference < 0 ? `${words} ago` : `in ${words}`;
}
