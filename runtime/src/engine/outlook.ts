import { relevantIndexes } from "./groupIndex.js";
import { axisLength } from "./plan.js";
import type { TaskLinks, Upstream } from "./planGraph.js";
import type { TaskProgress } from "./taskProgress.js";
import type { SeenUpstream } from "./verdicts.js";

/** What a task sees of the tasks before it, and how many instances they let it have. */
export class Outlook {
  constructor(readonly progressOf: (task: number) => TaskProgress) {}

  /** What all instances of a task see alike. */
  ofAll({ upstream, setups, ownSetups, sources }: TaskLinks): SeenUpstream {
    return {
      direct: this.#outside(upstream),
      setups: this.#outside(setups),
      ownSetups: this.#outside(ownSetups),
      sources: this.#sources(sources),
    };
  }

  /** What one of `count` instances sees, with what all of them see alike. */
  ofOne({ upstream, setups, ownSetups }: TaskLinks, index: number, count: number, shared: SeenUpstream): SeenUpstream {
    return {
      direct: shared.direct | this.#inside(upstream, index, count),
      setups: shared.setups | this.#inside(setups, index, count),
      ownSetups: shared.ownSetups | this.#inside(ownSetups, index, count),
      sources: shared.sources,
    };
  }

  /** Null while a source is not done: a mapped one contributes the results that exist, not its instances. */
  lengthOf(axes: NonNullable<TaskLinks["axes"]>): number | null {
    let product = 1;
    for (const axis of axes) {
      const length = axisLength(axis, (task) => {
        const source = this.progressOf(task);
        if (!source.isDone) return null;
        return source.isExpanded ? source.rows : source.length;
      });
      if (length === null) return null;
      product *= length;
    }
    return product;
  }

  /** All instances of the tasks outside of its group, and placeholders inside. */
  #outside({ inner, outer }: Upstream): number {
    let seen = 0;
    for (const one of outer) seen |= this.progressOf(one).seen;
    for (const one of inner) if (!this.progressOf(one).isSplit) seen |= this.progressOf(one).seen;
    return seen;
  }

  #inside({ inner }: Upstream, index: number, count: number): number {
    let seen = 0;
    for (const one of inner) {
      const upstream = this.progressOf(one);
      if (!upstream.isSplit) continue;
      // No task is mapped once more inside of a group: its instances are as many as the group's.
      const { from, to } = relevantIndexes(index, { count, group: count, upstream: upstream.count });
      for (let other = from; other < to; other++) seen |= upstream.seenAt(other);
    }
    return seen;
  }

  #sources(sources: readonly number[]): number {
    let seen = 0;
    for (const one of sources) if (!this.progressOf(one).isExpanded) seen |= this.progressOf(one).seen;
    return seen;
  }
}
