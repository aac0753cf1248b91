import { durationText } from "#core/durationText.js";
import type { TaskSummary } from "#core/model/run.js";

/** Milliseconds since the epoch. */
export interface TaskTime {
  readonly start: number;
  readonly end: number;
}

/** From when the first of its instances began to when the last one ended; null where one has not ended, or none began. */
export function timeOf({ instances }: Pick<TaskSummary, "instances">): TaskTime | null {
  let [start, end] = [Infinity, -Infinity];
  for (const each of instances) {
    if (each.start === null) continue;
    if (each.end === null) return null;
    start = Math.min(start, Date.parse(each.start));
    end = Math.max(end, Date.parse(each.end));
  }
  return start === Infinity ? null : { start, end };
}

export function tookOf(task: Pick<TaskSummary, "instances">): string {
  const time = timeOf(task);
  return time === null ? "" : durationText(time.end - time.start);
}
