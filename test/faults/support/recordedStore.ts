import { MemoryRunStore } from "../../../runtime/src/store/memoryRunStore.js";
import type { RunStore } from "../../../runtime/src/store/runStore.js";

const WRITING: ReadonlySet<string | symbol> = new Set<keyof RunStore>([
  ...(["begin", "goOn", "setRunState", "setCount", "setInputs", "putInstance", "settleInstances", "putTry"] as const),
  ...(["putXcom", "putBundle", "deleteInstance", "clearXcoms"] as const),
]);

interface Call {
  readonly name: string | symbol;
  readonly given: readonly unknown[];
}

/** A store that can be had again as it was when it was last kept: what a process leaves that is killed. */
export class RecordedStore {
  readonly now: RunStore;
  readonly #calls: Call[] = [];
  #kept = 0;
  #isGivenUp = false;

  constructor() {
    this.now = new Proxy(new MemoryRunStore(), {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => {
          if (WRITING.has(name)) this.#calls.push({ name, given });
          if (name === "commit") this.keep();
          return Reflect.apply(member, target, given);
        };
      },
    });
  }

  keep(): void {
    if (!this.#isGivenUp) this.#kept = this.#calls.length;
  }

  /** Nothing more is kept of what is written from now on. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  asKept(): RecordedStore {
    const again = new RecordedStore();
    for (const { name, given } of this.#calls.slice(0, this.#kept)) {
      Reflect.apply(Reflect.get(again.now, name) as (...given: readonly unknown[]) => unknown, again.now, given);
    }
    again.keep();
    return again;
  }
}
