import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { Verdict } from "#core/model/triggerRule.js";
import { type Effect, EffectLog, type SettleReason, type Settlement } from "./effects.js";
import { countUp } from "./groupIndex.js";
import { Outlook } from "./outlook.js";
import type { Plan } from "./plan.js";
import { type TaskLinks, decidingTasks, linksOf, scheduleOrder, startsAtOnce } from "./planGraph.js";
import { type Ended, type Ending, type RestoredTask, SEEN, TaskProgress } from "./taskProgress.js";
import { type SeenUpstream, looksAtAll, judgeUpstream, settlementOf } from "./verdicts.js";

/**
 * The whole of scheduling: what follows from what has ended. It does no work itself and knows no time, so that the same
 * events always have the same effects.
 *
 * The instances of a task share one fate, which costs the same for one and for 100,000 of them, except in a mapped
 * group: there instance k looks at instance k of the group's other tasks. Before such a task is expanded it is one
 * placeholder, which waits for the sources of the group and for what comes from outside of it; a rule that need not wait
 * for all looks at all instances instead, so that it does not skip what another instance would let run.
 */
export class Scheduler {
  readonly #links: readonly TaskLinks[];
  readonly #order: readonly number[];
  /** By task: where it stands in that order. */
  readonly #places: Int32Array;
  readonly #progress: readonly TaskProgress[];
  readonly #outlook = new Outlook((task) => this.#progressOf(task));
  /** 1 where something changed that the task looks at. */
  readonly #dirty: Uint8Array;
  #dirtyCount = 0;
  /** No task before this place is dirty: in a chain of 5,000 each end concerns one task, and all are not looked at. */
  #firstDirty = 0;
  /** Of tasks in mapped groups: the indexes at which something changed. */
  readonly #dirtyIndexes: number[][];
  /** What all instances of such a task saw alike when they were decided on last. */
  readonly #lastShared: Int32Array;
  /** Decisions on instances that do not exist yet. */
  readonly #skipsToCome = new Map<number, Set<number>>();
  /** Decisions that wait until the task may be skipped: the indexes, or -1 for all of its instances. */
  readonly #heldSkips = new Map<number, Set<number>>();
  /** Of a run that goes on: tasks whose number of instances may change, as they were. */
  readonly #recorded = new Map<number, RestoredTask>();
  readonly #effects = new EffectLog();
  #unfinished: number;

  /** `holdsSkip`: whether a task that is about to be skipped has to wait until `reconsider` is called for it. */
  constructor(
    readonly plan: Plan,
    readonly holdsSkip: (task: number) => boolean = () => false,
  ) {
    this.#links = linksOf(plan);
    this.#order = scheduleOrder(this.#links);
    this.#places = new Int32Array(plan.tasks.length);
    for (const [place, position] of this.#order.entries()) this.#places[position] = place;
    this.#progress = plan.tasks.map(() => new TaskProgress());
    this.#dirty = new Uint8Array(plan.tasks.length);
    this.#dirtyIndexes = plan.tasks.map(() => []);
    this.#lastShared = new Int32Array(plan.tasks.length).fill(-1);
    this.#unfinished = plan.tasks.length;
  }

  /** What happens first: instances that the code alone counts exist from the beginning. */
  begin(): readonly Effect[] {
    this.#expandCounted();
    return this.decide();
  }

  #expandCounted(): void {
    for (const [position, { axes }] of this.#links.entries()) {
      const isCounted = axes?.every(({ type }) => type === "fixed") === true;
      const { isExpanded, isDone } = this.#progressOf(position);
      if (isExpanded || isDone) continue;
      const count = isCounted ? (this.#outlook.lengthOf(axes) ?? 0) : 0;
      if (count > 0) this.#expand(position, count);
      this.#touch(position);
    }
  }

  /**
   * In place of `begin`, for a run that goes on: what has ended stays as it is, and everything else is decided on anew.
   * The effects that follow name the other instances of a task along with those that have ended.
   */
  restore(tasks: readonly RestoredTask[]): readonly Effect[] {
    for (const position of this.#order) {
      const restored = tasks[position];
      if (restored) this.#restoreTask(position, restored);
    }
    this.#expandCounted();
    // They had started before anything could decide to skip them.
    for (const [position, links] of this.#links.entries()) {
      this.#touch(position);
      if (startsAtOnce(links)) this.#evaluate(position);
    }
    for (const [position, { ended }] of tasks.entries()) {
      const { task } = this.#linksOf(position);
      for (const { map_index, skips } of ended) {
        for (const skipped of skips) this.#skipByDecision(skipped, task.group === null ? UNMAPPED_INDEX : map_index);
      }
    }
    return this.decide();
  }

  /** A map whose source is to run once more, or has since, is as long as that says when it is done. */
  #restoreTask(position: number, restored: RestoredTask): void {
    const { axes, sources } = this.#linksOf(position);
    const { count } = restored;
    const isCounted = axes !== null && count !== null && count > 0;
    const length = isCounted ? this.#outlook.lengthOf(axes) : count;
    const isOpen = isCounted && !sources.every((source) => this.isDone(source));
    if (isOpen || (length !== null && length !== count)) this.#recorded.set(position, restored);
    else this.#takeIn(position, restored, isCounted ? count : null);
  }

  /** Instances that there are no longer are left out. `count` is null where there are none but the placeholder. */
  #takeIn(position: number, { ended }: RestoredTask, count: number | null): void {
    const progress = this.#progressOf(position);
    const wasDone = progress.isDone;
    if (count !== null) progress.expand(count, this.#linksOf(position).task.group !== null);
    for (const { map_index, state, hasResult, length } of ended) {
      if (map_index >= progress.count || (count !== null && map_index < 0)) continue;
      if (hasResult) progress.rows++;
      progress.length = length ?? progress.length;
      progress.restore(map_index, state);
    }
    if (progress.isDone && !wasDone) this.#unfinished--;
  }

  /** Takes in what became of an instance; `decide` tells what follows, of any number of them together. */
  ended({ task, map_index, state, hasResult, length, skips }: Ended): void {
    const progress = this.#progressOf(task);
    if (hasResult) progress.rows++;
    progress.length = length ?? progress.length;
    this.#end(task, map_index, 1, state);
    const { group } = this.#linksOf(task).task;
    for (const skipped of skips) {
      this.#skipByDecision(skipped, group === null ? UNMAPPED_INDEX : map_index);
    }
  }

  /** A task may perhaps be skipped now that had to wait before. */
  reconsider(task: number): void {
    const decided = this.#heldSkips.get(task) ?? [];
    this.#heldSkips.delete(task);
    for (const index of decided) this.#skipByDecision(task, index);
    this.#lastShared[task] = -1;
    this.#touch(task);
  }

  /** Skips all instances of these tasks that have not started: the run goes on without them. */
  skipWaiting(isMeant: (task: number) => boolean): void {
    for (const [position] of this.#links.entries())
      if (isMeant(position)) this.#settleWaiting(position, "skipped", "stopped");
  }

  /** Everything that follows from what ended since. */
  decide(): readonly Effect[] {
    for (let place = this.#firstDirty; this.#dirtyCount > 0 && place < this.#order.length; place++) {
      const position = this.#order[place] ?? 0;
      if (this.#dirty[position] === 1) this.#evaluate(position);
    }
    if (this.#dirtyCount === 0) this.#firstDirty = this.#order.length;
    if (this.#unfinished === 0) {
      this.#unfinished = -1;
      this.#effects.add({ type: "end", state: this.#stateOfRun() });
    }
    return this.#effects.take();
  }

  /** True where all instances have ended for good. */
  isDone(task: number): boolean {
    return this.#progressOf(task).isDone;
  }

  #evaluate(position: number): void {
    this.#dirty[position] = 0;
    this.#dirtyCount--;
    const progress = this.#progressOf(position);
    if (!progress.isSplit && progress.isWaiting) this.#decideWhole(position);
    if (progress.isSplit) this.#decideIndexes(position);
  }

  /** The instances of the task share one fate, at least while it is not expanded. */
  #decideWhole(position: number): void {
    if (this.#heldSkips.get(position)?.has(UNMAPPED_INDEX) === true) return;
    const links = this.#linksOf(position);
    const verdict = this.#judgeWhole(links);
    const settled = settlementOf(verdict);
    if (settled) this.#settleByUpstream(position, settled);
    else if (verdict === "run") this.#go(position, links);
  }

  #judgeWhole(links: TaskLinks): Verdict {
    const { task, upstream } = links;
    const seen = this.#outlook.ofAll(links);
    const inside = upstream.inner.map((one) => this.#progressOf(one)).filter(({ isSplit }) => isSplit);
    if (inside.length === 0) return judgeUpstream(task, seen);
    if (looksAtAll(task)) {
      return judgeUpstream(task, { ...seen, direct: inside.reduce((all, one) => all | one.seen, seen.direct) });
    }
    // What the same index inside will say is open, but not waited for: it decides when there are indexes.
    const verdict = judgeUpstream(task, { ...seen, direct: seen.direct | SEEN.open });
    const isOpen = ((seen.direct | seen.setups) & SEEN.open) !== 0;
    return verdict === "wait" && !isOpen ? "run" : verdict;
  }

  /** Nothing before it is in the way of the task: it runs, or comes to have instances. */
  #go(position: number, { axes, sources, task }: TaskLinks): void {
    const progress = this.#progressOf(position);
    if (axes === null || progress.isExpanded) {
      this.#start(position, progress.isExpanded ? 0 : UNMAPPED_INDEX, progress.count);
      return;
    }
    if (task.group !== null && !sources.every((source) => this.isDone(source))) return;
    const count = this.#outlook.lengthOf(axes);
    if (count === null) this.#settleWaiting(position, "upstream_failed", "no-length");
    else if (count === 0) this.#settleWaiting(position, "skipped", "zero-length");
    else {
      this.#expand(position, count);
      if (!progress.isSplit && !progress.isDone) this.#start(position, 0, count);
    }
  }

  /** Each instance of a task in a mapped group for itself. */
  #decideIndexes(position: number): void {
    const links = this.#linksOf(position);
    const indexes = this.#dirtyIndexes[position] ?? [];
    this.#dirtyIndexes[position] = [];
    const shared = this.#outlook.ofAll(links);
    const key = shared.direct | (shared.setups << 5) | (shared.ownSetups << 10) | (shared.sources << 15);
    const isSame = this.#lastShared[position] === key;
    this.#lastShared[position] = key;
    const { count } = this.#progressOf(position);
    for (const index of isSame ? indexes : countUp(count)) this.#decideIndex(position, links, index, shared);
  }

  #decideIndex(position: number, links: TaskLinks, index: number, shared: SeenUpstream): void {
    const progress = this.#progressOf(position);
    if (!progress.isWaitingAt(index) || this.#heldSkips.get(position)?.has(index) === true) return;
    const { count } = progress;
    const verdict = judgeUpstream(links.task, this.#outlook.ofOne(links, index, count, shared));
    const settled = settlementOf(verdict);
    if (settled === "skipped" && this.holdsSkip(position)) return;
    if (settled) this.#settle(position, index, 1, settled, "upstream");
    else if (verdict !== "run") return;
    else if (this.#skipsToCome.get(position)?.has(index)) this.#settle(position, index, 1, "skipped", "decision");
    else this.#start(position, index, 1);
  }

  #expand(position: number, count: number): void {
    const { dependents, task } = this.#linksOf(position);
    const recorded = this.#recorded.get(position);
    this.#recorded.delete(position);
    if (recorded) this.#takeIn(position, recorded, count);
    else this.#progressOf(position).expand(count, task.group !== null);
    this.#effects.add({ type: "expand", task: position, count });
    for (const next of dependents) this.#touch(next);
  }

  #start(task: number, from: number, count: number): void {
    this.#progressOf(task).start(from);
    this.#effects.add({ type: "run", task, from, count });
  }

  #settleByUpstream(position: number, state: Settlement): void {
    if (state === "skipped" && this.holdsSkip(position)) return;
    const { axes } = this.#linksOf(position);
    const isEmptied = state === "skipped" && this.#recorded.has(position) && axes && this.#outlook.lengthOf(axes) === 0;
    this.#settleWaiting(position, state, isEmptied ? "zero-length" : "upstream");
  }

  /** All instances that have not started. Those that were recorded stay where no other number of them is known. */
  #settleWaiting(position: number, state: Settlement, reason: SettleReason): void {
    const progress = this.#progressOf(position);
    const recorded = this.#recorded.get(position);
    if (reason === "zero-length") progress.length = 0;
    else if (recorded) this.#expand(position, recorded.count ?? 0);
    this.#recorded.delete(position);
    if (progress.isSplit) {
      for (const index of countUp(progress.count)) {
        if (progress.isWaitingAt(index)) this.#settle(position, index, 1, state, reason);
      }
    } else if (progress.isWaiting) {
      this.#settle(position, progress.isExpanded ? 0 : UNMAPPED_INDEX, progress.count, state, reason);
    }
  }

  /** `index` is -1 where all instances are skipped. */
  #skipByDecision(position: number, index: number): void {
    if (!this.holdsSkip(position)) {
      if (index === UNMAPPED_INDEX) this.#settleWaiting(position, "skipped", "decision");
      else this.#skipAt(position, index);
      return;
    }
    const held = this.#heldSkips.get(position);
    if (held) held.add(index);
    else this.#heldSkips.set(position, new Set([index]));
  }

  #skipAt(position: number, index: number): void {
    const progress = this.#progressOf(position);
    if (progress.isSplit) {
      if (progress.isWaitingAt(index)) this.#settle(position, index, 1, "skipped", "decision");
    } else if (progress.isWaiting) {
      const known = this.#skipsToCome.get(position);
      if (known) known.add(index);
      else this.#skipsToCome.set(position, new Set([index]));
    }
  }

  #settle(task: number, from: number, count: number, state: Settlement, reason: SettleReason): void {
    this.#effects.add({ type: "settle", task, from, count, state, reason });
    this.#end(task, from, count, state);
  }

  #end(position: number, from: number, count: number, state: Ending): void {
    const progress = this.#progressOf(position);
    if (count === progress.count && !progress.isSplit) progress.endAll(state);
    else progress.end(from, state);
    if (progress.isDone) this.#unfinished--;
    const { dependents, task } = this.#linksOf(position);
    for (const next of dependents) {
      const isBeside = this.#linksOf(next).task.group === task.group && this.#progressOf(next).isSplit;
      if (isBeside) this.#dirtyIndexes[next]?.push(from);
      this.#touch(next);
    }
  }

  #touch(position: number): void {
    if (this.#dirty[position] === 1) return;
    this.#dirty[position] = 1;
    this.#dirtyCount++;
    this.#firstDirty = Math.min(this.#firstDirty, this.#places[position] ?? 0);
  }

  #stateOfRun(): "success" | "failed" {
    const bad = SEEN.failed | SEEN.upstream_failed;
    return decidingTasks(this.plan).some((task) => (this.#progressOf(task).seen & bad) !== 0) ? "failed" : "success";
  }

  #linksOf(position: number): TaskLinks {
    const links = this.#links[position];
    if (!links) throw new RangeError(`no task ${String(position)} in the plan`);
    return links;
  }

  #progressOf(position: number): TaskProgress {
    const progress = this.#progress[position];
    if (!progress) throw new RangeError(`no progress of task ${String(position)}`);
    return progress;
  }
}
