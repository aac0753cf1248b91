import type { RunError } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import { secondsText } from "#core/secondsText.js";
import { type Plan, findDisagreement } from "../engine/plan.js";
import type { WorkerExit } from "./workerProcess.js";

/** The error of a worker whose graph is not the first one's; null where it is. */
export function disagreement(expected: Plan, found: Plan): RunError | null {
  const node = findDisagreement(expected, found);
  if (!node) return null;
  return {
    code: "graph-not-deterministic",
    message: `Executing the file twice gives two different graphs: they first differ at '${node.task_id}'.`,
    ...(node.at && { at: node.at }),
    advice: "Build the graph without random numbers, the time or anything else that changes.",
  };
}

export function died(exit: WorkerExit): RunError {
  const advice = exit.signal
    ? "Most often there was not enough memory: do less in one instance, or in fewer at once with --parallelism."
    : "Throw an error instead of calling process.exit().";
  return { code: "worker-died", message: `The process that ran this instance ${howEnded(exit)}.`, advice };
}

export function taskTimeout(
  { task_id, at }: { task_id: string; at?: SourcePoint | undefined },
  limitMs: number,
): RunError {
  return {
    code: "task-timeout",
    message: `'${task_id}' ran longer than its execution_timeout of ${secondsText(limitMs)} and was ended.`,
    ...(at && { at }),
    advice: "Do less in one instance, or raise 'execution_timeout'.",
  };
}

export function loadDied(file: string, exit: WorkerExit): RunError {
  const message = `The process ${howEnded(exit)} while it imported '${file}'.`;
  return { code: "import-failed", message, at: start(file) };
}

export function loadTimeout(file: string, ms: number): RunError {
  const message = `'${file}' was not imported within ${secondsText(ms)}.`;
  return { code: "import-failed", message, at: start(file), advice: "Move what takes time into a task." };
}

function start(file: string): { file: string; line: number; column: number } {
  return { file, line: 1, column: 1 };
}

function howEnded({ code, signal }: WorkerExit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${String(code)}`;
}
