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

/** What V8 prints as the last thing that it does. */
const HEAP_FULL = "JavaScript heap out of memory";
/** Where there are no signals. */
const ABORTED = 134;

/** `printed`: the end of what the process has printed. */
export function died(exit: WorkerExit, printed: string): RunError {
  if ((exit.signal === "SIGABRT" || exit.code === ABORTED) && printed.includes(HEAP_FULL)) {
    const message = "JavaScript's heap was full in the process that ran this instance.";
    const advice = "Do less in one instance, or raise 'workerMemoryMb' in the configuration.";
    return { code: "memory-exceeded", message, advice };
  }
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

export function logExceeded(): RunError {
  return {
    code: "log-exceeded",
    message: "The instance wrote far more into its log than is kept of it and was ended.",
    advice: "Send what a child process prints into a file, or raise 'logMb' in the configuration.",
  };
}

export function cannotWrite(reason: string): RunError {
  return { code: "store-failed", message: `The run's record cannot be written: ${reason}.` };
}

/** A worker needs files of its own: there was no room for them. */
export function notStarted(thrown: unknown): RunError {
  return cannotWrite(thrown instanceof Error ? thrown.message : String(thrown));
}

/** The worker told something that it cannot have meant: somebody else wrote into its channel. */
export function channelBroken(): RunError {
  return {
    code: "worker-died",
    message: "The process that ran this instance was ended because something else wrote into the engine's channel.",
    advice: "Do not write into file descriptors that the code has not opened itself.",
  };
}

export function loadDied(file: string, exit: WorkerExit): RunError {
  const message = `The process ${howEnded(exit)} while it imported '${file}'.`;
  return { code: "import-failed", message, at: start(file) };
}

export function loadTimeout(file: string, ms: number): RunError {
  const message = `Loading '${file}' did not end within ${secondsText(ms)}.`;
  const advice = "Look for a loop that does not end, and move what takes time into a task.";
  return { code: "import-failed", message, at: start(file), advice };
}

function start(file: string): { file: string; line: number; column: number } {
  return { file, line: 1, column: 1 };
}

function howEnded({ code, signal }: WorkerExit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${String(code)}`;
}
