import type { Instance } from "./instances.js";

/** Tries that do not count against `retries`, of the few instances that have any: see `InstanceMore`. */
export class BaseTries {
  /** By task and index. */
  readonly #known = new Map<number, Map<number, number>>();

  of({ task, map_index }: Instance): number {
    return this.#known.size === 0 ? 0 : (this.#known.get(task)?.get(map_index) ?? 0);
  }

  /** Of all instances of a task where it is not 0. */
  ofTask(task: number): readonly (readonly [map_index: number, base_try: number])[] {
    return [...(this.#known.get(task) ?? [])];
  }

  set({ task, map_index }: Instance, base_try: number): void {
    if (base_try === 0) return;
    const known = this.#known.get(task);
    if (known) known.set(map_index, base_try);
    else this.#known.set(task, new Map([[map_index, base_try]]));
  }
}
