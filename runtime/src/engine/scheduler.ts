import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { Verdict } from "#core/model/triggerRule.js";
import { DecidedSkips } from "./decidedSkips.js";
import type { Effect, Settlement } from "./effects.js";
import { Outlook } from "./outlook.js";
import type { Plan } from "./plan.js";
import { type TaskLinks, startsAtOnce } from "./planGraph.js";
import { RunProgress } from "./runProgress.js";
import { type Ended, type RestoredTask, SEEN } from "./taskProgress.js";
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
  readonly #run: RunProgress;
  readonly #outlook: Outlook;
  readonly #skips: DecidedSkips;

  /** `holdsSkip`: whether a task that is about to be skipped has to wait until `reconsider` is called for it. */
  constructor(
    readonly plan: Plan,
    readonly holdsSkip: (task: number) => boolean = () => false,
  ) {
    this.#run = new RunProgress(plan);
    this.#outlook = new Outlook((task) => this.#run.of(task));
    this.#skips = new DecidedSkips(this.#run, holdsSkip);
  }

  /** What happens first: instances that the code alone counts exist from the beginning. */
  begin(): readonly Effect[] {
    this.#expandCounted();
    return this.decide();
  }

  #expandCounted(): void {
    for (const [position, { axes }] of this.#run.links.entries()) {
      const isCounted = axes?.every(({ type }) => type === "fixed") === true;
      const { isExpanded, isDone } = this.#run.of(position);
      if (isExpanded || isDone) continue;
      const count = isCounted ? (this.#outlook.lengthOf(axes) ?? 0) : 0;
      if (count > 0) this.#run.expand(position, count);
      this.#run.changes.touch(position);
    }
  }

  /**
   * In place of `begin`, for a run that goes on: what has ended stays as it is, and everything else is decided on anew.
   * The effects that follow name the other instances of a task along with those that have ended.
   */
  restore(tasks: readonly RestoredTask[]): readonly Effect[] {
    for (const position of this.#run.changes.order) {
      const restored = tasks[position];
      if (restored) this.#restoreTask(position, restored);
    }
    this.#expandCounted();
    // They had started before anything could decide to skip them.
    for (const [position, links] of this.#run.links.entries()) {
      this.#run.changes.touch(position);
      if (startsAtOnce(links)) this.#evaluate(position);
    }
    for (const [position, { ended }] of tasks.entries()) {
      for (const one of ended) this.#skips.decide(position, one);
    }
    return this.decide();
  }

  /** A map whose source is to run once more, or has since, is as long as that says when it is done. */
  #restoreTask(position: number, restored: RestoredTask): void {
    const { axes, sources } = this.#run.linksOf(position);
    const { count } = restored;
    const isCounted = axes !== null && count !== null && count > 0;
    const length = isCounted ? this.#outlook.lengthOf(axes) : count;
    const isOpen = isCounted && !sources.every((source) => this.isDone(source));
    if (isOpen || (length !== null && length !== count)) this.#run.record(position, restored);
    else this.#run.takeIn(position, restored, isCounted ? count : null);
  }

  /** Takes in what became of an instance; `decide` tells what follows, of any number of them together. */
  ended(ended: Ended): void {
    const { task, map_index, state } = ended;
    this.#run.of(task).noteResult(ended);
    this.#run.end(task, map_index, 1, state);
    this.#skips.decide(task, ended);
  }

  /** A task may perhaps be skipped now that had to wait before. */
  reconsider(task: number): void {
    this.#skips.reconsider(task);
    this.#run.changes.touchAll(task);
  }

  /** Skips all instances of these tasks that have not started: the run goes on without them. */
  skipWaiting(isMeant: (task: number) => boolean): void {
    for (const [position] of this.#run.links.entries())
      if (isMeant(position)) this.#run.settleWaiting(position, "skipped", "stopped");
  }

  /** Everything that follows from what ended since. */
  decide(): readonly Effect[] {
    this.#run.changes.each((position) => this.#evaluate(position));
    return this.#run.takeEffects();
  }

  /** True where all instances have ended for good. */
  isDone(task: number): boolean {
    return this.#run.of(task).isDone;
  }

  #evaluate(position: number): void {
    this.#run.changes.take(position);
    const progress = this.#run.of(position);
    if (!progress.isSplit && progress.isWaiting) this.#decideWhole(position);
    if (progress.isSplit) this.#decideIndexes(position);
  }

  /** The instances of the task share one fate, at least while it is not expanded. */
  #decideWhole(position: number): void {
    if (this.#skips.isHeld(position, UNMAPPED_INDEX)) return;
    const links = this.#run.linksOf(position);
    const verdict = this.#judgeWhole(links);
    const settled = settlementOf(verdict);
    if (settled) this.#settleByUpstream(position, settled);
    else if (verdict === "run") this.#go(position, links);
  }

  #judgeWhole(links: TaskLinks): Verdict {
    const { task, upstream } = links;
    const seen = this.#outlook.ofAll(links);
    const inside = upstream.inner.map((one) => this.#run.of(one)).filter(({ isSplit }) => isSplit);
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
    const progress = this.#run.of(position);
    if (axes === null || progress.isExpanded) {
      this.#run.start(position, progress.isExpanded ? 0 : UNMAPPED_INDEX, progress.count);
      return;
    }
    if (task.group !== null && !sources.every((source) => this.isDone(source))) return;
    const count = this.#outlook.lengthOf(axes);
    if (count === null) this.#run.settleWaiting(position, "upstream_failed", "no-length");
    else if (count === 0) this.#run.settleWaiting(position, "skipped", "zero-length");
    else {
      this.#run.expand(position, count);
      if (!progress.isSplit && !progress.isDone) this.#run.start(position, 0, count);
    }
  }

  /** Each instance of a task in a mapped group for itself. */
  #decideIndexes(position: number): void {
    const links = this.#run.linksOf(position);
    const shared = this.#outlook.ofAll(links);
    const { count } = this.#run.of(position);
    for (const index of this.#run.changes.takeIndexes(position, shared, count)) {
      this.#decideIndex(position, links, index, shared);
    }
  }

  #decideIndex(position: number, links: TaskLinks, index: number, shared: SeenUpstream): void {
    const progress = this.#run.of(position);
    if (!progress.isWaitingAt(index) || this.#skips.isHeld(position, index)) return;
    const { count } = progress;
    const verdict = judgeUpstream(links.task, this.#outlook.ofOne(links, index, count, shared));
    const settled = settlementOf(verdict);
    if (settled === "skipped" && this.holdsSkip(position)) return;
    if (settled) this.#run.settle(position, index, 1, settled, "upstream");
    else if (verdict !== "run") return;
    else if (this.#skips.isToCome(position, index)) this.#run.settle(position, index, 1, "skipped", "decision");
    else this.#run.start(position, index, 1);
  }

  #settleByUpstream(position: number, state: Settlement): void {
    if (state === "skipped" && this.holdsSkip(position)) return;
    const { axes } = this.#run.linksOf(position);
    const isEmptied =
      state === "skipped" && this.#run.isRecorded(position) && axes && this.#outlook.lengthOf(axes) === 0;
    this.#run.settleWaiting(position, state, isEmptied ? "zero-length" : "upstream");
  }
}
