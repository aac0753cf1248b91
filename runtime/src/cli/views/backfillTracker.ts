import type { RunError, RunRecord, RunState } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import type { BackfilledRun } from "../../engine/backfill.js";
import type { PlannedRun } from "../../engine/backfillPlan.js";
import { RunTracker, type TrackedRun } from "./runTracker.js";
import { instanceLabel } from "./states.js";

/** What views know of a plan. */
export interface ShownPlan {
  readonly dag: { readonly model: { readonly dag_id: string } };
  readonly runs: readonly PlannedRun[];
}

/** Runs that stay as they are though they never came to their end: their process was lost, or somebody stopped them. */
export function stoppedRuns({ runs }: ShownPlan): RunRecord[] {
  const kept = runs.flatMap(({ existing, isWanted }) => (existing && !isWanted ? [existing] : []));
  return kept.filter(({ stopped }) => stopped !== null);
}

/** Where one run of a backfill stands. */
interface BackfillEntry {
  readonly planned: PlannedRun;
  readonly tracker: RunTracker;
  state: RunState;
}

/** What the runs of a backfill have told so far. */
export class BackfillTracker {
  readonly #entries = new Map<string, BackfillEntry>();
  #failedToStart = 0;

  constructor(readonly plan: ShownPlan) {}

  get wanted(): number {
    return this.plan.runs.filter(({ isWanted }) => isWanted).length;
  }

  get active(): readonly { readonly planned: PlannedRun; readonly run: TrackedRun | undefined }[] {
    const active = [...this.#entries.values()].filter(({ state }) => state === "running");
    return active.map(({ planned, tracker }) => ({ planned, run: tracker.run }));
  }

  count(state: RunState): number {
    const found = [...this.#entries.values()].filter((entry) => entry.state === state).length;
    return state === "failed" ? found + this.#failedToStart : found;
  }

  begin(planned: PlannedRun, run_id: string): void {
    this.#entries.set(run_id, { planned, tracker: new RunTracker(), state: "running" });
  }

  event(event: RunEvent): void {
    this.#entries.get(event.run_id)?.tracker.apply(event);
  }

  end({ run_id, state }: BackfilledRun): void {
    const entry = this.#entries.get(run_id ?? "");
    if (entry) entry.state = state;
    else this.#failedToStart++;
  }

  run(run_id: string | null): TrackedRun | undefined {
    return this.#entries.get(run_id ?? "")?.tracker.run;
  }
}

/** The first instance of a run that failed, with its error; else why the run as a whole did. */
export function firstFailure(
  run: TrackedRun | undefined,
  error: RunError | null,
): { readonly label: string; readonly error: RunError } | null {
  for (const { task_id, failures } of run?.tasks ?? []) {
    const [first] = failures;
    if (first) return { label: instanceLabel(task_id, first.map_index), error: first.error };
  }
  return error && { label: "", error };
}
