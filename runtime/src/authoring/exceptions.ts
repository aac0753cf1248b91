const skip = Symbol.for("fanout.skipException");
const fail = Symbol.for("fanout.failException");

/** Thrown by a task: the instance is skipped. Airflow's `AirflowSkipException`. */
export class SkipException extends Error {
  /** The class name, in every bundle. */
  override readonly name: string = "SkipException";

  constructor(message = "The task asked to be skipped.") {
    super(message);
    Object.defineProperty(this, skip, { value: true });
  }

  /** True for those of every copy of fanout in this process. */
  static is(error: unknown): error is SkipException {
    return typeof error === "object" && error !== null && skip in error;
  }
}

/** Thrown by a task: the instance fails at once, whatever its `retries`. Airflow's `AirflowFailException`. */
export class FailException extends Error {
  /** The class name, in every bundle. */
  override readonly name: string = "FailException";

  constructor(message = "The task asked to fail.") {
    super(message);
    Object.defineProperty(this, fail, { value: true });
  }

  /** True for those of every copy of fanout in this process. */
  static is(error: unknown): error is FailException {
    return typeof error === "object" && error !== null && fail in error;
  }
}
