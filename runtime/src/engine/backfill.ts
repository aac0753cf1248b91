import type { RunError, RunState } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { asRunError } from "../errors.js";
import { SpareWorkers } from "../pool/spareWorkers.js";
import type { BackfillPlan, PlannedRun } from "./backfillPlan.js";
import { Limits } from "./limits.js";
import { FollowedRun } from "./past.js";
import { parallelismOf } from "./runOptions.js";
import { type RunHandle, type RunOptions, startRun } from "./startRun.js";

export interface BackfillOptions {
  /** What every run is told; `parallelism` is that of all of them together. */
  readonly each?: Pick<RunOptions, "params" | "parallelism" | "maxMapLength" | "clock">;
  /** Runs at once; the DAG's `max_active_runs` where left out. */
  readonly max_active_runs?: number;
  /** Called when a run has its id, before its first event. */
  readonly onBegin?: (planned: PlannedRun, run: RunHandle) => void;
  /** Called in order for everything that happens in one run, and for several runs as it comes. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Called when a run has ended, or could not be started. */
  readonly onEnd?: (ended: BackfilledRun) => void;
}

/** What became of one interval. */
export interface BackfilledRun {
  readonly planned: PlannedRun;
  /** Null where it could not be started. */
  readonly run_id: string | null;
  readonly state: RunState;
  /** Why the run as a whole failed, where no instance says so. */
  readonly error: RunError | null;
}

export interface BackfillResult {
  /** In the order in which they were started; those that a cancelled backfill did not come to are left out. */
  readonly runs: readonly BackfilledRun[];
  readonly cancelled: boolean;
}

export interface BackfillHandle {
  readonly done: Promise<BackfillResult>;
  /** Stops the runs that are under way, and starts no others. */
  cancel(): void;
}

/** Runs the wanted intervals of a plan, some of them at once; one that fails does not stop the others. */
export function startBackfill(plan: BackfillPlan, options: BackfillOptions): BackfillHandle {
  const backfill = new Backfill(plan, options);
  return { done: backfill.run(), cancel: () => backfill.cancel() };
}

class Backfill {
  readonly #waiting: PlannedRun[];
  /** The run that was started last: the next one may depend on it. */
  #last: FollowedRun | undefined;
  readonly #active = new Set<RunHandle>();
  readonly #loading = new AbortController();
  /** Pools, limits over all runs, and the number of instances at once are those of the whole backfill. */
  readonly #limits = new Limits();
  /** A run takes over the workers of those that have ended: to start them takes longer than most runs. */
  readonly #spares: SpareWorkers;
  #isCancelled = false;

  constructor(
    readonly plan: BackfillPlan,
    readonly options: BackfillOptions,
  ) {
    this.#spares = new SpareWorkers(parallelismOf(options.each ?? {}));
    this.#waiting = plan.runs.filter(({ isWanted }) => isWanted);
  }

  async run(): Promise<BackfillResult> {
    try {
      return await this.#runAll();
    } finally {
      await this.#spares.close();
    }
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#loading.abort();
    for (const run of this.#active) run.cancel();
  }

  async #runAll(): Promise<BackfillResult> {
    const most = this.options.max_active_runs ?? this.plan.dag.plan.policy.max_active_runs;
    const ended: Promise<BackfilledRun>[] = [];
    const underWay = new Set<Promise<unknown>>();
    // One is started after the other, so that they begin in the order of their dates.
    for (let next = this.#next(); next; next = this.#next()) {
      const end = await this.#start(next);
      if (!end) continue;
      ended.push(end.whenOver);
      const running: Promise<unknown> = end.whenOver.then(() => underWay.delete(running));
      underWay.add(running);
      if (underWay.size >= most) await Promise.race(underWay);
    }
    return { runs: await Promise.all(ended), cancelled: this.#isCancelled };
  }

  #next(): PlannedRun | undefined {
    return this.#isCancelled ? undefined : this.#waiting.shift();
  }

  /** Null where the backfill was cancelled before the run began. In an object, or waiting for it would wait for its end. */
  async #start(planned: PlannedRun): Promise<{ whenOver: Promise<BackfilledRun> } | null> {
    try {
      const run = await this.#begin(planned);
      this.#active.add(run);
      this.options.onBegin?.(planned, run);
      // Cancelling came too late to keep it from beginning.
      if (this.#isCancelled) run.cancel();
      return { whenOver: this.#end(planned, run) };
    } catch (thrown) {
      if (this.#isCancelled) return null;
      const ended: BackfilledRun = { planned, run_id: null, state: "failed", error: asRunError(thrown) };
      this.options.onEnd?.(ended);
      return { whenOver: Promise.resolve(ended) };
    }
  }

  async #begin(planned: PlannedRun): Promise<RunHandle> {
    const { each, onEvent } = this.options;
    const { file, dag } = this.plan;
    let followed: FollowedRun | undefined;
    const run = await startRun({
      ...{ file, dag_id: dag.model.dag_id, run_type: "backfill", signal: this.#loading.signal },
      logical_date: new Date(planned.interval.start),
      ...{ ...each, limits: this.#limits, sharesParallelism: true, spares: this.#spares },
      findPast: (past) => {
        followed = new FollowedRun((task_id) => past.had(task_id));
        // As Airflow: the first one of a backfill does not look back.
        if (planned === this.plan.runs[0]) return null;
        return this.#last?.run_id === past.last?.run_id ? (this.#last ?? null) : past.read();
      },
      onEvent: (event) => {
        followed?.follow(event);
        onEvent?.(event);
      },
    });
    this.#last = followed;
    followed?.begin(run.run_id);
    // However it ends: nobody must wait for it then.
    void run.done.then(() => followed?.end());
    return run;
  }

  async #end(planned: PlannedRun, run: RunHandle): Promise<BackfilledRun> {
    const { state, error } = await run.done;
    this.#active.delete(run);
    const ended = { planned, run_id: run.run_id, state, error: error ?? null };
    this.options.onEnd?.(ended);
    return ended;
  }
}
