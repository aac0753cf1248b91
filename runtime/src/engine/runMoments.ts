import type { RunType } from "#core/model/run.js";
import { intervalAt, lastComplete } from "../schedule/intervals.js";
import { readTimetable } from "../schedule/readTimetable.js";
import type { Timetable } from "../schedule/timetable.js";
import type { LoadedDag } from "./plan.js";
import type { RunOptions } from "./runOptions.js";

/** Which moment a run stands for, and who asked for it. Milliseconds since the epoch. */
export interface RunMoments {
  readonly logical_date: number;
  readonly data_interval_start: number;
  readonly data_interval_end: number;
  readonly run_type: RunType;
}

/** The same, with dates as ISO 8601. */
export interface WrittenMoments {
  readonly logical_date: string;
  readonly data_interval_start: string;
  readonly data_interval_end: string;
  readonly run_type: RunType;
}

export function writeMoments(moments: RunMoments): WrittenMoments {
  const { logical_date, data_interval_start, data_interval_end, run_type } = moments;
  return {
    logical_date: new Date(logical_date).toISOString(),
    data_interval_start: new Date(data_interval_start).toISOString(),
    data_interval_end: new Date(data_interval_end).toISOString(),
    run_type,
  };
}

/** @throws FanoutError `invalid-schedule`, with the place of the `dag()` call. */
export function timetableOf({ model, plan }: Pick<LoadedDag, "model" | "plan">): Promise<Timetable | null> {
  return readTimetable({ schedule: model.schedule, timezone: plan.policy.timezone, at: model.span });
}

/**
 * A run without a logical date stands for now and works on the last complete interval; one with a logical date works on
 * the interval that begins at it, or that it lies in.
 */
export async function momentsOf(
  options: Pick<RunOptions, "logical_date" | "run_type">,
  dag: LoadedDag,
  now: number,
): Promise<RunMoments> {
  const timetable = await timetableOf(dag);
  const given = options.logical_date?.getTime();
  const { start, end } = given === undefined ? lastComplete(timetable, now) : intervalAt(timetable, given);
  return {
    logical_date: given ?? now,
    data_interval_start: start,
    data_interval_end: end,
    run_type: options.run_type ?? "manual",
  };
}
