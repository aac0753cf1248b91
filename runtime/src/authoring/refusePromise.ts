import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";

/** Throws `async-dag-body` where a body that describes a graph gave a promise. `what` is the call that it is given to. */
export function refusePromise(returned: unknown, what: string, at: SourcePoint | undefined): void {
  if (typeof returned !== "object" || returned === null || !("then" in returned)) return;
  if (typeof returned.then !== "function") return;
  // Its rejection would otherwise end the process before this clear message is seen.
  Promise.resolve(returned as PromiseLike<unknown>).catch(() => undefined);
  const message = `The body of ${what} must not be asynchronous: do what takes time in a task.`;
  throw new AuthoringError("async-dag-body", message, at);
}
