/** What keeps this process from leaving by itself: timers, sockets, servers, children, files that are being read. */
export class ActiveResources {
  readonly #before = countActive();

  /** Whether there are more of any kind than when this was made: somebody has left something behind. */
  areMore(): boolean {
    return [...countActive()].some(([kind, count]) => count > (this.#before.get(kind) ?? 0));
  }
}

function countActive(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
