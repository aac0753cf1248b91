import { durationText } from "#core/durationText.js";
import { memo } from "#core/memo.js";
import { toldApart } from "#core/model/shownState.js";
import type { Colors } from "./colors.js";
import type { InstancesChanged, RunEvent } from "#core/model/runEvent.js";
import { placeText } from "./errorText.js";
import type { RunTracker, TrackedRun, TrackedTask } from "./runTracker.js";
import { glyph, instanceLabel, instancesText, paintOf, statesText, taskLabel } from "./states.js";
import { logLine, padEnd, widthOf } from "./text.js";

export interface PlainOptions {
  readonly colors: Colors;
  readonly cwd: string;
}

/** Failing instances announced one by one for each task; after that the counts have to do. */
const MOST_ANNOUNCED = 5;

/**
 * What one event adds to a log that only grows (CI, a pipe): the run, every expansion, every finished task and the
 * first failing instances. `tracker` has already applied the event; `announced` remembers finished tasks.
 */
export function plainLines(
  event: RunEvent,
  tracker: RunTracker,
  announced: Set<string>,
  options: PlainOptions,
): string[] {
  const { run } = tracker;
  if (run === undefined) return [];
  switch (event.type) {
    case "run_started":
      return [startText(run, options.colors)];
    case "task_expanded":
      return [expandedText(event.task_id, event.count, run, options.colors)];
    case "instances_changed":
      return failureLines(event, tracker.task(event.task_id), options);
    case "task_changed": {
      const task = tracker.task(event.task_id);
      if (task?.finished !== true || announced.has(task.task_id)) return [];
      announced.add(task.task_id);
      return [finishedText(task, run, options.colors)];
    }
    case "run_finished":
      return [];
  }
}

export function startText(run: TrackedRun, colors: Colors): string {
  return `${colors.bold(run.dag_id)} ${colors.dim(`${run.run_id} · node ${run.node}`)}`;
}

function expandedText(task_id: string, count: number, run: TrackedRun, colors: Colors): string {
  return `  ${colors.dim("·")} ${padEnd(`${task_id} [${count}]`, widthOfLabels(run.tasks))}  ${colors.dim(`expanded to ${instancesText(count)}`)}`;
}

function finishedText(task: TrackedTask, run: TrackedRun, colors: Colors): string {
  const shown = { ...task, ...toldApart(task, { lost: 0, cancelled: task.cancelled }) };
  const paint = paintOf(shown.state, colors);
  const took = task.start === undefined || task.end === undefined ? "" : durationText(task.end - task.start);
  return `  ${paint(glyph(shown.state))} ${padEnd(taskLabel(task), widthOfLabels(run.tasks))}  ${statesText(shown, colors)}  ${took === "" ? "" : colors.dim(took)}`.trimEnd();
}

/** The same for every line of a run. */
const widthOfLabels = memo((tasks: TrackedRun["tasks"]): number =>
  Math.max(...tasks.map((task) => widthOf(task.task_id) + (task.mapped ? 5 : 0)), 8),
);

function failureLines(event: InstancesChanged, task: TrackedTask | undefined, options: PlainOptions): string[] {
  return event.changes.flatMap((change) => {
    if (change.error === undefined || change.state === "upstream_failed") return [];
    const position = task?.failures.findIndex((failure) => failure.map_index === change.map_index) ?? -1;
    if (position >= MOST_ANNOUNCED) return [];
    const state = change.error.code === "cancelled" ? "cancelled" : change.state;
    const paint = paintOf(state, options.colors);
    const place = change.error.at === undefined ? "" : ` (${placeText(change.error.at, options.cwd)})`;
    const [headline = ""] = change.error.message.split("\n").map(logLine);
    return [
      `  ${paint(glyph(state))} ${instanceLabel(event.task_id, change.map_index, change.name)}  ${headline}${place}`,
    ];
  });
}
