import type { RecoveredReport } from "../pool/journal.js";
import type { ResultReport } from "../pool/messages.js";
import type { InstanceRow, RunStore } from "../store/runStore.js";
import { tryOfRow } from "../store/runStore.js";
import type { Plan, PlanTask } from "./plan.js";
import { afterFailure, retryDelay } from "./retry.js";

/**
 * Puts into the store what instances came to of which only the journals of their workers know; to do so twice changes
 * nothing. `now` in milliseconds since the epoch.
 */
export function recover(plan: Plan, store: RunStore, reports: readonly RecoveredReport[], now: number): void {
  const { bundle = 0 } = store.bundles().at(-1) ?? {};
  for (const { segment, report, pushes } of reports) {
    const task = plan.tasks[report.task];
    const known = store.instance(report.task, report.map_index);
    if (!task || isKnown(report, known)) continue;
    for (const { map_index, entries } of pushes) {
      for (const [key, json] of entries) store.putXcom(report.task, map_index, key, json);
    }
    const base_try = known?.more?.base_try ?? 0;
    const outcome = outcomeOf(task, report, base_try, now);
    const { length, skips } = report;
    const row = { ...rowOf(report, segment), ...outcome, more: { length, skips, base_try, bundle, due: outcome.due } };
    store.putInstance(row);
    if (row.state === "up_for_retry") store.putTry(tryOfRow(row));
  }
}

/** Whether the store knows how the try ended, not only that it was under way, or knows a later one. */
function isKnown({ try_number }: ResultReport, known: InstanceRow | null): boolean {
  if (!known || known.try_number < try_number) return false;
  return known.try_number > try_number || (known.state !== "running" && known.state !== "none");
}

function outcomeOf(
  task: PlanTask,
  { outcome, try_number, mayRetry, xcom }: ResultReport,
  base: number,
  now: number,
): Pick<InstanceRow, "state" | "xcom"> & { readonly due: number | null } {
  const counted = try_number - base;
  const state = outcome === "failed" ? afterFailure(task, counted, mayRetry) : outcome;
  const due = state === "up_for_retry" ? now + retryDelay(task, counted) : state === "up_for_reschedule" ? now : null;
  return { state, due, xcom: state === "success" ? xcom : null };
}

function rowOf(report: ResultReport, segment: number): Omit<InstanceRow, "state" | "xcom" | "more"> {
  const { task, map_index, try_number, start, duration_ms, name, error, inputs, log } = report;
  return {
    ...{ task, map_index, try_number, start, duration_ms, name, error, inputs },
    log: { segment, from: log[0], to: log[1] },
  };
}
