import { type RunError, instanceName } from "#core/model/run.js";
import { asRunError, FanoutError } from "../errors.js";
import type { PlanTask } from "./plan.js";

/** Of the instances that ran when another one ended the run. */
export function failFast({ task_id }: PlanTask, map_index: number): RunError {
  return {
    code: "fail-fast",
    message: `It was ended because '${instanceName(task_id, map_index)}' failed, and the DAG ends with its first failure ('fail_fast').`,
  };
}

export function dagrunTimeout(limitMs: number): RunError {
  return {
    code: "dagrun-timeout",
    message: `The run took longer than its dagrun_timeout of ${String(limitMs / 1000)} seconds.`,
    advice: "Do less in one run, or raise 'dagrun_timeout'.",
  };
}

export function storeError(thrown: unknown): RunError {
  if (FanoutError.is(thrown)) return asRunError(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "store-failed", message: `The run's record cannot be written: ${reason}.` };
}
