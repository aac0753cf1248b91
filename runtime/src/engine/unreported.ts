/** Instances of which no worker says how they end: they are skipped or stopped, or their process ended before they did. */
import type { InstanceState, RunError } from "#core/model/run.js";
import type { ResultReport } from "../pool/messages.js";
import type { Interrupted } from "../pool/poolClient.js";
import { type InstanceRow, NOTHING_KNOWN, type RunStore } from "../store/runStore.js";
import type { InstanceLedger } from "./instanceLedger.js";
import { type Instance, spansOf } from "./instances.js";
import type { TaskTracker } from "./taskTracker.js";

type Ledger = Pick<InstanceLedger, "trackers" | "store" | "events" | "settle" | "put">;

/** Of what waits for its next moment. */
const WAITING: readonly InstanceState[] = ["up_for_retry", "up_for_reschedule"];
const UNSTARTED: readonly InstanceState[] = ["none", "scheduled", "queued", "running"];

/** What a worker would have reported of an instance, had it not died. */
export function reportOf(
  { instance, name: told, inputs, log }: Interrupted,
  error: RunError,
  store: RunStore,
): ResultReport {
  const known = store.instance(instance.task, instance.map_index);
  const start = known?.start ?? Date.now();
  const name = told ?? known?.name ?? null;
  return {
    ...{ ...instance, outcome: "failed", start, duration_ms: timeSince(start), log, length: null, name, error },
    ...{ mayRetry: true, skips: [], xcom: null, inputs },
  };
}

/** An instance that was to run, or to run once more, is skipped. What is known of earlier tries stays. */
export function skipInstance(ledger: Ledger, instance: Instance, error: RunError | null): void {
  stop(ledger, instance, "skipped", error, {});
}

/**
 * Nothing of the run goes on. `failed`: what ran or waited for another try has failed, and what never started has no
 * state. `skipped`: all of it is skipped, and `error` is kept as the reason.
 */
export function stopAll(
  ledger: Ledger,
  interrupted: readonly Interrupted[],
  error: RunError,
  as: "failed" | "skipped",
): void {
  for (const { segment, instance, name, inputs, log } of interrupted) {
    const { try_number } = instance;
    const facts = { try_number, inputs, log: { segment, from: log[0], to: log[1] }, ...(name !== null && { name }) };
    stop(ledger, instance, as, error, facts);
  }
  for (const [task, tracker] of ledger.trackers.entries()) {
    for (const map_index of WAITING.flatMap((state) => tracker.indexesIn(state))) {
      stop(ledger, { task, map_index }, as, error, {});
    }
    if (as === "skipped") skipUnstarted(ledger, task, tracker, error);
    else for (const state of UNSTARTED) tracker.setAll(state, "none");
    ledger.events.touch(task);
  }
}

function skipUnstarted(ledger: Ledger, task: number, tracker: TaskTracker, error: RunError): void {
  const indexes = UNSTARTED.flatMap((state) => tracker.indexesIn(state)).sort((a, b) => a - b);
  for (const span of spansOf(indexes.map((map_index) => ({ task, map_index })))) {
    ledger.settle({ ...span, state: "skipped", reason: "stopped", error });
  }
}

function stop(
  ledger: Ledger,
  { task, map_index }: Instance,
  state: "failed" | "skipped",
  error: RunError | null,
  facts: Partial<InstanceRow>,
): void {
  const known = ledger.store.instance(task, map_index);
  // What is skipped need not have started.
  const start = known?.start ?? (state === "failed" ? Date.now() : null);
  const duration_ms = start === null ? null : timeSince(start);
  const end = { task, map_index, state, start, duration_ms, error, xcom: null };
  ledger.put({ ...NOTHING_KNOWN, ...known, ...facts, ...end }, null);
}

/** A clock that was set back must not make it negative. */
function timeSince(start: number): number {
  return Math.max(0, Date.now() - start);
}
