import type { RunError } from "#core/model/run.js";
import type { RecoveredReport } from "../pool/journal.js";
import type { ResultReport } from "../pool/messages.js";
import type { InstanceRow, RunStore } from "../store/runStore.js";
import { tryOfRow } from "../store/runStore.js";
import { type Plan, type PlanTask, looksAgain } from "./plan.js";
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
    // What an earlier try pushed went when this one began.
    if (known !== null && known.try_number < report.try_number) store.clearXcoms(report.task, report.map_index);
    for (const { map_index, entries } of pushes) {
      for (const [key, json] of entries) store.putXcom(report.task, map_index, key, json);
    }
    const base_try = known?.more?.base_try ?? 0;
    const outcome = outcomeOf(task, report, base_try, now);
    const { length, skips } = report;
    const row = {
      ...rowOf(report, segment, looksAgain(task) ? known : null),
      ...outcome,
      more: { length, skips, base_try, bundle, due: outcome.due },
    };
    store.putInstance(row);
    if (row.state === "up_for_retry") store.putTry(tryOfRow(row));
  }
}

/** Whether an instance did not end by itself, but because the run did: for want of a disk, or of patience. */
export function wasStopped({ error }: Pick<InstanceRow, "error">): boolean {
  return error !== null && isStop(error.code);
}

export function isStop(code: RunError["code"]): boolean {
  return code === "cancelled" || code === "store-failed";
}

/** Whether the store knows how the try ended, not only that it was under way, or knows a later one. */
function isKnown({ try_number, outcome }: ResultReport, known: InstanceRow | null): boolean {
  if (!known || known.try_number < try_number) return false;
  // A sensor that looked again ends the same try more than once.
  if (known.state === "up_for_reschedule" && outcome !== "up_for_reschedule") return known.try_number > try_number;
  const isOpen = known.state === "running" || known.state === "none" || wasStopped(known);
  return known.try_number > try_number || !isOpen;
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

/** `known`: of a sensor that may have looked before in this try, whose time is that since it looked first. */
function rowOf(
  report: ResultReport,
  segment: number,
  known: InstanceRow | null,
): Omit<InstanceRow, "state" | "xcom" | "more"> {
  const { task, map_index, try_number, name, error, inputs, log } = report;
  const start = (known?.try_number === try_number ? known.start : null) ?? report.start;
  return {
    ...{ task, map_index, try_number, start, duration_ms: report.duration_ms + Math.max(0, report.start - start) },
    ...{ name, error, inputs },
    log: { segment, from: log[0], to: log[1] },
  };
}
