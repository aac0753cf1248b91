import type { InstanceState, InstanceSummary, TaskSummary, TrySummary } from "./run.js";

/**
 * How people are told that something stands: its record says `running` of what was `lost` with its run, and `failed` of
 * what was `cancelled` with it.
 */
export type ShownState = InstanceState | "lost" | "cancelled";
export type ShownCounts = Readonly<Partial<Record<ShownState, number>>>;

interface Shown {
  readonly state: ShownState;
  readonly counts: ShownCounts;
}

/** How many of a task's instances are not what their recorded state says. */
interface Apart {
  readonly lost: number;
  readonly cancelled: number;
}

export function shownState({
  state,
  lost,
  cancelled,
}: Pick<InstanceSummary, "state" | "lost" | "cancelled">): ShownState {
  if (state === "running" && lost === true) return "lost";
  return state === "failed" && cancelled === true ? "cancelled" : state;
}

/** An earlier try, too, may have ended with its run. */
export function shownTry({ state, error }: Pick<TrySummary, "state" | "error">): ShownState {
  return state === "failed" && error?.code === "cancelled" ? "cancelled" : state;
}

/** The same of some instances together. */
export function shownTask(task: Pick<TaskSummary, "state" | "counts" | "instances">): Shown {
  let lost = 0;
  let cancelled = 0;
  for (const instance of task.instances) {
    const state = shownState(instance);
    if (state === "lost") lost += 1;
    if (state === "cancelled") cancelled += 1;
  }
  return toldApart(task, { lost, cancelled });
}

/** What failed by itself is worse than what was cancelled, so it stands for all of them. */
export function toldApart({ state, counts }: Shown, { lost, cancelled }: Apart): Shown {
  if (lost === 0 && cancelled === 0) return { state, counts };
  const { running = 0, failed = 0 } = counts;
  const told = {
    ...counts,
    ...{ running: running - lost, lost: (counts.lost ?? 0) + lost },
    ...{ failed: failed - cancelled, cancelled: (counts.cancelled ?? 0) + cancelled },
  };
  const present = Object.fromEntries(Object.entries(told).filter(([, count]) => count > 0));
  const isLost = state === "running" && running <= lost;
  const isCancelled = state === "failed" && failed <= cancelled;
  return { state: isLost ? "lost" : isCancelled ? "cancelled" : state, counts: present };
}
