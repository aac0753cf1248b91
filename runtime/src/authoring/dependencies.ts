import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { type Handle, handleOf, referenceOf } from "./brand.js";
import { drawEdges } from "./edges.js";
import { callerOf } from "./sourcePoint.js";
import type { Dependency } from "./types/reference.js";
import { describe } from "./values.js";

/**
 * Makes each task run after the one before it: Airflow's `chain`, and what `a >> b >> c` is in Python. A list stands
 * for tasks side by side; of two lists that follow each other, which must have the same length, each task waits for
 * the one in the same place.
 */
export function chain(...tasks: readonly (Dependency | readonly Dependency[])[]): void {
  const at = callerOf(chain);
  const steps = tasks.map((step) => (Array.isArray(step) ? handles(step, at) : handles([step], at)[0]));
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (step === undefined || next === undefined) continue;
    if (Array.isArray(step) && Array.isArray(next)) linkPairs(step, next, at);
    else link([step].flat(), [next].flat(), at);
  }
}

/** Makes every task of the second list wait for every task of the first: Airflow's `cross_downstream`. */
export function cross_downstream(from_tasks: readonly Dependency[], to_tasks: readonly Dependency[]): void {
  const at = callerOf(cross_downstream);
  link(handles(from_tasks, at), handles(to_tasks, at), at);
}

/** What `set_downstream` of a result or operator does. */
export function linkDownstream(self: unknown, other: unknown, at: SourcePoint | undefined): void {
  link(handles([self], at), handles([other].flat(), at), at);
}

/** What `set_upstream` of a result or operator does. */
export function linkUpstream(self: unknown, other: unknown, at: SourcePoint | undefined): void {
  link(handles([other].flat(), at), handles([self], at), at);
}

function link(upstream: readonly Handle[], downstream: readonly Handle[], at: SourcePoint | undefined): void {
  for (const from of upstream) for (const to of downstream) drawEdges(from, to, at);
}

function linkPairs(upstream: readonly Handle[], downstream: readonly Handle[], at: SourcePoint | undefined): void {
  if (upstream.length !== downstream.length) {
    const lengths = `${upstream.length} and ${downstream.length}`;
    const message = `chain() pairs lists that follow each other, so they need the same length, not ${lengths}.`;
    throw new AuthoringError("invalid-argument", message, at);
  }
  for (const [index, from] of upstream.entries()) {
    const to = downstream[index];
    if (to !== undefined) drawEdges(from, to, at);
  }
}

function handles(values: readonly unknown[], at: SourcePoint | undefined): Handle[] {
  return values.map((value) => {
    refuseArgument(value, at);
    const handle = handleOf(value);
    if (handle !== undefined) return handle;
    const message = `Only tasks can depend on each other: results, operators and lists of them, not ${describe(value)}.`;
    throw new AuthoringError("invalid-argument", message, at);
  });
}

function refuseArgument(value: unknown, at: SourcePoint | undefined): void {
  const reference = referenceOf(value);
  if (reference?.type !== "mapped_argument") return;
  const message = `'${reference.name}' is what each instance of '${reference.group_id}' gets, and no task: nothing can wait for it.`;
  throw new AuthoringError("invalid-argument", message, at);
}
