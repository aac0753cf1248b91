import { type RunError, instanceName } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import { secondsText } from "#core/secondsText.js";
import { asRunError, FanoutError } from "../errors.js";
import { cannotWrite } from "../pool/workerErrors.js";
import type { PlanTask } from "./plan.js";

/** Of the instances that ran when another one ended the run. */
export function failFast({ task_id }: PlanTask, map_index: number): RunError {
  return {
    code: "fail-fast",
    message: `It was ended because '${instanceName(task_id, map_index)}' failed, and the DAG ends with its first failure ('fail_fast').`,
  };
}

/** Of the instances that did not run to their end because another one had failed. */
export function notRun({ task_id }: PlanTask, map_index: number): RunError {
  return {
    code: "fail-fast",
    message: `It was skipped because '${instanceName(task_id, map_index)}' failed, and the DAG ends with its first failure ('fail_fast').`,
  };
}

export function dagrunTimeout(limitMs: number): RunError {
  return {
    code: "dagrun-timeout",
    message: `The run took longer than its dagrun_timeout of ${secondsText(limitMs)}.`,
    advice: "Do less in one run, or raise 'dagrun_timeout'.",
  };
}

/** A process that died cannot say where it was: its task is as near as one gets. */
export function placed(error: RunError, at: SourcePoint | undefined): RunError {
  return error.code === "worker-died" && at ? { ...error, at } : error;
}

export function storeError(thrown: unknown): RunError {
  if (FanoutError.is(thrown)) return asRunError(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return cannotWrite(reason);
}

/** Of a try that was under way when the process that owned the run was killed. */
export function engineLost(): RunError {
  return { code: "worker-died", message: "The process that ran this DAG ended before the try did." };
}
