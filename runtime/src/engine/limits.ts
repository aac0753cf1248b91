/** A share of something of which there is only so much: slots of a pool, instances of a task at once. */
export interface Need {
  /** What it is a share of; equal texts share one stock. */
  readonly key: string;
  readonly amount: number;
  /** How much there is of it in all. */
  readonly size: number;
}

/**
 * What the runs of one engine process share: who may run an instance now. Whatever counts is counted here, so that two
 * runs side by side keep to the size of a pool together; two processes know nothing of each other.
 */
export class Limits {
  readonly #taken = new Map<string, number>();
  readonly #listeners = new Set<() => void>();

  /** The first of the needs of which too little is left; null where there is enough of all. */
  shortOf(needs: readonly Need[]): Need | null {
    return needs.find(({ key, amount, size }) => this.taken(key) + amount > size) ?? null;
  }

  take(needs: readonly Need[]): void {
    for (const { key, amount } of needs) this.#taken.set(key, this.taken(key) + amount);
  }

  /** Gives back what was taken, and tells everybody who may have waited for it. */
  release(needs: readonly Need[]): void {
    for (const { key, amount } of needs) {
      const left = this.taken(key) - amount;
      if (left > 0) this.#taken.set(key, left);
      else this.#taken.delete(key);
    }
    if (needs.length > 0) for (const listener of this.#listeners) listener();
  }

  /** Stands as this one does and then goes its own way, unheard. */
  copy(): Limits {
    const copy = new Limits();
    for (const [key, amount] of this.#taken) copy.#taken.set(key, amount);
    return copy;
  }

  taken(key: string): number {
    return this.#taken.get(key) ?? 0;
  }

  /** Calls back whenever something was given back; the returned function ends that. */
  onRelease(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
