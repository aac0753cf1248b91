import type { RunRecord } from "#core/model/run.js";
import type { PreviousRun } from "../pool/messages.js";

/** The runs of a DAG whose logical date lies before a moment, in milliseconds since the epoch. */
export function runsBefore(runs: readonly RunRecord[], dag_id: string, before: number): RunRecord[] {
  return runs.filter((run) => run.dag_id === dag_id && Date.parse(run.logical_date) < before);
}

/** That of the latest logical date; of several for one date the one that was started last. */
export function latestOf(runs: readonly RunRecord[]): RunRecord | undefined {
  return runs.reduce<RunRecord | undefined>((best, run) => (best && !isLater(run, best) ? best : run), undefined);
}

/** The last of them that succeeded, as instances are told of it; undefined where there is none. */
export function lastSuccess(runs: readonly RunRecord[]): PreviousRun | undefined {
  const last = latestOf(runs.filter(({ state }) => state === "success"));
  if (!last?.end) return undefined;
  const { data_interval_start, data_interval_end, start, end } = last;
  return { data_interval_start, data_interval_end, start_date: start, end_date: end };
}

function isLater(run: RunRecord, other: RunRecord): boolean {
  const byDate = Date.parse(run.logical_date) - Date.parse(other.logical_date);
  return byDate > 0 || (byDate === 0 && run.start > other.start);
}
