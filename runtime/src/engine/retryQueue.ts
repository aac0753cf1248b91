import type { PlanTask } from "./plan.js";

export interface Retry {
  /** Milliseconds since the epoch. */
  readonly due: number;
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
}

/** Instances that wait for their next try. */
export class RetryQueue {
  #waiting: Retry[] = [];

  add(retry: Retry): void {
    this.#waiting.push(retry);
  }

  /** Removes and returns those whose time has come. */
  takeDue(now: number): Retry[] {
    if (this.#waiting.length === 0) return [];
    const due = this.#waiting.filter((retry) => retry.due <= now);
    if (due.length > 0) this.#waiting = this.#waiting.filter((retry) => retry.due > now);
    return due;
  }
}

/** What becomes of an instance when a try of it has failed. */
export function afterFailure(task: PlanTask, try_number: number, mayRetry: boolean): "up_for_retry" | "failed" {
  return mayRetry && try_number <= task.retries ? "up_for_retry" : "failed";
}
