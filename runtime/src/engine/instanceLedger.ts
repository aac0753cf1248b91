import type { InstanceChange } from "#core/model/runEvent.js";
import { type InstanceState, UNMAPPED_INDEX, isFinished } from "#core/model/run.js";
import type { ResultReport } from "../pool/messages.js";
import type { InstanceMore, InstanceProgress, InstanceRow, LogRange, RunStore } from "../store/runStore.js";
import { BaseTries } from "./baseTries.js";
import type { Settled } from "./effects.js";
import type { EventStream } from "./eventStream.js";
import type { Instance } from "./instances.js";
import { type Plan, hasInstances } from "./plan.js";
import { ResizedMaps } from "./resizedMaps.js";
import type { Restored } from "./restored.js";
import { TaskTracker } from "./taskTracker.js";
import { ANSWER_LENGTH } from "./xcomDesk.js";

const UNDER_WAY = ["scheduled", "queued", "running", "up_for_retry", "up_for_reschedule"] as const;

/** What is known of every instance of a run: in the store, in a few bytes of memory, and told to whoever follows it. */
export class InstanceLedger {
  readonly events: EventStream;
  readonly baseTries = new BaseTries();
  /** By position of the task. */
  readonly trackers: readonly TaskTracker[];
  readonly #resized: ResizedMaps;
  readonly #knownInputs = new Set<number>();

  constructor(
    readonly plan: Plan,
    readonly store: RunStore,
    openEvents: (countsOf: EventStream["countsOf"]) => EventStream,
    /** Number of the code that instances run with. */
    readonly bundle = 0,
  ) {
    this.trackers = plan.tasks.map((task) => new TaskTracker(hasInstances(task)));
    this.events = openEvents((task) => ({ task_id: this.#taskId(task), counts: this.tracker(task).counts() }));
    this.#resized = new ResizedMaps(store, this.events, this.baseTries);
  }

  /** Nothing runs, or is going to of itself. */
  get isIdle(): boolean {
    return this.trackers.every((tracker) => UNDER_WAY.every((state) => tracker.countOf(state) === 0));
  }

  expand(task: number, count: number): void {
    const tracker = this.tracker(task);
    this.#resized.removeFrom(task, count, tracker);
    this.#resized.bringBack(task, count);
    if (tracker.count === null) tracker.expand(count, "none");
    else tracker.resize(count);
    this.#tellCount(task, count);
    this.events.touch(task);
  }

  /** Takes in where a run stood that goes on, and tells it anew. */
  restore(restored: Restored): void {
    this.#resized.restore(restored);
    for (const [task, { count }] of restored.tasks.entries()) {
      const tracker = this.tracker(task);
      if (tracker.isMapped && count !== null) {
        if (count > 0) tracker.expand(count, "none");
        else tracker.expandToNothing();
        this.#emitCount(task, count);
      }
      for (const known of restored.rows[task] ?? []) this.#restoreInstance(known, tracker);
    }
    this.events.flush();
  }

  #restoreInstance(known: InstanceProgress, tracker: TaskTracker): void {
    const { task, map_index, name, state, try_number, duration_ms, hasResult, more } = known;
    // What ran when the run was interrupted does so no longer.
    const now = isFinished(state) ? state : "none";
    tracker.set(map_index, now);
    if (hasResult) tracker.addResult(map_index);
    this.baseTries.set(known, more.base_try);
    const ran = duration_ms !== null && isFinished(state);
    const told = { ...(name !== null && { name }), ...(ran && { duration_ms }) };
    this.events.change(task, { map_index, state: now, try_number, ...told });
  }

  baseTry(instance: Instance): number {
    return this.baseTries.of(instance);
  }

  hasEnded({ task, map_index }: Instance): boolean {
    return this.tracker(task).hasEnded(map_index, 1);
  }

  schedule(task: number, from: number, count: number): void {
    this.tracker(task).setRange(from, count, "scheduled");
    this.events.touch(task);
  }

  /** Instances end without having run. */
  settle(settled: Settled): void {
    const { task, from, count, state, reason, error = null } = settled;
    const tracker = this.tracker(task);
    // What stands for all instances of a map stands in their place.
    if (from === UNMAPPED_INDEX) this.#resized.removeFrom(task, 0, tracker);
    if (reason === "zero-length") {
      tracker.expandToNothing();
      this.#tellCount(task, 0);
    }
    if (tracker.hasEnded(from, count)) return this.#settleOthers(settled);
    tracker.setRange(from, count, state);
    this.store.settleInstances(task, from, count, state, error);
    for (let offset = 0; offset < count; offset++) {
      this.events.change(task, { map_index: from + offset, state, try_number: 0 });
    }
  }

  /** Of instances of which some have ended: in a run that goes on. */
  #settleOthers(settled: Settled): void {
    const { task, from, count } = settled;
    for (let map_index = from; map_index < from + count; map_index++) {
      if (!this.tracker(task).hasEnded(map_index, 1)) this.settle({ ...settled, from: map_index, count: 1 });
    }
  }

  /** A try of an instance ended in a state that may not be its last: `due` is the moment at which it goes on. */
  record(report: ResultReport, log: LogRange, state: InstanceState, due: number | null): InstanceRow {
    const { task, map_index, try_number, start, duration_ms, name, error, inputs, xcom } = report;
    const kept = state === "success" ? xcom : null;
    // Written out: this is done for each of 100,000 instances, and spreading costs microseconds.
    const row: InstanceRow = {
      task,
      map_index,
      name,
      state,
      try_number,
      start,
      duration_ms,
      inputs,
      log,
      error,
      xcom: kept,
      more: this.moreOf(report, report, due),
    };
    this.put(row, due);
    if (kept !== null) this.tracker(task).addResult(map_index);
    return row;
  }

  /** Takes in how an instance stands whose try is over, and tells it: `due` is the moment at which it goes on. */
  put(row: InstanceRow, due: number | null): void {
    const { task, map_index, state, try_number, duration_ms, name, error } = row;
    this.store.putInstance(row);
    this.tracker(task).set(map_index, state);
    const isPlain = duration_ms !== null && name === null && error === null && due === null;
    if (isPlain) this.events.change(task, { map_index, state, try_number, duration_ms });
    else this.events.change(task, changeOf(row, due));
  }

  /** What a row says besides of an instance. Null in nearly all cases. */
  moreOf(
    instance: Instance,
    { length, skips }: Pick<InstanceMore, "length" | "skips">,
    due: number | null,
  ): InstanceMore | null {
    const base_try = this.baseTry(instance);
    const isPlain = length === null && skips.length === 0 && due === null && base_try === 0 && this.bundle === 0;
    return isPlain ? null : { length, skips, due, base_try, bundle: this.bundle };
  }

  /** Inputs that all instances share; every worker tells them. */
  setInputs(task: number, json: string): void {
    if (this.#knownInputs.has(task)) return;
    this.#knownInputs.add(task);
    this.store.setInputs(task, json);
  }

  /** JSON texts of the results that exist, from the `from`-th on, at most `count`, at least one where there is one. */
  results(task: number, from: number, count: number): string[] {
    const tracker = this.tracker(task);
    const first = tracker.indexOfResult(from);
    const last = tracker.indexOfResult(Math.min(from + count, tracker.results) - 1);
    if (first === undefined || last === undefined) return [];
    return this.store.xcoms(task, first, last, ANSWER_LENGTH);
  }

  tracker(position: number): TaskTracker {
    const tracker = this.trackers[position];
    if (!tracker) throw new RangeError(`no task ${String(position)}`);
    return tracker;
  }

  #tellCount(task: number, count: number): void {
    this.store.setCount(task, count);
    this.#emitCount(task, count);
  }

  #emitCount(task: number, count: number): void {
    this.events.emit({ type: "task_expanded", task_id: this.#taskId(task), count });
  }

  #taskId(task: number): string {
    return this.plan.tasks[task]?.task_id ?? "";
  }
}

function changeOf(row: InstanceRow, due: number | null): InstanceChange {
  const { map_index, state, try_number, duration_ms, name, error } = row;
  return {
    map_index,
    state,
    try_number,
    ...(duration_ms !== null && { duration_ms }),
    ...(name !== null && { name }),
    // Why something was skipped is no failure to be told of while it happens: who looks at it finds it.
    ...(error && state !== "skipped" && { error }),
    ...(due !== null && { due }),
  };
}
