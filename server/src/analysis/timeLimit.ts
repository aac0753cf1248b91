import { url as inspectorUrl } from "node:inspector";
import vm from "node:vm";

/** Long enough for what many big packages declare, met for the first time; and no longer than a person waits. */
const FIRST_LIMIT = 5_000;
/** After what took too long once, in milliseconds: it is tried again at every edit. */
const NEXT_LIMIT = 500;

const sandbox: { work?: (() => void) | undefined } = {};
const context = vm.createContext(sandbox);
const script = new vm.Script("work()");

/**
 * Ends work that takes too long, in the middle of whatever it does: reading counts its own steps, but a type may keep
 * the type checker busy for minutes. Nothing that the work has changed may be used after that: not even `finally` runs.
 */
export class TimeLimit {
  #milliseconds: number;

  /** `exceeded` throws away what the work may have left half done. */
  constructor(
    private readonly exceeded: () => void,
    milliseconds = FIRST_LIMIT,
  ) {
    this.#milliseconds = milliseconds;
  }

  /** Undefined where the work was ended. */
  run<T>(work: () => T): T | undefined {
    // A person who looks at a line in the debugger is not what this is meant for.
    if (inspectorUrl() !== undefined) return work();
    let result: T | undefined;
    const outer = sandbox.work;
    sandbox.work = () => {
      result = work();
    };
    try {
      script.runInContext(context, { timeout: this.#milliseconds });
      return result;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      this.#milliseconds = Math.min(this.#milliseconds, NEXT_LIMIT);
      this.exceeded();
      return undefined;
    } finally {
      sandbox.work = outer;
    }
  }
}

/** The error is one of the other context, where `Error` is another class. */
function isTimeout(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}
