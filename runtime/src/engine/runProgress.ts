import { UNMAPPED_INDEX } from "#core/model/run.js";
import { Changes } from "./changes.js";
import { type Effect, EffectLog, type SettleReason, type Settlement } from "./effects.js";
import { countUp } from "./groupIndex.js";
import type { Plan } from "./plan.js";
import { type TaskLinks, decidingTasks, linksOf } from "./planGraph.js";
import { type Ending, type RestoredTask, SEEN, TaskProgress } from "./taskProgress.js";

/** Where every task of a run stands. What becomes of one is told as an effect, and is a change for those that look at it. */
export class RunProgress {
  readonly links: readonly TaskLinks[];
  readonly changes: Changes;
  readonly #tasks: readonly TaskProgress[];
  /** Of a run that goes on: tasks whose number of instances may change, as they were. */
  readonly #recorded = new Map<number, RestoredTask>();
  readonly #effects = new EffectLog();
  #unfinished: number;

  constructor(readonly plan: Plan) {
    this.links = linksOf(plan);
    this.changes = new Changes(this.links);
    this.#tasks = plan.tasks.map(() => new TaskProgress());
    this.#unfinished = plan.tasks.length;
  }

  of(position: number): TaskProgress {
    const progress = this.#tasks[position];
    if (!progress) throw new RangeError(`no progress of task ${String(position)}`);
    return progress;
  }

  linksOf(position: number): TaskLinks {
    const links = this.links[position];
    if (!links) throw new RangeError(`no task ${String(position)} in the plan`);
    return links;
  }

  /** Everything that became of tasks since, with the end of the run where it was the last. */
  takeEffects(): readonly Effect[] {
    if (this.#unfinished === 0) {
      this.#unfinished = -1;
      this.#effects.add({ type: "end", state: this.#stateOfRun() });
    }
    return this.#effects.take();
  }

  /** How a task stood is taken in when its number of instances is known once more. */
  record(position: number, restored: RestoredTask): void {
    this.#recorded.set(position, restored);
  }

  isRecorded(position: number): boolean {
    return this.#recorded.has(position);
  }

  /** Instances that there are no longer are left out. `count` is null where there are none but the placeholder. */
  takeIn(position: number, { ended }: RestoredTask, count: number | null): void {
    const progress = this.of(position);
    const wasDone = progress.isDone;
    if (count !== null) progress.expand(count, this.linksOf(position).task.group !== null);
    for (const one of ended) {
      if (one.map_index >= progress.count || (count !== null && one.map_index < 0)) continue;
      progress.noteResult(one);
      progress.restore(one.map_index, one.state);
    }
    if (progress.isDone && !wasDone) this.#unfinished--;
  }

  expand(position: number, count: number): void {
    const { dependents, task } = this.linksOf(position);
    const recorded = this.#recorded.get(position);
    this.#recorded.delete(position);
    if (recorded) this.takeIn(position, recorded, count);
    else this.of(position).expand(count, task.group !== null);
    this.#effects.add({ type: "expand", task: position, count });
    for (const next of dependents) this.changes.touch(next);
  }

  start(task: number, from: number, count: number): void {
    this.of(task).start(from);
    this.#effects.add({ type: "run", task, from, count });
  }

  /** Instances end without running. */
  settle(task: number, from: number, count: number, state: Settlement, reason: SettleReason): void {
    this.#effects.add({ type: "settle", task, from, count, state, reason });
    this.end(task, from, count, state);
  }

  /** All instances that have not started. Those that were recorded stay where no other number of them is known. */
  settleWaiting(position: number, state: Settlement, reason: SettleReason): void {
    const progress = this.of(position);
    const recorded = this.#recorded.get(position);
    if (reason === "zero-length") progress.length = 0;
    else if (recorded) this.expand(position, recorded.count ?? 0);
    this.#recorded.delete(position);
    if (progress.isSplit) {
      for (const index of countUp(progress.count)) {
        if (progress.isWaitingAt(index)) this.settle(position, index, 1, state, reason);
      }
    } else if (progress.isWaiting) {
      this.settle(position, progress.isExpanded ? 0 : UNMAPPED_INDEX, progress.count, state, reason);
    }
  }

  /** Instances have ended for good. */
  end(position: number, from: number, count: number, state: Ending): void {
    const progress = this.of(position);
    if (count === progress.count && !progress.isSplit) progress.endAll(state);
    else progress.end(from, state);
    if (progress.isDone) this.#unfinished--;
    const { dependents, task } = this.linksOf(position);
    for (const next of dependents) {
      const isBeside = this.linksOf(next).task.group === task.group && this.of(next).isSplit;
      if (isBeside) this.changes.touchAt(next, from);
      else this.changes.touch(next);
    }
  }

  #stateOfRun(): "success" | "failed" {
    const bad = SEEN.failed | SEEN.upstream_failed;
    return decidingTasks(this.plan).some((task) => (this.of(task).seen & bad) !== 0) ? "failed" : "success";
  }
}
