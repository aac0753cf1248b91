import { AsyncLocalStorage } from "node:async_hooks";
import { FanoutError } from "../errors.js";

/** Tells which instance the code belongs to that runs: also what it started and did not wait for. */
export class LateThrows<T extends object> {
  readonly #scope = new AsyncLocalStorage<T>();
  readonly #told = new Set<T>();
  #current: T | null = null;

  /** Whether an instance runs now. */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  /** Whether one has thrown that had ended: the process may be in any state, and should leave. */
  get isSpoilt(): boolean {
    return this.#told.size > 0;
  }

  /** Until `ended` is called, the instance is the one that runs. */
  run<R>(instance: T, work: () => R): R {
    this.#current = instance;
    return this.#scope.run(instance, work);
  }

  ended(): void {
    this.#current = null;
  }

  /**
   * The instance whose code runs, where that is not the one that runs now; null where it is, or where nobody knows: what no
   * instance started is the mistake of the one that runs.
   */
  get late(): T | null {
    const instance = this.#scope.getStore() ?? null;
    return instance === this.#current ? null : instance;
  }

  /** True the first time that it is called for an instance: one that throws again and again is told of once. */
  isNews(instance: T): boolean {
    if (this.#told.has(instance)) return false;
    this.#told.add(instance);
    return true;
  }

  /** From here on, `process.exit` of an instance that has ended is a throw of it. */
  guardExit(): void {
    const exit = process.exit.bind(process);
    process.exit = (code): never => {
      if (this.late === null) return exit(code);
      throw new FanoutError("worker-died", `The task ended its process with exit code ${String(code ?? 0)}.`, {
        advice: "Throw an error, or return.",
      });
    };
  }
}
