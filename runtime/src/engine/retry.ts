import type { TaskPolicy } from "../authoring/taskPolicy.js";
import type { PlanTask } from "./plan.js";

/** Airflow's own limit of a pause that grows, whatever `max_retry_delay` says. */
const LONGEST_MS = 24 * 3_600_000;

type RetryPolicy = Pick<TaskPolicy, "retryDelayMs" | "retryBackoff" | "maxRetryDelayMs">;

/** What becomes of an instance when a try of it has failed. */
export function afterFailure(task: PlanTask, try_number: number, mayRetry: boolean): "up_for_retry" | "failed" {
  return mayRetry && try_number <= task.retries ? "up_for_retry" : "failed";
}

/**
 * Milliseconds between the end of try `failed`, counted from 1, and the start of the next. Source: Airflow's
 * `next_retry_datetime`, whose pause with exponential backoff lies between this and its double, depending on a hash of
 * the instance's names: many machines shall not come back at once, of which there is one here.
 */
export function retryDelay({ retryDelayMs, retryBackoff, maxRetryDelayMs }: RetryPolicy, failed: number): number {
  if (retryBackoff === 1) return retryDelayMs;
  return Math.min(retryDelayMs * retryBackoff ** (failed - 1), maxRetryDelayMs ?? LONGEST_MS, LONGEST_MS);
}
