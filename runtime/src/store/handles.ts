import type { InstanceState } from "#core/model/run.js";
import type { InstanceHandle } from "#core/model/runAction.js";
import { FanoutError } from "../errors.js";

/** What there is to be called so. */
export interface Numbered {
  readonly task_id: string;
  readonly mapped: boolean;
  /** Null while the task is not expanded. */
  readonly count: number | null;
  readonly instances: readonly Named[];
}

interface Named {
  readonly map_index: number;
  readonly name: string | null;
  readonly state: InstanceState;
}

/** So many are listed where several are meant, or none is. */
const MOST_LISTED = 10;

/**
 * The index of the one instance that is meant. A text of digits is an index where there is such an instance, else a name
 * as any other text; what a map has no longer is meant where nothing else is.
 * @throws FanoutError `unknown-map-index`, or `ambiguous-instance` where several have the name.
 */
export function indexOfHandle(task: Numbered, handle: InstanceHandle): number {
  if (!task.mapped) {
    const message = `Task '${task.task_id}' is not mapped, so it has no instance '${String(handle)}'.`;
    throw new FanoutError("unknown-map-index", message, { advice: "Leave the index out." });
  }
  const index = typeof handle === "number" ? handle : digits(handle);
  if (index !== null && hasIndex(task, index)) return index;
  const named = typeof handle === "string" ? instancesNamed(task.instances, handle) : [];
  const [only, ...others] = named;
  if (only === undefined) throw unknown(task, handle);
  if (others.length === 0) return only;
  throw new FanoutError(
    "ambiguous-instance",
    `${String(named.length)} instances of task '${task.task_id}' are named '${String(handle)}': ${listed(named)}.`,
    { advice: "Name the one that you mean by its index." },
  );
}

/** Indexes of the instances that have the name, as it is or as it is shown on one line. */
export function instancesNamed(instances: readonly Named[], name: string): readonly number[] {
  const wanted = onOneLine(name);
  const named = instances.filter((one) => one.name !== null && (one.name === name || onOneLine(one.name) === wanted));
  const there = named.filter(({ state }) => state !== "removed");
  return (there.length > 0 ? there : named).map(({ map_index }) => map_index);
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** The index that a text of digits is; null for any other. */
export function digits(text: string): number | null {
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : null;
}

function hasIndex({ count, instances }: Numbered, index: number): boolean {
  const isNumbered = Number.isInteger(index) && index >= 0 && count !== null && index < count;
  return isNumbered || instances.some(({ map_index }) => map_index === index && index >= 0);
}

function unknown({ task_id, count, instances }: Numbered, handle: InstanceHandle): FanoutError {
  const what = typeof handle === "number" ? String(handle) : `'${handle}'`;
  const names = instances.flatMap(({ name }) => (name === null ? [] : [`'${onOneLine(name)}'`]));
  const indexes = count !== null && count > 0 ? `Its instances are 0 to ${String(count - 1)}` : "";
  const called = names.length > 0 ? `, named ${listed(names)}` : "";
  return new FanoutError("unknown-map-index", `Task '${task_id}' has no instance ${what}.`, {
    advice: indexes === "" ? "It has no instances in this run." : `${indexes}${called}.`,
  });
}

function listed(all: readonly (string | number)[]): string {
  const more = all.length - MOST_LISTED;
  return [...all.slice(0, MOST_LISTED), ...(more > 0 ? [`… ${String(more)} more`] : [])].join(", ");
}
