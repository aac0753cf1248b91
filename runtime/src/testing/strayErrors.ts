import { FanoutError } from "../errors.js";
import { OutputCapture } from "./outputCapture.js";

const EVENTS = ["unhandledRejection", "uncaughtException"] as const;
type Listener = (...values: unknown[]) => void;

/**
 * What the code of an instance throws where nobody awaits it: in a worker it ends the process and fails the instance
 * that runs, here it fails that instance. What other code throws goes to whoever listened before.
 */
export class StrayErrors {
  readonly #restore: (() => void)[] = [];
  #fail: ((thrown: unknown) => void) | null = null;

  constructor(readonly owner: OutputCapture) {}

  start(): void {
    for (const event of EVENTS) this.#take(event);
    const exit = process.exit.bind(process);
    const refuse = (code?: number): never => {
      if (OutputCapture.current() !== this.owner) return exit(code);
      throw new FanoutError("worker-died", `The task ended its process with exit code ${String(code ?? 0)}.`, {
        advice: "Throw an error, or return.",
      });
    };
    const before = Object.getOwnPropertyDescriptor(process, "exit");
    process.exit = refuse;
    this.#restore.push(() => {
      if (before) Object.defineProperty(process, "exit", before);
    });
  }

  stop(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  /** What `work` returns; throws what it throws, or what was thrown meanwhile where nobody waits for it. */
  async guard(work: () => unknown): Promise<unknown> {
    const stray = new Promise<never>((_, reject) => (this.#fail = reject));
    stray.catch(() => undefined);
    try {
      const value = await Promise.race([work(), stray]);
      // Rejections are told when everything that was ready has run.
      await Promise.race([new Promise((resolve) => setImmediate(resolve)), stray]);
      return value;
    } finally {
      this.#fail = null;
    }
  }

  #take(event: (typeof EVENTS)[number]): void {
    const before = process.rawListeners(event) as Listener[];
    const listener: Listener = (thrown, ...more) => {
      if (OutputCapture.current() === this.owner && this.#fail) this.#fail(thrown);
      else if (before.length > 0) for (const one of before) one.call(process, thrown, ...more);
      // Nobody listened: Node would have ended the process.
      else throw thrown;
    };
    process.removeAllListeners(event);
    process.on(event, listener);
    this.#restore.push(() => {
      const added = (process.rawListeners(event) as Listener[]).filter((one) => one !== listener);
      process.removeAllListeners(event);
      for (const one of [...before, ...added]) process.on(event, one);
    });
  }
}
