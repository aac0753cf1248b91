import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { RunProgress } from "./runProgress.js";
import type { Ended } from "./taskProgress.js";

/** What results decided to skip: done at once, or when the instance comes to exist, or the task may be skipped. */
export class DecidedSkips {
  /** Of instances that do not exist yet. */
  readonly #toCome = new Map<number, Set<number>>();
  /** Of tasks that have to wait before they may be skipped: the indexes, or -1 for all of their instances. */
  readonly #held = new Map<number, Set<number>>();

  constructor(
    readonly run: RunProgress,
    /** Whether a task that is about to be skipped has to wait. */
    readonly holdsSkip: (task: number) => boolean,
  ) {}

  /** What an instance of a task decided: inside of a group at its index. */
  decide(task: number, { map_index, skips }: Pick<Ended, "map_index" | "skips">): void {
    const index = this.run.linksOf(task).task.group === null ? UNMAPPED_INDEX : map_index;
    for (const skipped of skips) this.#skip(skipped, index);
  }

  /** The task may perhaps be skipped now. */
  reconsider(task: number): void {
    const decided = this.#held.get(task) ?? [];
    this.#held.delete(task);
    for (const index of decided) this.#skip(task, index);
  }

  /** Whether the instance, or, for -1, all of the task's, would be skipped already if that had not to wait. */
  isHeld(task: number, index: number): boolean {
    return this.#held.get(task)?.has(index) === true;
  }

  /** Whether the instance is skipped in place of its start. */
  isToCome(task: number, index: number): boolean {
    return this.#toCome.get(task)?.has(index) === true;
  }

  #skip(task: number, index: number): void {
    if (this.holdsSkip(task)) note(this.#held, task, index);
    else if (index === UNMAPPED_INDEX) this.run.settleWaiting(task, "skipped", "decision");
    else this.#skipAt(task, index);
  }

  #skipAt(task: number, index: number): void {
    const progress = this.run.of(task);
    if (progress.isSplit) {
      if (progress.isWaitingAt(index)) this.run.settle(task, index, 1, "skipped", "decision");
    } else if (progress.isWaiting) {
      note(this.#toCome, task, index);
    }
  }
}

function note(indexes: Map<number, Set<number>>, task: number, index: number): void {
  const known = indexes.get(task);
  if (known) known.add(index);
  else indexes.set(task, new Set([index]));
}
