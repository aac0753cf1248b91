import type { Colors } from "./colors.js";
import {
  INSTANCE_STATES,
  instanceName,
  isFinished,
  type InstanceState,
  type RunState,
  type StateCounts,
} from "#core/model/run.js";
import type { ShownCounts, ShownState } from "#core/model/shownState.js";
import { oneLine, plural } from "./text.js";

interface TaskStates {
  readonly mapped: boolean;
  readonly count: number | null;
  readonly counts: ShownCounts;
  readonly state: ShownState;
}

type Paint = (text: string) => string;

/** The sign before a task's name; a running task gets a turning one from the live view. */
const GLYPHS: Readonly<Record<ShownState, string>> = {
  none: "·",
  scheduled: "·",
  queued: "·",
  running: "▸",
  success: "✓",
  failed: "✗",
  cancelled: "✗",
  lost: "✗",
  up_for_retry: "↻",
  up_for_reschedule: "↻",
  upstream_failed: "⊘",
  skipped: "–",
  removed: "–",
};

/** In the order of the states that are recorded of them. */
const SHOWN_STATES: readonly ShownState[] = INSTANCE_STATES.flatMap((state): readonly ShownState[] => {
  if (state === "running") return [state, "lost"];
  return state === "failed" ? [state, "cancelled"] : [state];
});

export function glyph(state: ShownState): string {
  return GLYPHS[state];
}

/** Of a table, which paints it itself. */
export function stateCell(state: ShownState = "none"): string {
  return `${glyph(state)} ${state}`;
}

export function paintOf(state: ShownState | RunState, colors: Colors): Paint {
  switch (state) {
    case "success":
      return colors.green;
    case "failed":
      return colors.red;
    case "up_for_retry":
    case "up_for_reschedule":
    case "upstream_failed":
    case "cancelled":
    case "lost":
      return colors.yellow;
    case "running":
      return colors.cyan;
    case "skipped":
      return colors.magenta;
    default:
      return colors.dim;
  }
}

/** `3 success · 1 failed`, in the order in which an instance goes through the states. */
export function countsText(counts: ShownCounts, colors: Colors): string {
  return SHOWN_STATES.filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => paintOf(state, colors)(`${counts[state] ?? 0} ${state}`))
    .join(colors.dim(" · "));
}

/** The states of a task's instances; where there are none to count, the state of the task. */
export function statesText(task: TaskStates, colors: Colors): string {
  if (task.mapped && task.count !== null && task.count > 0) return countsText(task.counts, colors);
  return paintOf(task.state, colors)(task.state);
}

export function presentStates(counts: StateCounts): readonly InstanceState[] {
  return INSTANCE_STATES.filter((state) => (counts[state] ?? 0) > 0);
}

export function total(counts: StateCounts): number {
  return presentStates(counts).reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

export function finishedCount(counts: StateCounts): number {
  return presentStates(counts)
    .filter(isFinished)
    .reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

/** `train [5]`, and `train [ ]` as long as nobody knows how many. */
export function taskLabel(task: { readonly task_id: string; readonly mapped: boolean; readonly count: number | null }) {
  if (!task.mapped) return task.task_id;
  return `${task.task_id} [${task.count === null ? " " : String(task.count)}]`;
}

/** `train[2]`: one instance, as logs and errors name it; `train[2] lgbm` where its template gives it a name. */
export function instanceLabel(task_id: string, map_index: number, name: string | null = null): string {
  const numbered = instanceName(task_id, map_index);
  return name === null ? numbered : `${numbered} ${oneLine(name)}`;
}

export function instancesText(count: number): string {
  return plural(count, "instance");
}
