import { NOTHING_KNOWN, NOTHING_MORE } from "../store/runStore.js";
import type { RunningInstance } from "./executor.js";
import type { InstanceLedger } from "./instanceLedger.js";
import { type Instance, instanceKey } from "./instances.js";
import { looksAgain } from "./plan.js";
import { UNKNOWN_INPUTS } from "./resultMarker.js";

/** Instances that take long enough to be seen: only they are shown, and stored, as running. */
export class LongRunners {
  /** What had been told of them then. */
  readonly #announced = new Map<string, { readonly name: string | null; readonly isReceived: boolean }>();

  constructor(readonly ledger: Pick<InstanceLedger, "plan" | "store" | "events" | "tracker" | "moreOf">) {}

  announce(running: readonly RunningInstance[], afterMs: number): void {
    const now = Date.now();
    for (const one of running) if (one.forMs >= afterMs) this.#announceOne(one, now);
  }

  /** The instance will run once more. */
  forget(instance: Instance): void {
    this.#announced.delete(instanceKey(instance));
  }

  #announceOne({ instance, name, inputs, segment, logFrom, forMs }: RunningInstance, now: number): void {
    const { task, map_index, try_number } = instance;
    const key = instanceKey(instance);
    const known = this.#announced.get(key);
    const isReceived = inputs !== UNKNOWN_INPUTS;
    if (known?.name === name && known.isReceived === isReceived) return;
    this.#announced.set(key, { name, isReceived });
    const { store, events } = this.ledger;
    const start = this.#firstLook(instance) ?? now - forMs;
    const log = { segment, from: logFrom, to: null };
    const more = this.ledger.moreOf(instance, NOTHING_MORE, null);
    const facts = { task, map_index, name, state: "running" as const, try_number, start, inputs, log, more };
    store.putInstance({ ...NOTHING_KNOWN, ...facts });
    this.ledger.tracker(task).set(map_index, "running");
    if (known?.name === name) return;
    events.change(task, { map_index, state: "running", try_number, ...(name !== null && { name }) });
  }

  /** When the try began of which this is another look; null where it is none. */
  #firstLook({ task, map_index, try_number }: RunningInstance["instance"]): number | null {
    const { plan, store } = this.ledger;
    const known = looksAgain(plan.tasks[task]) ? store.instance(task, map_index) : null;
    return known?.try_number === try_number ? known.start : null;
  }
}
