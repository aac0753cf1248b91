import type { Colors } from "./colors.js";
import {
  INSTANCE_STATES,
  instanceName,
  isFinished,
  isLostIn,
  type InstanceState,
  type RunState,
  type StateCounts,
  type TaskSummary,
} from "#core/model/run.js";
import { oneLine, plural } from "./text.js";

interface TaskStates {
  readonly mapped: boolean;
  readonly count: number | null;
  readonly counts: StateCounts;
  readonly state: InstanceState;
  /** Left out where nothing can have been lost. */
  readonly instances?: TaskSummary["instances"];
}

type Paint = (text: string) => string;

/** The sign before a task's name; a running task gets a turning one from the live view. */
const GLYPHS: Readonly<Record<InstanceState, string>> = {
  none: "·",
  scheduled: "·",
  queued: "·",
  running: "▸",
  success: "✓",
  failed: "✗",
  up_for_retry: "↻",
  up_for_reschedule: "↻",
  upstream_failed: "⊘",
  skipped: "–",
  removed: "–",
};

export function glyph(state: InstanceState): string {
  return GLYPHS[state];
}

export function paintOf(state: InstanceState | RunState, colors: Colors): Paint {
  switch (state) {
    case "success":
      return colors.green;
    case "failed":
      return colors.red;
    case "up_for_retry":
    case "up_for_reschedule":
    case "upstream_failed":
      return colors.yellow;
    case "running":
      return colors.cyan;
    case "skipped":
      return colors.magenta;
    default:
      return colors.dim;
  }
}

/** How an instance, or a task as a whole, stands: what is recorded as running may be lost. */
export interface Standing {
  readonly state: InstanceState;
  readonly lost?: boolean;
}

export function standingOf(task: TaskSummary): Standing {
  return { state: task.state, lost: task.state === "running" && isLostIn(task) };
}

export function standingText({ state, lost = false }: Standing): string {
  return lost ? "lost" : state;
}

export function standingGlyph({ state, lost = false }: Standing): string {
  return GLYPHS[lost ? "failed" : state];
}

export function paintStanding({ state, lost = false }: Standing, colors: Colors): Paint {
  return lost ? colors.yellow : paintOf(state, colors);
}

/** `3 success · 1 failed`, in the order in which an instance goes through the states. */
export function countsText(counts: StateCounts, colors: Colors, isLost = false): string {
  return presentStates(counts)
    .map((state) => ({ state, lost: isLost && state === "running" }))
    .map((one) => paintStanding(one, colors)(`${counts[one.state] ?? 0} ${standingText(one)}`))
    .join(colors.dim(" · "));
}

/** The states of a task's instances; where there are none to count, the state of the task. */
export function statesText(task: TaskStates, colors: Colors): string {
  const lost = isLostIn({ instances: task.instances ?? [] });
  if (task.mapped && task.count !== null && task.count > 0) return countsText(task.counts, colors, lost);
  const standing = { state: task.state, lost };
  return paintStanding(standing, colors)(standingText(standing));
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
