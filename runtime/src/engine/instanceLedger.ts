import type { InstanceChange } from "#core/model/runEvent.js";
import { type InstanceState, type RunError, UNMAPPED_INDEX, isFinished } from "#core/model/run.js";
import type { ResultReport } from "../pool/messages.js";
import type { Interrupted } from "../pool/poolClient.js";
import {
  type InstanceMore,
  type InstanceRow,
  type LogRange,
  NOTHING_MORE,
  type RunStore,
  tryOfRow,
} from "../store/runStore.js";
import { keepTry, resetInstance } from "../store/resetInstance.js";
import { BaseTries } from "./baseTries.js";
import type { Settled } from "./effects.js";
import type { EventStream } from "./eventStream.js";
import type { RunningInstance } from "./executor.js";
import { type Instance, instanceKey, spansOf } from "./instances.js";
import { type Plan, hasInstances, looksAgain } from "./plan.js";
import type { Restored, Unfinished } from "./restored.js";
import { UNKNOWN_INPUTS } from "./resultMarker.js";
import { TaskTracker } from "./taskTracker.js";
import { ANSWER_LENGTH } from "./xcomDesk.js";

const UNDER_WAY = ["scheduled", "queued", "running", "up_for_retry", "up_for_reschedule"] as const;

/** What is known of every instance of a run: in the store, in a few bytes of memory, and told to whoever follows it. */
export class InstanceLedger {
  readonly events: EventStream;
  readonly baseTries = new BaseTries();
  readonly #trackers: readonly TaskTracker[];
  /** What had been told of them then. */
  readonly #announced = new Map<string, { readonly name: string | null; readonly isReceived: boolean }>();
  readonly #knownInputs = new Set<number>();
  /** Of a run that goes on, by task: how many instances its rows are of, though they may have been cleared since. */
  readonly #formerCounts = new Map<number, number>();
  /** Of a run that goes on, by task: indexes that its map lost before. */
  #removed: Restored["removed"] = [];

  constructor(
    readonly plan: Plan,
    readonly store: RunStore,
    openEvents: (countsOf: EventStream["countsOf"]) => EventStream,
    /** Number of the code that instances run with. */
    readonly bundle = 0,
  ) {
    this.#trackers = plan.tasks.map((task) => new TaskTracker(hasInstances(task)));
    this.events = openEvents((task) => ({ task_id: this.#taskId(task), counts: this.tracker(task).counts() }));
  }

  /** Nothing runs, or is going to of itself. */
  get isIdle(): boolean {
    return this.#trackers.every((tracker) => UNDER_WAY.every((state) => tracker.countOf(state) === 0));
  }

  expand(task: number, count: number): void {
    this.#removeFrom(task, count);
    this.#bringBack(task, count);
    const tracker = this.tracker(task);
    if (tracker.count === null) tracker.expand(count, "none");
    else tracker.resize(count);
    this.#tellCount(task, count);
    this.events.touch(task);
  }

  /** Takes in where a run stood that goes on, and tells it anew. */
  restore({ tasks, rows, removed }: Restored): void {
    this.#removed = removed;
    for (const [task, { count }] of tasks.entries()) {
      const tracker = this.tracker(task);
      const known = rows[task] ?? [];
      this.#formerCounts.set(task, (known.at(-1)?.map_index ?? UNMAPPED_INDEX) + 1);
      if (tracker.isMapped && count !== null) {
        if (count > 0) tracker.expand(count, "none");
        else tracker.expandToNothing();
        this.events.emit({ type: "task_expanded", task_id: this.#taskId(task), count });
      }
      for (const { map_index, name, state, try_number, duration_ms, hasResult, more } of known) {
        // What ran when the run was interrupted does so no longer.
        const now = isFinished(state) ? state : "none";
        tracker.set(map_index, now);
        if (hasResult) tracker.addResult(map_index);
        this.baseTries.set({ task, map_index }, more.base_try);
        const ran = duration_ms !== null && isFinished(state);
        const told = { ...(name !== null && { name }), ...(ran && { duration_ms }) };
        this.events.change(task, { map_index, state: now, try_number, ...told });
      }
    }
    this.events.flush();
  }

  baseTry(instance: Instance): number {
    return this.baseTries.of(instance);
  }

  /** The try of an instance that its lost engine ended is over, and does not count; those before it do as they did. */
  interrupt({ task, map_index, base_try }: Unfinished, error: RunError): void {
    const row = this.store.instance(task, map_index);
    if (row) this.store.putTry({ ...tryOfRow(row), state: "failed", error });
    this.baseTries.set({ task, map_index }, base_try + 1);
  }

  hasEnded({ task, map_index }: Instance): boolean {
    return this.tracker(task).hasEnded(map_index, 1);
  }

  /** A map has these instances no longer: what is known of them can still be read, and they give nothing to any task. */
  #removeFrom(task: number, first: number): void {
    const { isMapped, count } = this.tracker(task);
    const end = isMapped ? Math.max(count ?? 0, this.#formerCounts.get(task) ?? 0) : 0;
    for (let map_index = first; map_index < end; map_index++) {
      const row = this.store.instance(task, map_index);
      if (row) {
        keepTry(this.store, row);
        this.store.putInstance({ ...row, state: "removed" });
      }
      this.events.change(task, { map_index, state: "removed", try_number: row?.try_number ?? 0 });
    }
    this.#formerCounts.delete(task);
  }

  /** A map has these instances once more: their tries go on from those that they had, which do not count as retries. */
  #bringBack(task: number, count: number): void {
    for (const map_index of this.#removed[task] ?? []) {
      const row = map_index < count ? this.store.instance(task, map_index) : null;
      if (!row) continue;
      resetInstance(this.store, row);
      this.baseTries.set(row, row.try_number);
    }
  }

  schedule(task: number, from: number, count: number): void {
    this.tracker(task).setRange(from, count, "scheduled");
    this.events.touch(task);
  }

  /** Instances end without having run. */
  settle({ task, from, count, state, reason }: Settled): void {
    const tracker = this.tracker(task);
    // What stands for all instances of a map stands in their place.
    if (from === UNMAPPED_INDEX) this.#removeFrom(task, 0);
    if (reason === "zero-length") {
      tracker.expandToNothing();
      this.#tellCount(task, 0);
    }
    if (tracker.hasEnded(from, count)) return this.#settleOthers({ task, from, count, state, reason });
    tracker.setRange(from, count, state);
    this.store.settleInstances(task, from, count, state);
    for (let offset = 0; offset < count; offset++) {
      this.events.change(task, { map_index: from + offset, state, try_number: 0 });
    }
  }

  /** Of instances of which some have ended: in a run that goes on. */
  #settleOthers({ task, from, count, state, reason }: Settled): void {
    for (let map_index = from; map_index < from + count; map_index++) {
      if (!this.tracker(task).hasEnded(map_index, 1)) this.settle({ task, from: map_index, count: 1, state, reason });
    }
  }

  /** An instance that was to run, or to run once more, is skipped. What is known of earlier tries stays. */
  skip(task: number, map_index: number): void {
    this.#stop(task, map_index, "skipped", null, {});
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
      more: this.#moreOf(report, due),
    };
    this.store.putInstance(row);
    this.tracker(task).set(map_index, state);
    if (row.xcom !== null) this.tracker(task).addResult(map_index);
    const change: InstanceChange = { map_index, state, try_number, duration_ms };
    const isPlain = name === null && error === null && due === null;
    this.events.change(task, isPlain ? change : { ...change, ...detailsOf(name, error, due) });
    return row;
  }

  /** Null in nearly all cases. */
  #moreOf(report: ResultReport, due: number | null): InstanceMore | null {
    const { length, skips } = report;
    const base_try = this.baseTry(report);
    const isPlain = length === null && skips.length === 0 && due === null && base_try === 0 && this.bundle === 0;
    return isPlain ? null : { length, skips, due, base_try, bundle: this.bundle };
  }

  /** What a worker would have reported of an instance, had it not died. */
  reportOf({ instance, name: told, inputs, log }: Interrupted, error: RunError): ResultReport {
    const now = Date.now();
    const known = this.store.instance(instance.task, instance.map_index);
    const start = known?.start ?? now;
    const name = told ?? known?.name ?? null;
    return {
      ...{ ...instance, outcome: "failed", start, duration_ms: timeSince(start), log, length: null, name, error },
      ...{ mayRetry: true, skips: [], xcom: null, inputs },
    };
  }

  /** Inputs that all instances share; every worker tells them. */
  setInputs(task: number, json: string): void {
    if (this.#knownInputs.has(task)) return;
    this.#knownInputs.add(task);
    this.store.setInputs(task, json);
  }

  /** Only instances that take long enough to be seen are shown, and stored, as running. */
  announceRunning(running: readonly RunningInstance[], afterMs: number): void {
    const now = Date.now();
    for (const { instance, name, inputs, segment, logFrom, forMs } of running) {
      const { task, map_index, try_number } = instance;
      const key = instanceKey(instance);
      const known = this.#announced.get(key);
      const isReceived = inputs !== UNKNOWN_INPUTS;
      if (forMs < afterMs || (known?.name === name && known.isReceived === isReceived)) continue;
      this.#announced.set(key, { name, isReceived });
      const base_try = this.baseTry(instance);
      const isPlain = base_try === 0 && this.bundle === 0;
      const more = isPlain ? null : { ...NOTHING_MORE, base_try, bundle: this.bundle };
      const start = this.#firstLook(instance) ?? now - forMs;
      const facts = { task, map_index, name, state: "running" as const, try_number, start, inputs, more };
      this.store.putInstance({ ...emptyRow, ...facts, log: { segment, from: logFrom, to: null } });
      this.tracker(task).set(map_index, "running");
      if (known?.name === name) continue;
      this.events.change(task, { map_index, state: "running", try_number, ...(name !== null && { name }) });
    }
  }

  /** When the try began of which this is another look; null where it is none. */
  #firstLook({ task, map_index, try_number }: Instance & { readonly try_number: number }): number | null {
    const known = looksAgain(this.plan.tasks[task]) ? this.store.instance(task, map_index) : null;
    return known?.try_number === try_number ? known.start : null;
  }

  /** The instance will run once more. */
  forgetRunning(task: number, map_index: number): void {
    this.#announced.delete(instanceKey({ task, map_index }));
  }

  /**
   * Nothing of the run goes on. `failed`: what ran or waited for another try has failed, and what never started has no
   * state. `skipped`: all of it is skipped.
   */
  stopAll(interrupted: readonly Interrupted[], error: RunError, as: "failed" | "skipped"): void {
    const reason = as === "failed" ? error : null;
    for (const { segment, instance, name, inputs, log } of interrupted) {
      const { task, map_index, try_number } = instance;
      const facts = { try_number, inputs, log: { segment, from: log[0], to: log[1] }, ...(name !== null && { name }) };
      this.#stop(task, map_index, as, reason, facts);
    }
    for (const [task, tracker] of this.#trackers.entries()) {
      for (const map_index of WAITING.flatMap((state) => tracker.indexesIn(state))) {
        this.#stop(task, map_index, as, reason, {});
      }
      if (as === "skipped") this.#skipUnstarted(task, tracker);
      else for (const state of UNSTARTED) tracker.setAll(state, "none");
      this.events.touch(task);
    }
  }

  #skipUnstarted(task: number, tracker: TaskTracker): void {
    const indexes = UNSTARTED.flatMap((state) => tracker.indexesIn(state)).sort((a, b) => a - b);
    for (const span of spansOf(indexes.map((map_index) => ({ task, map_index })))) {
      this.settle({ ...span, state: "skipped", reason: "stopped" });
    }
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
    const tracker = this.#trackers[position];
    if (!tracker) throw new RangeError(`no task ${String(position)}`);
    return tracker;
  }

  #stop(
    task: number,
    map_index: number,
    state: "failed" | "skipped",
    error: RunError | null,
    facts: Partial<InstanceRow>,
  ): void {
    const known = this.store.instance(task, map_index);
    // What is skipped need not have started.
    const start = known?.start ?? (state === "failed" ? Date.now() : null);
    const row = { ...emptyRow, ...known, ...facts, task, map_index, start, error, xcom: null };
    const duration_ms = start === null ? null : timeSince(start);
    this.store.putInstance({ ...row, state, duration_ms });
    this.tracker(task).set(map_index, state);
    const change = { map_index, state, try_number: row.try_number, ...(duration_ms !== null && { duration_ms }) };
    this.events.change(task, { ...change, ...detailsOf(row.name, error, null) });
  }

  #tellCount(task: number, count: number): void {
    this.store.setCount(task, count);
    this.events.emit({ type: "task_expanded", task_id: this.#taskId(task), count });
  }

  #taskId(task: number): string {
    return this.plan.tasks[task]?.task_id ?? "";
  }
}

/** Of what waits for its next moment. */
const WAITING: readonly InstanceState[] = ["up_for_retry", "up_for_reschedule"];
const UNSTARTED: readonly InstanceState[] = ["none", "scheduled", "queued", "running"];

const emptyRow: Omit<InstanceRow, "task" | "map_index" | "state"> = {
  more: null,
  try_number: 0,
  name: null,
  start: null,
  duration_ms: null,
  inputs: null,
  xcom: null,
  log: null,
  error: null,
};

/** A clock that was set back must not make it negative. */
function timeSince(start: number): number {
  return Math.max(0, Date.now() - start);
}

function detailsOf(name: string | null, error: RunError | null, due: number | null): Partial<InstanceChange> {
  return { ...(name !== null && { name }), ...(error && { error }), ...(due !== null && { due }) };
}
