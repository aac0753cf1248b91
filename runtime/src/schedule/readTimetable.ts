import type { SourcePoint } from "#core/model/source.js";
import { CronProblem } from "#core/schedule/cronExpression.js";
import { CRON_PRESETS, MOMENTARY_PRESETS } from "#core/schedule/presets.js";
import { FanoutError } from "../errors.js";
import { DeltaTimetable, type Timetable } from "./timetable.js";
import { Zone } from "./zone.js";

export interface ScheduleSource {
  /** As the model writes it. */
  readonly schedule: string | null;
  readonly timezone: string;
  readonly at?: SourcePoint | undefined;
}

/**
 * The timetable of a DAG; null where its schedule has no data intervals (`null`, `@once`, `@continuous`).
 * @throws FanoutError `invalid-schedule` for a zone that does not exist and a schedule that cannot be read.
 */
export async function readTimetable({ schedule, timezone, at }: ScheduleSource): Promise<Timetable | null> {
  const zone = readZone(timezone, at);
  if (schedule === null || MOMENTARY_PRESETS.includes(schedule)) return null;
  const [, seconds] = /^PT([\d.]+)S$/.exec(schedule) ?? [];
  if (seconds !== undefined) return readDelta(Number(seconds), at);
  // Its reader is loaded only where there is a cron expression.
  const { CronTimetable } = await import("./cronTimetable.js");
  try {
    return new CronTimetable(CRON_PRESETS[schedule] ?? schedule, zone);
  } catch (thrown) {
    if (!(thrown instanceof CronProblem)) throw thrown;
    const advice = 'Write minute, hour, day of the month, month and day of the week, e.g. "30 6 * * mon-fri".';
    throw new FanoutError("invalid-schedule", `The schedule '${schedule}' ${thrown.message}.`, { at, advice });
  }
}

function readZone(name: string, at: SourcePoint | undefined): Zone {
  try {
    return new Zone(name);
  } catch {
    const advice = 'Write a name of the IANA database, e.g. "Europe/Berlin", or "UTC".';
    throw new FanoutError("invalid-schedule", `There is no time zone '${name}'.`, { at, advice });
  }
}

function readDelta(seconds: number, at: SourcePoint | undefined): Timetable {
  if (seconds > 0) return new DeltaTimetable(seconds * 1000);
  throw new FanoutError("invalid-schedule", "The schedule is no time at all: it must be longer than 0.", { at });
}
