import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { type Handle, handleOf, isDict, referenceOf } from "./brand.js";
import { drawEdges } from "./edges.js";
import { describe } from "./values.js";

/** What `as_setup()` of a result or operator does. */
export function markSetup(self: unknown, at: SourcePoint | undefined): void {
  const { builder, task_ids } = taskHandle(self, at);
  for (const task_id of task_ids) builder.mark(task_id, { role: "setup" }, at);
}

/** What `as_teardown()` does; the tasks that it names become setups, and come before. */
export function markTeardown(self: unknown, args: unknown, at: SourcePoint | undefined): void {
  const handle = taskHandle(self, at);
  const { setups, on_failure_fail_dagrun } = readArgs(args, at);
  for (const task_id of handle.task_ids) {
    handle.builder.mark(task_id, { role: "teardown", on_failure_fail_dagrun }, at);
  }
  for (const setup of setups) {
    markSetup(setup, at);
    drawEdges(taskHandle(setup, at), handle, at);
  }
}

interface TeardownArgs {
  readonly setups: readonly unknown[];
  /** Undefined where it stays as it is. */
  readonly on_failure_fail_dagrun: boolean | undefined;
}

function readArgs(args: unknown = {}, at: SourcePoint | undefined): TeardownArgs {
  if (!isDict(args)) throw new AuthoringError("invalid-argument", "as_teardown() takes one object of options.", at);
  const { setups = [], on_failure_fail_dagrun, ...others } = args;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new AuthoringError("invalid-argument", `'${unknown}' is no option of as_teardown().`, at);
  }
  if (on_failure_fail_dagrun !== undefined && typeof on_failure_fail_dagrun !== "boolean") {
    throw new AuthoringError("invalid-argument", "'on_failure_fail_dagrun' must be true or false.", at);
  }
  return { setups: Array.isArray(setups) ? (setups as readonly unknown[]) : [setups], on_failure_fail_dagrun };
}

function taskHandle(value: unknown, at: SourcePoint | undefined): Handle {
  const handle = handleOf(value);
  if (handle?.group_id !== undefined) throw groupMarked(at);
  if (handle !== undefined && referenceOf(value)?.type !== "mapped_argument") return handle;
  const message = `Only tasks can be marked as setup or teardown, not ${describe(value)}.`;
  throw new AuthoringError("invalid-argument", message, at);
}

export function groupMarked(at: SourcePoint | undefined): AuthoringError {
  const message = "Task groups cannot be marked as setup or teardown: mark tasks in them.";
  return new AuthoringError("invalid-argument", message, at);
}
