/** What keeps this process from leaving by itself: timers, sockets, servers, children, files that are being read, threads. */
export class ActiveResources {
  #allowed: ReadonlyMap<string, number>;
  #threads = 0;

  /** From here on; what there is already stays. */
  constructor() {
    this.#allowed = countActive();
    // Node does not count them with the others.
    process.on("worker", (thread) => {
      this.#threads++;
      thread.once("exit", () => this.#threads--);
    });
  }

  /** Whether there are more of any kind than ever was allowed: somebody has left something behind. */
  areMore(): boolean {
    const active = countActive();
    const isMore = this.#threads > 0 || [...active].some(([kind, count]) => count > (this.#allowed.get(kind) ?? 0));
    // What has gone since, such as a timer of the file itself, is not to hide somebody else's.
    this.#allowed = new Map([...this.#allowed].map(([kind, count]) => [kind, Math.min(count, active.get(kind) ?? 0)]));
    return isMore;
  }
}

function countActive(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
