import type { TaskPolicy } from "../authoring/taskPolicy.js";
import { SkipException } from "../authoring/exceptions.js";

/**
 * A task with dates of its own runs for logical dates between them. For others Airflow does not schedule it, and what
 * follows waits for ever; here it is skipped, and the rest goes by the trigger rules.
 */
export function refuseOtherDates({ startDateMs, endDateMs }: TaskPolicy, logicalDate: string): void {
  if (startDateMs === null && endDateMs === null) return;
  const at = Date.parse(logicalDate);
  if (startDateMs !== null && at < startDateMs) {
    throw new SkipException(
      `${logicalDate} lies before the task's start_date, ${new Date(startDateMs).toISOString()}.`,
    );
  }
  if (endDateMs !== null && at > endDateMs) {
    throw new SkipException(`${logicalDate} lies behind the task's end_date, ${new Date(endDateMs).toISOString()}.`);
  }
}
