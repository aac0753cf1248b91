import type { Reference } from "./declaration.js";
import type { DagBuilder } from "./dagBuilder.js";

/**
 * What marks the objects that users hold. The symbols are registered, so copies of fanout recognise each other's.
 */
export const HANDLE = Symbol.for("fanout.handle");
export const REFERENCE = Symbol.for("fanout.reference");
export const OPERATOR = Symbol.for("fanout.operator");
export const TASK = Symbol.for("fanout.task");
export const GROUP_FUNCTION = Symbol.for("fanout.group");
export const PARTIAL = Symbol.for("fanout.partial");
/** On the class of operators that wait for something. */
export const SENSOR = Symbol.for("fanout.sensor");
export const DAG = Symbol.for("fanout.dag");

/** The task or group that an object stands for: what edges are drawn between. */
export interface Handle {
  readonly builder: DagBuilder;
  /** More than one for `zip` and `concat`. */
  readonly task_ids: readonly string[];
  /** Where it stands for a whole group, which has no `task_ids` of its own. */
  readonly group_id?: string;
}

function read(value: unknown, symbol: symbol): unknown {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject ? (value as Record<symbol, unknown>)[symbol] : undefined;
}

/** The reference that an `XComArg` stands for; undefined for every other value. */
export function referenceOf(value: unknown): Reference | undefined {
  return read(value, REFERENCE) as Reference | undefined;
}

/** What stands behind an `XComArg`, an operator or a group; undefined for every other value. */
export function handleOf(value: unknown): Handle | undefined {
  return read(value, HANDLE) as Handle | undefined;
}

export function isOperator(value: unknown): boolean {
  return read(value, OPERATOR) === true;
}

/** A task function that has not been called. */
export function isTask(value: unknown): boolean {
  return read(value, TASK) === true;
}

/** A task group that has not been called. */
export function isGroupFunction(value: unknown): boolean {
  return read(value, GROUP_FUNCTION) === true;
}

/** What calling a task group gives when its body returns nothing. */
export function isGroup(value: unknown): boolean {
  return handleOf(value)?.group_id !== undefined;
}

/** What `partial()` returns. */
export function isPartial(value: unknown): boolean {
  return read(value, PARTIAL) === true;
}

/** What JSON calls an object: a dict, as Airflow says. Instances of classes are not. */
export function isDict(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  if (referenceOf(value) !== undefined) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || isForeignObjectPrototype(prototype);
}

/** `Object.prototype` of another realm, such as a test runner's. */
function isForeignObjectPrototype(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "isPrototypeOf");
}
