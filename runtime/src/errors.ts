import { FAILED_RUN_CODES, type RunErrorCode } from "#core/errorCodes.js";
import type { RunError } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";

/** Two bundles of Fanout in one process (command line and library) have two copies of the class; the brand is shared. */
const brand = Symbol.for("fanout.FanoutError");

const failedRunCodes: ReadonlySet<RunErrorCode> = new Set(FAILED_RUN_CODES);

export interface FanoutErrorDetails {
  /** Where in the user's source. */
  readonly at?: SourcePoint | undefined;
  /** What to do about it, as one sentence. */
  readonly advice?: string | undefined;
  /** The user's own frames, source-mapped. */
  readonly stack?: string | undefined;
}

/** Everything that a person can cause and should be told about, with a stable code. */
export class FanoutError extends Error {
  /** In every bundle. */
  override readonly name = "FanoutError";
  readonly [brand] = true;
  /** Where in the person's source. */
  readonly at: SourcePoint | undefined;
  /** What to do about it. */
  readonly advice: string | undefined;
  /** The person's own frames. */
  readonly userStack: string | undefined;

  constructor(
    /** Stable: wording may change, codes do not. */
    readonly code: RunErrorCode,
    message: string,
    details: FanoutErrorDetails = {},
  ) {
    super(message);
    this.at = details.at;
    this.advice = details.advice;
    this.userStack = details.stack;
  }

  /** Holds for errors of any copy of Fanout in the process. */
  static is(value: unknown): value is FanoutError {
    return typeof value === "object" && value !== null && brand in value;
  }

  /** The other direction of `toRunError`, for errors that crossed a process. */
  static from(error: RunError): FanoutError {
    return new FanoutError(error.code, error.message, error);
  }

  /** Exit code of a command that ends with this error: 1 a failed run, 2 could not run. */
  get exitCode(): 1 | 2 {
    return failedRunCodes.has(this.code) ? 1 : 2;
  }

  /** The same as plain JSON. */
  toRunError(): RunError {
    return {
      code: this.code,
      message: this.message,
      ...(this.at && { at: this.at }),
      ...(this.userStack && { stack: this.userStack }),
      ...(this.advice && { advice: this.advice }),
    };
  }
}

/** Anything thrown, as a `RunError`; what is not ours is a defect and keeps its stack out of sight of the code. */
export function asRunError(thrown: unknown): RunError {
  if (FanoutError.is(thrown)) return thrown.toRunError();
  return { code: "internal", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
