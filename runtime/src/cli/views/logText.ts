import type { RunError } from "#core/model/run.js";
import type { Colors } from "./colors.js";
import { instanceLabel } from "./states.js";
import { logLine, padEnd } from "./text.js";
import type { ReportedInstance } from "./reportedInstance.js";

/** Logs of a task's instances, one after the other, every line with the instance it is from: `train[2] │ …`. */
export function logLines(
  task_id: string,
  mapped: boolean,
  instances: readonly ReportedInstance[],
  colors: Colors,
): string[] {
  const labels = instances.map(({ details }) =>
    mapped ? instanceLabel(task_id, details.map_index, details.name) : task_id,
  );
  const width = Math.max(...labels.map((label) => label.length), 0);
  return instances.flatMap(({ log }, index) => {
    const prefix = `${colors.cyan(padEnd(labels[index] ?? "", width))} ${colors.dim("│")}`;
    return log.map((line) => `${prefix} ${logLine(line)}`.trimEnd());
  });
}

/** A stored log as lines, without the empty one that its last line feed makes. */
export function splitLog(log: string): string[] {
  const lines = log.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The last thing that an instance said by itself: its error has a column of its own. */
export function lastLine(log: string, error: RunError | null): string | undefined {
  const told = new Set(error?.message.split("\n"));
  return splitLog(log).findLast((line) => line.trim() !== "" && !/^\s+at /.test(line) && !told.has(line.trim()));
}
