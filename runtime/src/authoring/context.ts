import { AuthoringError } from "./authoringError.js";
import { registry } from "./registry.js";
import { callerOf } from "./sourcePoint.js";
import type { CurrentContext } from "./types/context.js";

/**
 * The context of the task instance that is running: what a task function gets as its second argument, for code deeper
 * down. Throws where no task is running, as in the body of a `dag()`.
 */
export function get_current_context(): CurrentContext {
  const { context } = registry();
  if (context !== undefined) return context as CurrentContext;
  const message = "get_current_context() knows a context only while a task runs.";
  throw new AuthoringError("invalid-argument", message, callerOf(get_current_context));
}
