import type { RunRecord } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import { openDag } from "../loader/openDag.js";
import { intervalsIn } from "../schedule/intervals.js";
import type { DataInterval, Timetable } from "../schedule/timetable.js";
import { openHistory } from "../store/history.js";
import type { LoadedDag } from "./plan.js";
import { timetableOf } from "./runMoments.js";

/** What becomes of an interval that has a run already. Source: Airflow's `ReprocessBehavior`. */
export const REPROCESS_BEHAVIORS = ["none", "failed", "completed"] as const;
export type ReprocessBehavior = (typeof REPROCESS_BEHAVIORS)[number];

export interface BackfillRequest {
  /** Path of the DAG file. */
  readonly file: string;
  /** Needed only where the file has several DAGs. */
  readonly dag_id?: string;
  /** The first logical date; where both ends are left out, what a scheduler would make up for until now. */
  readonly from?: Date;
  /** The last logical date; now where left out. */
  readonly to?: Date;
  /** The latest interval first. */
  readonly run_backwards?: boolean;
  /** `none` where left out. */
  readonly reprocess_behavior?: ReprocessBehavior;
  readonly signal?: AbortSignal;
}

/** One interval of a backfill. */
export interface PlannedRun {
  readonly interval: DataInterval;
  /** The newest run that there is for it; null where there is none. */
  readonly existing: RunRecord | null;
  /** False where the existing run stays as it is. */
  readonly isWanted: boolean;
}

export interface BackfillPlan {
  /** Absolute path. */
  readonly file: string;
  readonly home: string;
  readonly dag: LoadedDag;
  /** In the order in which they are started. */
  readonly runs: readonly PlannedRun[];
}

/**
 * Loads the DAG file and finds the intervals that are to be run, and those that have a run.
 * @throws FanoutError for a DAG without intervals and for a request that cannot be met; nothing was written then.
 */
export async function planBackfill(request: BackfillRequest, now: number): Promise<BackfillPlan> {
  const { pool, dag, file, home } = await openDag({ ...request, parallelism: 1 });
  await pool.close();
  const timetable = await timetableOf(dag);
  if (!timetable) throw withoutIntervals(dag);
  if (request.run_backwards === true) refuseBackwards(dag);
  const intervals = intervalsIn(timetable, { ...spanOf(request, dag, timetable, now), now });
  const existing = openHistory(home).runs({ dag_id: dag.model.dag_id });
  const runs = intervals.map((interval) => planRun(interval, existing, request.reprocess_behavior ?? "none"));
  return { file, home, dag, runs: request.run_backwards === true ? runs.toReversed() : runs };
}

function spanOf(
  { from, to }: BackfillRequest,
  { plan, model }: LoadedDag,
  timetable: Timetable,
  now: number,
): { earliest: number; latest: number } {
  const { startDateMs, endDateMs, catchup } = plan.policy;
  const latest = Math.min(to?.getTime() ?? now, endDateMs ?? Infinity);
  if (from && to && from > to) throw new FanoutError("invalid-option", "'from' must not lie after 'to'.");
  if (from && from.getTime() >= now) {
    throw new FanoutError("invalid-option", "There is nothing to make up for in the future.");
  }
  if (from) return { earliest: Math.max(from.getTime(), startDateMs ?? -Infinity), latest };
  if (catchup || to) {
    if (startDateMs !== null) return { earliest: startDateMs, latest };
    const message = `'${model.dag_id}' has no 'start_date', so it is open where to begin.`;
    throw new FanoutError("invalid-option", message, { at: model.span, advice: "Say it with '--from'." });
  }
  const start = startDateMs === null ? -Infinity : timetable.alignToNext(startDateMs);
  return { earliest: Math.max(timetable.latestStart(now), start), latest };
}

function planRun(interval: DataInterval, runs: readonly RunRecord[], behavior: ReprocessBehavior): PlannedRun {
  // Newest first.
  const existing = runs.find(({ logical_date }) => Date.parse(logical_date) === interval.start) ?? null;
  return { interval, existing, isWanted: existing === null || isReprocessed(existing, behavior) };
}

/** A run that is under way is never done again. */
function isReprocessed({ state }: RunRecord, behavior: ReprocessBehavior): boolean {
  if (behavior === "failed") return state === "failed";
  return behavior === "completed" && (state === "success" || state === "failed");
}

function withoutIntervals({ model }: LoadedDag): FanoutError {
  const message = `'${model.dag_id}' has the schedule ${model.schedule ?? "null"}, which has no data intervals to make up for.`;
  return new FanoutError("invalid-schedule", message, {
    at: model.span,
    advice: "Give it a schedule such as \"@daily\", or run it for a date with 'fanout run --logical-date'.",
  });
}

/** As Airflow: the past has to come before what depends on it. */
function refuseBackwards({ plan }: LoadedDag): void {
  const task = plan.tasks.find(({ depends_on_past }) => depends_on_past);
  if (!task) return;
  const message = `'${task.task_id}' depends on the past, so the DAG cannot be run backwards.`;
  throw new FanoutError("invalid-option", message, { at: task.at });
}
