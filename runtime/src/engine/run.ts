import type { DagModel } from "#core/model/dag.js";
import type { RunStarted } from "#core/model/runEvent.js";
import { type InstanceState, type RunError, UNMAPPED_INDEX } from "#core/model/run.js";
import { asRunError, FanoutError } from "../errors.js";
import type { ResultReport, TaskFacts } from "../pool/messages.js";
import type { Interrupted, PoolClient } from "../pool/pool.js";
import type { InstanceRow, LogRange, RunStore } from "../store/runStore.js";
import type { EventStream } from "./eventStream.js";
import type { Executor } from "./executor.js";
import { type Plan, type PlanTask, sourcesOf } from "./plan.js";
import { RetryQueue } from "./retryQueue.js";
import { TaskTracker } from "./taskTracker.js";
import {
  NO_OUTCOMES,
  type Effect,
  type Outcomes,
  type Progress,
  addOutcomes,
  afterFailure,
  initialProgress,
  transition,
} from "./transition.js";
import type { RunResult } from "./startRun.js";
import { ANSWER_LENGTH, XcomDesk } from "./xcomDesk.js";

/** How often changes are told, instances that take longer are shown as running, and retries are due. */
const TICK_MS = 50;
/** Results wait so long to be committed together. */
const COMMIT_MS = 8;

export interface RunParts {
  readonly plan: Plan;
  readonly model: DagModel;
  readonly pool: Executor;
  readonly store: RunStore;
  /** Made for the run, because the stream asks it for counts. */
  readonly openEvents: (countsOf: EventStream["countsOf"]) => EventStream;
  /** Called once, when nothing runs any more and everything is stored; processes may still be about to leave. */
  readonly onEnd: (result: RunResult) => void;
}

interface Finished {
  outcomes: Outcomes;
  rows: number;
  length: number | null;
  skips: readonly number[];
}

/** One run from its first instance to its last: carries out what `transition` decides and records what happens. */
export class Run implements PoolClient {
  readonly events: EventStream;
  readonly xcoms: XcomDesk;
  readonly #trackers: readonly TaskTracker[];
  readonly #mappedOver: ReadonlySet<number>;
  readonly #finished = new Map<number, Finished>();
  readonly #announced = new Set<string>();
  readonly #knownInputs = new Set<number>();
  readonly #retries = new RetryQueue();
  #progress: Progress;
  #ticker: NodeJS.Timeout | null = null;
  #pendingCommit: NodeJS.Timeout | null = null;
  #isEnding = false;

  constructor(readonly parts: RunParts) {
    const { plan } = parts;
    this.#progress = initialProgress(plan);
    this.xcoms = new XcomDesk(parts.store, (work) => this.#guard(work));
    this.#trackers = plan.tasks.map((task) => new TaskTracker(task.axes !== null));
    this.#mappedOver = new Set(plan.tasks.flatMap(({ axes }) => (axes ?? []).flatMap(sourcesOf)));
    this.events = parts.openEvents((task) => ({
      task_id: this.#task(task).task_id,
      counts: this.#tracker(task).counts(),
    }));
  }

  start(started: RunStarted): void {
    if (this.#isEnding) return;
    this.#guard(() => this.events.emit(started));
    this.#ticker = setInterval(() => this.#guard(() => this.#tick()), TICK_MS);
    this.#guard(() => this.#apply(transition(this.parts.plan, this.#progress, { type: "begin" })));
    if (!this.#isEnding) this.parts.pool.dispatch();
  }

  cancel(): void {
    const error: RunError = { code: "cancelled", message: "The run was cancelled." };
    void this.#end("failed", { cancelled: true, error });
  }

  onFatal(error: RunError): void {
    void this.#end("failed", { cancelled: false, error });
  }

  onResult(segment: number, report: ResultReport): void {
    this.#guard(() => this.#record(report, { segment, from: report.log[0], to: report.log[1] }));
  }

  onDied({ segment, instance, log }: Interrupted, error: RunError): void {
    const now = Date.now();
    const known = this.parts.store.instance(instance.task, instance.map_index);
    const start = known?.start ?? now;
    const report: ResultReport = {
      ...instance,
      outcome: "failed",
      start,
      duration_ms: now - start,
      log,
      length: null,
      error,
      mayRetry: true,
      skips: [],
      xcom: null,
      inputs: known?.inputs ?? null,
    };
    this.onResult(segment, report);
  }

  onInputs(task: number, json: string): void {
    if (this.#knownInputs.has(task)) return;
    this.#knownInputs.add(task);
    this.#guard(() => this.parts.store.setInputs(task, json));
  }

  onBurst(): void {
    this.#guard(() => {
      for (const [task, finished] of this.#finished) {
        this.#finished.delete(task);
        if (!this.#isEnding)
          this.#apply(transition(this.parts.plan, this.#progress, { type: "finished", task, ...finished }));
      }
      this.#pendingCommit ??= setTimeout(() => this.#guard(() => this.#commit()), COMMIT_MS);
    });
  }

  factsOf(task: number): TaskFacts {
    const { upstream, axes } = this.#task(task);
    const mapped = upstream.filter((position) => this.#tracker(position).isMapped);
    const rows = Object.fromEntries(mapped.map((position) => [position, this.#tracker(position).results]));
    const count = axes ? this.#tracker(task).count : null;
    const isEarly = upstream.some((position) => this.#progress[position]?.phase !== "done");
    return { count, rows, isMappingSource: this.#isMappingSource(task), isEarly };
  }

  resultsOf(task: number, from: number, count: number): string[] {
    const tracker = this.#tracker(task);
    const first = tracker.indexOfResult(from);
    const last = tracker.indexOfResult(Math.min(from + count, tracker.results) - 1);
    if (first === undefined || last === undefined) return [];
    return this.parts.store.xcoms(task, first, last, ANSWER_LENGTH);
  }

  #record(report: ResultReport, log: LogRange): void {
    const { task, map_index, try_number, start, duration_ms, outcome, error, inputs, xcom } = report;
    const state = outcome === "failed" ? afterFailure(this.#task(task), try_number, report.mayRetry) : outcome;
    const row: InstanceRow = {
      ...{ task, map_index, name: null, state, try_number, start, duration_ms, inputs, log, error },
      xcom: state === "success" ? xcom : null,
    };
    if (state === "up_for_retry") this.#retryLater(row);
    else this.#count(report, state);
    this.parts.store.putInstance(row);
    this.#tracker(task).set(map_index, state);
    if (row.xcom !== null) this.#tracker(task).addResult(map_index);
    this.events.change(task, { map_index, state, try_number, duration_ms, ...(error && { error }) });
  }

  #count({ task, length, xcom, skips }: ResultReport, state: "success" | "failed" | "skipped"): void {
    const before = this.#finished.get(task) ?? { outcomes: NO_OUTCOMES, rows: 0, length: null, skips: [] };
    this.#finished.set(task, {
      outcomes: addOutcomes(before.outcomes, { ...NO_OUTCOMES, [state]: 1 }),
      rows: before.rows + (state === "success" && xcom !== null ? 1 : 0),
      length: length ?? before.length,
      skips: [...before.skips, ...skips],
    });
  }

  #retryLater(row: InstanceRow): void {
    this.parts.store.putTry(row);
    const { task, map_index, try_number } = row;
    const due = Date.now() + this.#task(task).retryDelayMs;
    this.#retries.add({ due, task, map_index, try_number: try_number + 1 });
    if (this.#task(task).retryDelayMs === 0) this.#startRetries();
  }

  #startRetries(): void {
    for (const { task, map_index, try_number } of this.#retries.takeDue(Date.now())) {
      this.parts.store.clearXcoms(task, map_index);
      this.#announced.delete(keyOf(task, map_index));
      this.parts.pool.ready.add(task, [map_index, 1, try_number]);
    }
  }

  #apply({ progress, effects }: { progress: Progress; effects: readonly Effect[] }): void {
    this.#progress = progress;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: Effect): void {
    if (effect.type === "end") {
      void this.#end(effect.state, { cancelled: false });
    } else if (effect.type === "settle") {
      this.#settle(effect.task, effect.state, effect.reason);
    } else {
      this.#schedule(effect.task, effect.count);
    }
  }

  #schedule(task: number, count: number): void {
    const isMapped = this.#tracker(task).isMapped;
    this.#tracker(task).expand(count, "scheduled");
    if (isMapped) this.#tellCount(task, count);
    this.events.touch(task);
    this.parts.pool.ready.add(task, [isMapped ? 0 : UNMAPPED_INDEX, count, 1]);
  }

  #settle(task: number, state: "skipped" | "upstream_failed", reason: string): void {
    if (reason === "zero-length") {
      this.#tracker(task).expandToNothing();
      this.#tellCount(task, 0);
    }
    this.#tracker(task).set(UNMAPPED_INDEX, state);
    this.parts.store.putInstance({ ...emptyRow, task, map_index: UNMAPPED_INDEX, state });
    this.events.change(task, { map_index: UNMAPPED_INDEX, state, try_number: 0 });
  }

  #tellCount(task: number, count: number): void {
    this.parts.store.setCount(task, count);
    this.events.emit({ type: "task_expanded", task_id: this.#task(task).task_id, count });
  }

  #tick(): void {
    this.#announceRunning();
    this.#startRetries();
    this.#commit();
    this.events.flush();
    this.parts.pool.dispatch();
  }

  #commit(): void {
    if (this.#pendingCommit) clearTimeout(this.#pendingCommit);
    this.#pendingCommit = null;
    this.parts.store.commit();
  }

  /** Only instances that take long enough to be seen are shown, and stored, as running. */
  #announceRunning(): void {
    const now = Date.now();
    for (const { instance, segment, logFrom, forMs } of this.parts.pool.running()) {
      const { task, map_index, try_number } = instance;
      const key = keyOf(task, map_index);
      if (forMs < TICK_MS / 2 || this.#announced.has(key)) continue;
      this.#announced.add(key);
      const row = { ...emptyRow, task, map_index, state: "running" as const, try_number, start: now - forMs };
      this.parts.store.putInstance({ ...row, log: { segment, from: logFrom, to: null } });
      this.#tracker(task).set(map_index, "running");
      this.events.change(task, { map_index, state: "running", try_number });
    }
  }

  async #end(
    state: "success" | "failed",
    { cancelled, error }: { cancelled: boolean; error?: RunError },
  ): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    if (this.#ticker) clearInterval(this.#ticker);
    const problem = error ?? null;
    const closing = this.parts.pool.close();
    const result: RunResult = { state, cancelled, ...(problem && { error: problem }) };
    try {
      if (problem) this.#stopInstances(await closing, problem);
      this.parts.store.setRunState(state, Date.now(), problem);
      this.#commit();
      this.events.emit({ type: "run_finished", ...result });
    } catch (thrown) {
      this.parts.onEnd({ ...result, state: "failed", error: storeError(thrown) });
      return;
    }
    this.parts.onEnd(result);
  }

  /** What ran or waited for another try has failed; what never started has no state. */
  #stopInstances(interrupted: readonly Interrupted[], error: RunError): void {
    for (const { segment, instance, log } of interrupted) {
      const { task, map_index, try_number } = instance;
      this.#stop(task, map_index, error, { try_number, log: { segment, from: log[0], to: log[1] } });
    }
    for (const [task, tracker] of this.#trackers.entries()) {
      for (const map_index of tracker.indexesIn("up_for_retry")) this.#stop(task, map_index, error, {});
      for (const state of ["scheduled", "queued", "running"] as const) tracker.setAll(state, "none");
      this.events.touch(task);
    }
  }

  #stop(task: number, map_index: number, error: RunError, facts: Partial<InstanceRow>): void {
    const known = this.parts.store.instance(task, map_index);
    const start = known?.start ?? Date.now();
    const row = { ...emptyRow, ...known, ...facts, task, map_index, start, error, xcom: null };
    const state: InstanceState = "failed";
    const duration_ms = Date.now() - start;
    this.parts.store.putInstance({ ...row, state, duration_ms });
    this.#tracker(task).set(map_index, state);
    this.events.change(task, { map_index, state, try_number: row.try_number, duration_ms, error });
  }

  /** A store that cannot write ends the run; it must not end the process that other runs live in. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.onFatal(storeError(thrown));
    }
  }

  #isMappingSource(task: number): boolean {
    return this.#mappedOver.has(task) && this.#task(task).axes === null;
  }

  #task(position: number): PlanTask {
    const task = this.parts.plan.tasks[position];
    if (!task) throw new RangeError(`no task ${String(position)}`);
    return task;
  }

  #tracker(position: number): TaskTracker {
    const tracker = this.#trackers[position];
    if (!tracker) throw new RangeError(`no task ${String(position)}`);
    return tracker;
  }
}

const emptyRow: Omit<InstanceRow, "task" | "map_index" | "state"> = {
  try_number: 0,
  name: null,
  start: null,
  duration_ms: null,
  inputs: null,
  xcom: null,
  log: null,
  error: null,
};

function keyOf(task: number, map_index: number): string {
  return `${String(task)}:${String(map_index)}`;
}

function storeError(thrown: unknown): RunError {
  if (FanoutError.is(thrown)) return asRunError(thrown);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "store-failed", message: `The run's record cannot be written: ${reason}.` };
}
