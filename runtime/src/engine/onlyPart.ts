import type { DagModel } from "#core/model/dag.js";
import { type InstanceState, type RunError, UNMAPPED_INDEX, isFinished } from "#core/model/run.js";
import type { PartTarget } from "../store/runStore.js";
import type { Effect } from "./effects.js";
import type { InstanceLedger } from "./instanceLedger.js";
import { type InstanceSpan, spansOf } from "./instances.js";
import { type Cover, coverOf } from "./part.js";
import type { Plan } from "./plan.js";
import type { Scheduler } from "./scheduler.js";
import type { TaskTracker } from "./taskTracker.js";

interface PartEnd {
  readonly state: "success" | "failed";
  readonly error?: RunError;
}

type Ledger = Pick<InstanceLedger, "tracker" | "isIdle" | "hasEnded">;

/** A run of one task, or one instance of it, and of what that needs: the tasks before it, and what cleans up after them. */
export class OnlyPart {
  readonly #cover: Cover;
  readonly #targets: readonly (PartTarget & { readonly task: number })[];
  /** Where the part has teardowns: they also come behind tasks that do not belong to it. */
  readonly #teardowns: readonly number[];
  /** What would run besides. */
  #left: InstanceSpan[] = [];

  /** @throws FanoutError `unknown-task`, or `unknown-map-index` for an index of a task that has none. */
  constructor(
    model: DagModel,
    readonly plan: Plan,
    targets: readonly PartTarget[],
  ) {
    this.#cover = coverOf(model, targets);
    this.#targets = targets.map((target) => {
      return { ...target, task: model.tasks.findIndex(({ task_id }) => task_id === target.task_id) };
    });
    this.#teardowns = [...this.#cover.keys()].filter((task) => plan.tasks[task]?.role === "teardown");
  }

  /** Of what is to be done that which belongs to the part; its end is told by `proceed`. */
  *filter(effects: readonly Effect[]): Generator<Effect> {
    for (const effect of effects) {
      if (effect.type === "end") continue;
      if (effect.type !== "expand") {
        const { inside, outside } = this.#divide(effect);
        for (const span of inside) yield { ...effect, ...span };
        if (effect.type === "run" && this.#teardowns.length > 0) this.#left.push(...outside);
      } else if (this.#cover.has(effect.task)) yield effect;
    }
  }

  /**
   * How the part has ended; null while it has not. As in a run of the whole DAG, a task that did not wait for all of
   * those before it stops none of them. Its teardowns come last: for them, what does not belong to it is skipped.
   */
  proceed(ledger: Ledger, scheduler: Scheduler, perform: (effects: Iterable<Effect>) => void): PartEnd | null {
    for (;;) {
      const end = this.#endOf(ledger);
      const left = this.#left;
      if (!end || left.length === 0) return end;
      this.#left = [];
      for (const span of left) skip(span, ledger, scheduler);
      perform(this.filter(scheduler.decide()));
    }
  }

  #endOf(ledger: Ledger): PartEnd | null {
    if (!ledger.isIdle) return null;
    const ends = this.#targets.map((target) => targetEnd(target, ledger.tracker(target.task)));
    if (!ends.every((end) => end !== null)) return null;
    const error = ends.find((end) => end.error !== undefined);
    return error ?? { state: ends.some(({ state }) => state === "failed") ? "failed" : this.#teardownState(ledger) };
  }

  #teardownState(ledger: Ledger): "success" | "failed" {
    const deciding = this.#teardowns.filter((task) => this.plan.tasks[task]?.on_failure_fail_dagrun === true);
    return deciding.some((task) => BAD.some((state) => ledger.tracker(task).countOf(state) > 0)) ? "failed" : "success";
  }

  #divide({ task, from, count }: InstanceSpan): { inside: readonly InstanceSpan[]; outside: readonly InstanceSpan[] } {
    const whole = [{ task, from, count }];
    const indexes = this.#cover.get(task);
    if (indexes === undefined) return { inside: [], outside: whole };
    if (indexes === null || from === UNMAPPED_INDEX) return { inside: whole, outside: [] };
    const meant = [...indexes].filter((index) => index >= from && index < from + count).sort((a, b) => a - b);
    const outside: InstanceSpan[] = [];
    let next = from;
    for (const index of [...meant, from + count]) {
      if (index > next) outside.push({ task, from: next, count: index - next });
      next = index + 1;
    }
    return { inside: spansOf(meant.map((map_index) => ({ task, map_index }))), outside };
  }
}

const BAD: readonly InstanceState[] = ["failed", "upstream_failed"];

function targetEnd({ task_id, map_index }: PartTarget, tracker: TaskTracker): PartEnd | null {
  const { count } = tracker;
  if (map_index !== null && count !== null && count > 0) {
    if (map_index >= count) return { state: "failed", error: noSuchIndex(task_id, map_index, count) };
    return ended([tracker.get(map_index)]);
  }
  return ended(Object.keys(tracker.counts()) as InstanceState[]);
}

function ended(states: readonly InstanceState[]): PartEnd | null {
  if (!states.every(isFinished)) return null;
  return { state: states.some((state) => BAD.includes(state)) ? "failed" : "success" };
}

function skip({ task, from, count }: InstanceSpan, ledger: Ledger, scheduler: Scheduler): void {
  for (let map_index = from; map_index < from + count; map_index++) {
    if (ledger.hasEnded({ task, map_index })) continue;
    scheduler.ended({ task, map_index, state: "skipped", hasResult: false, length: null, skips: [] });
  }
}

function noSuchIndex(task_id: string, map_index: number, count: number): RunError {
  return {
    code: "unknown-map-index",
    message: `Task '${task_id}' has no instance ${String(map_index)}.`,
    advice: `Its instances are 0 to ${String(count - 1)}.`,
  };
}
