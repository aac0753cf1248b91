import { type RunStore, tryOfRow } from "../store/runStore.js";
import type { Waiting } from "./due.js";
import type { InstanceLedger } from "./instanceLedger.js";
import { type Instance, type InstanceSpan, instanceKey } from "./instances.js";
import { type Plan, looksAgain } from "./plan.js";
import { type Restored, type Unfinished, readRestored } from "./restored.js";
import { engineLost } from "./runErrors.js";
import type { SensorBook } from "./sensorBook.js";

/** Takes a run up where its store and the journals of its workers left it. */
export class Resumption {
  readonly restored: Restored;

  constructor(
    readonly plan: Plan,
    readonly store: RunStore,
    readonly ledger: InstanceLedger,
    readonly sensors: SensorBook,
  ) {
    this.restored = readRestored(plan, store);
    ledger.restore(this.restored);
    // Before workers are told how many tries an instance has left.
    for (const one of this.restored.unfinished.values()) {
      if (one.state === "running" && !this.#isWatch(one)) this.#interrupt(one);
    }
  }

  /** The try of an instance that its lost engine ended is over, and does not count; those before it do as they did. */
  #interrupt({ task, map_index, base_try }: Unfinished): void {
    const row = this.store.instance(task, map_index);
    if (row) this.store.putTry({ ...tryOfRow(row), state: "failed", error: engineLost() });
    this.ledger.baseTries.set({ task, map_index }, base_try + 1);
  }

  /** The instances of a span that have not ended, each with its next try and the moment of that; 0 is now. */
  *next({ task, from, count }: InstanceSpan): Generator<Waiting & { readonly due: number }> {
    for (let map_index = from; map_index < from + count; map_index++) {
      const instance = { task, map_index };
      if (this.ledger.hasEnded(instance)) continue;
      this.ledger.schedule(task, map_index, 1);
      yield { ...instance, ...this.#nextTry(instance) };
    }
  }

  #nextTry(instance: Instance): { readonly try_number: number; readonly due: number } {
    const known = this.restored.unfinished.get(instanceKey(instance));
    // One that its map has once more had tries before, of which none counts.
    if (!known) return { try_number: this.ledger.baseTry(instance) + 1, due: 0 };
    const { due, try_number, start } = known;
    if (!this.#isWatch(known)) return { try_number: try_number + 1, due: due ?? 0 };
    this.sensors.restore(instance, start ?? 0);
    return { try_number, due: due ?? 0 };
  }

  /** Whether it was between two looks of a try, or in one: to lose a look does not end the try. */
  #isWatch({ task, state }: Unfinished): boolean {
    return state === "up_for_reschedule" || (state === "running" && looksAgain(this.plan.tasks[task]));
  }
}
