import type { RunErrorCode } from "#core/errorCodes.js";
import type { SourcePoint } from "#core/model/source.js";

const brand = Symbol.for("fanout.authoringError");

/**
 * A mistake in a DAG's code that its execution brought to light: thrown by the call that makes it, so that it stops
 * the import of the DAG file. Scripts match on `code`; `at` is the call in the person's own source.
 */
export class AuthoringError extends Error {
  override readonly name = "AuthoringError";
  readonly code: RunErrorCode;
  readonly at: SourcePoint | undefined;

  constructor(code: RunErrorCode, message: string, at: SourcePoint | undefined) {
    super(message);
    this.code = code;
    this.at = at;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for errors of every copy of fanout in this process; `instanceof` knows only its own. */
  static is(error: unknown): error is AuthoringError {
    return typeof error === "object" && error !== null && brand in error;
  }
}
