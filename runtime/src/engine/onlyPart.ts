import type { DagModel } from "#core/model/dag.js";
import { ancestors, isMapped, mappedGroupOf } from "#core/model/graph.js";
import { type InstanceState, type RunError, UNMAPPED_INDEX, isFinished } from "#core/model/run.js";
import { FanoutError } from "../errors.js";
import type { Effect } from "./effects.js";
import type { InstanceLedger } from "./instanceLedger.js";
import type { TaskTracker } from "./taskTracker.js";

interface PartEnd {
  readonly state: "success" | "failed";
  readonly error?: RunError;
}

/** A run of one task, or one instance of it, and of what that needs: the tasks before it. */
export class OnlyPart {
  readonly #target: number;
  readonly #tasks: ReadonlySet<number>;
  /** Tasks of which only the one index runs: the target, and those beside it in its mapped group. */
  readonly #single: ReadonlySet<number>;

  /** @throws FanoutError `unknown-task`, or `unknown-map-index` for an index of a task that has none. */
  constructor(
    model: DagModel,
    readonly task_id: string,
    readonly map_index: number | null,
  ) {
    const node = model.tasks.find((one) => one.task_id === task_id);
    if (!node) throw unknownTask(model, task_id);
    if (map_index !== null && !isMapped(node, model)) {
      throw new FanoutError("unknown-map-index", `Task '${task_id}' is not mapped, so it has no index.`);
    }
    const before = new Set(ancestors(model, task_id));
    const group = mappedGroupOf(model, node);
    const isBeside = (one: (typeof model.tasks)[number]): boolean =>
      one === node || (group !== null && mappedGroupOf(model, one) === group);
    const positions = (holds: (one: (typeof model.tasks)[number]) => boolean): ReadonlySet<number> =>
      new Set(model.tasks.flatMap((one, task) => (holds(one) ? [task] : [])));
    this.#target = model.tasks.indexOf(node);
    this.#tasks = positions((one) => one === node || before.has(one.task_id));
    this.#single = map_index === null ? new Set() : positions(isBeside);
  }

  /** Of what is to be done that which belongs to the part; its end is told by `endOf`. */
  *filter(effects: readonly Effect[]): Generator<Effect> {
    for (const effect of effects) {
      if (effect.type === "end" || !this.#tasks.has(effect.task)) continue;
      if (effect.type === "expand" || !this.#single.has(effect.task) || effect.from === UNMAPPED_INDEX) yield effect;
      else if (this.#isWithin(effect)) yield { ...effect, from: this.map_index ?? 0, count: 1 };
    }
  }

  #isWithin({ from, count }: { readonly from: number; readonly count: number }): boolean {
    return this.map_index !== null && this.map_index >= from && this.map_index < from + count;
  }

  /**
   * How the part has ended; null while it has not. As in a run of the whole DAG, a task that did not wait for all of
   * those before it stops none of them.
   */
  endOf(ledger: Pick<InstanceLedger, "tracker" | "isIdle">): PartEnd | null {
    const end = this.#targetEnd(ledger.tracker(this.#target));
    return end && (end.error || ledger.isIdle) ? end : null;
  }

  #targetEnd(tracker: TaskTracker): PartEnd | null {
    const { count } = tracker;
    if (this.map_index !== null && count !== null && count > 0) {
      if (this.map_index >= count) return { state: "failed", error: noSuchIndex(this.task_id, this.map_index, count) };
      return ended([tracker.get(this.map_index)]);
    }
    return ended(Object.keys(tracker.counts()) as InstanceState[]);
  }
}

function ended(states: readonly InstanceState[]): PartEnd | null {
  if (!states.every(isFinished)) return null;
  return { state: states.some((state) => state === "failed" || state === "upstream_failed") ? "failed" : "success" };
}

function unknownTask({ dag_id, tasks }: DagModel, task_id: string): FanoutError {
  return new FanoutError("unknown-task", `The DAG '${dag_id}' has no task '${task_id}'.`, {
    advice: `It has ${tasks.map((one) => `'${one.task_id}'`).join(", ")}.`,
  });
}

function noSuchIndex(task_id: string, map_index: number, count: number): RunError {
  return {
    code: "unknown-map-index",
    message: `Task '${task_id}' has no instance ${String(map_index)}.`,
    advice: `Its instances are 0 to ${String(count - 1)}.`,
  };
}
