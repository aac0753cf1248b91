import type { InstanceState, RunError } from "#core/model/run.js";
import type { CallbackJob, ResultReport } from "../pool/messages.js";
import type { RunStore } from "../store/runStore.js";
import type { Plan, PlanTask } from "./plan.js";
import type { Executor } from "./executor.js";
import { afterFailure } from "./retry.js";

/** Who is to be told of a failure that took the instance's process along; null where nobody is. */
export function failureJob(task: PlanTask, report: ResultReport, base_try: number): CallbackJob | null {
  const { map_index, try_number, start, error, mayRetry } = report;
  const due = afterFailure(task, try_number - base_try, mayRetry) === "up_for_retry" ? "on_retry" : "on_failure";
  if (task.callbacks?.includes(due) !== true) return null;
  return { task: report.task, map_index, try_number, start, due, error, reason: null };
}

/** What the end of a run is told with. */
interface Parts {
  readonly plan: Plan;
  readonly pool: Executor;
  readonly store: Pick<RunStore, "commit">;
}

type Ended = Pick<ResultReport, "task" | "map_index" | "try_number" | "start">;

/** Remembers which instance the callbacks of a run get the context of: as in Airflow the last, and of failures the last. */
export class LastInstance {
  #ended: Ended | null = null;
  #failed: Ended | null = null;

  note({ task, map_index, try_number, start }: Ended, state: InstanceState): void {
    this.#ended = { task, map_index, try_number, start };
    if (state === "failed") this.#failed = this.#ended;
  }

  /** Tells whoever is to be told of the end of the run, and waits for it. */
  async tell({ plan, pool, store }: Parts, state: "success" | "failed", error: RunError | null): Promise<void> {
    // Nobody is told of a run that was stopped by a person or by its own machinery.
    if (error && error.code !== "dagrun-timeout") return;
    const job = this.#job(plan, state, error);
    if (!job) return;
    pool.ready.drop(() => true);
    // What has happened can be seen while callbacks look at it; where it cannot be written, the end of the run says so.
    try {
      store.commit();
    } catch {
      return;
    }
    await pool.callBack(job, null).catch(() => 0);
  }

  #job({ callbacks, tasks }: Plan, state: "success" | "failed", error: RunError | null): CallbackJob | null {
    const name = state === "success" ? "on_success" : "on_failure";
    if (callbacks?.includes(name) !== true || tasks.length === 0) return null;
    const instance = (state === "failed" ? this.#failed : null) ?? this.#ended ?? NONE;
    const due = state === "success" ? "dag_success" : "dag_failure";
    return { ...instance, due, error: null, reason: reasonOf(state, error) };
  }
}

/** Nothing has run: the first task stands for the run. */
const NONE: Ended = { task: 0, map_index: -1, try_number: 0, start: 0 };

/** In Airflow's own words. */
function reasonOf(state: "success" | "failed", error: RunError | null): string {
  if (state === "success") return "success";
  return error?.code === "dagrun-timeout" ? "timed_out" : "task_failure";
}
