import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "../authoring/authoringError.js";
import { isDict } from "../authoring/brand.js";
import { callerOf } from "../authoring/sourcePoint.js";
import type { TaskInstance, XcomPull } from "../authoring/types/context.js";
import { describe } from "../authoring/values.js";
import { FanoutError } from "../errors.js";
import { RETURN_KEY } from "../store/runStore.js";
import type { BaseContext } from "./context.js";
import type { Running } from "./instance.js";
import { toResultJson } from "./json.js";
import type { TaskNames } from "./taskNames.js";
import { LAST_INDEX, type Xcoms } from "./xcoms.js";

/** What `ti` can ask and tell the engine. */
export interface XcomAccess {
  readonly names: TaskNames;
  readonly xcoms: Xcoms;
}

/** The `ti` of one try. */
export function taskInstanceOf(base: BaseContext["ti"], running: Running, access: XcomAccess): TaskInstance {
  return new OwnTaskInstance(base, running, access);
}

class OwnTaskInstance implements TaskInstance {
  readonly dag_id: string;
  readonly task_id: string;
  readonly run_id: string;
  readonly map_index: number;
  readonly try_number: number;
  readonly max_tries: number;
  readonly start_date: Date;
  readonly operator: string;
  readonly hostname: string;
  readonly #running: Running;
  readonly #access: XcomAccess;

  // Written out: this is done for each of 100,000 instances, and putting objects together costs a microsecond.
  constructor(base: BaseContext["ti"], running: Running, access: XcomAccess) {
    this.dag_id = base.dag_id;
    this.task_id = base.task_id;
    this.run_id = base.run_id;
    this.map_index = running.map_index;
    this.try_number = running.try_number;
    this.max_tries = base.max_tries + running.base_try;
    this.start_date = new Date(running.start);
    this.operator = base.operator;
    this.hostname = base.hostname;
    this.#running = running;
    this.#access = access;
  }

  // The methods are made when they are asked for, as most instances never do; by themselves they still know whose they are.

  get xcom_push(): TaskInstance["xcom_push"] {
    const xcom_push = (xcom: unknown): void => push(xcom, this.#running, this.#access, callerOf(xcom_push));
    return xcom_push;
  }

  get xcom_pull(): TaskInstance["xcom_pull"] {
    const xcom_pull = (wanted: unknown = {}): unknown => {
      const at = callerOf(xcom_pull);
      return pull(readPull(wanted, at), this.#running, this.#access, at);
    };
    return xcom_pull as TaskInstance["xcom_pull"];
  }
}

function push(xcom: unknown, running: Running, { xcoms }: XcomAccess, at: SourcePoint | undefined): void {
  const { key, value } = readNames("xcom_push", xcom, ["key", "value"], at);
  if (typeof key !== "string" || key === "") throw invalid("The 'key' of xcom_push must be a text.", at);
  const json = jsonOf(key, value, at);
  // It is kept with the instance's result, whose place it takes.
  if (key === RETURN_KEY) running.pushedResult = json;
  else xcoms.push({ task: running.task, map_index: running.map_index, entries: [[key, json]] });
}

function jsonOf(key: string, value: unknown, at: SourcePoint | undefined): string {
  try {
    return toResultJson(value, `The value of '${key}'`) ?? "null";
  } catch (thrown) {
    if (!FanoutError.is(thrown)) throw thrown;
    throw new FanoutError(thrown.code, thrown.message, { at, advice: thrown.advice });
  }
}

interface Pull {
  /** Undefined: the running instance itself. */
  readonly task_ids: string | readonly string[] | undefined;
  readonly key: string;
  readonly map_indexes: number | readonly number[] | undefined;
  readonly fallback: unknown;
}

/** As Airflow's `RuntimeTaskInstance.xcom_pull`. */
function pull(wanted: Pull, running: Running, { names, xcoms }: XcomAccess, at: SourcePoint | undefined): unknown {
  const { task_ids, key, map_indexes, fallback } = wanted;
  const isOwn = task_ids === undefined;
  const tasks = isOwn ? [running.task] : listOf(task_ids).map((task_id) => positionOf(names, task_id, at));
  const isSingle = isOwn || typeof task_ids === "string";
  const indexes = map_indexes ?? (isOwn ? running.map_index : undefined);
  const one = (task: number, map_index: number): unknown => {
    const json = xcoms.one(task, key, map_index);
    return json === undefined ? fallback : JSON.parse(json);
  };
  if (indexes !== undefined) {
    const values = tasks.flatMap((task) => listOf(indexes).map((map_index) => one(task, map_index)));
    return isSingle && typeof indexes === "number" ? values[0] : values;
  }
  const all = (task: number): unknown[] =>
    xcoms.rows({ task, key, from: 0, to: LAST_INDEX }).map(({ json }) => JSON.parse(json) as unknown);
  const found = tasks.map((task) => (names.isMapped(task) ? all(task) : [one(task, -1)]));
  if (!isSingle) return found.flat();
  const [values = []] = found;
  if (tasks[0] === undefined || !names.isMapped(tasks[0])) return values[0];
  return values.length > 0 ? values : fallback;
}

function readPull(given: unknown, at: SourcePoint | undefined): Pull {
  const names = ["task_ids", "key", "map_indexes", "default"] as const satisfies readonly (keyof XcomPull)[];
  const wanted = readNames("xcom_pull", given, names, at);
  const { task_ids, key = RETURN_KEY, map_indexes, default: fallback = null } = wanted;
  if (typeof key !== "string" || key === "") throw invalid("The 'key' of xcom_pull must be a text.", at);
  if (task_ids !== undefined && !listOf(task_ids).every((id) => typeof id === "string")) {
    throw invalid(`'task_ids' of xcom_pull must be a text or a list of texts, not ${describe(task_ids)}.`, at);
  }
  if (map_indexes !== undefined && !listOf(map_indexes).every(Number.isInteger)) {
    throw invalid(
      `'map_indexes' of xcom_pull must be a number or a list of numbers, not ${describe(map_indexes)}.`,
      at,
    );
  }
  return { task_ids: task_ids as Pull["task_ids"], key, map_indexes: map_indexes as Pull["map_indexes"], fallback };
}

/** One object of named inputs, where Python has keyword arguments. */
function readNames<K extends string>(
  method: string,
  given: unknown,
  names: readonly K[],
  at: SourcePoint | undefined,
): Partial<Record<K, unknown>> {
  const list = names.map((name) => `'${name}'`).join(", ");
  if (!isDict(given)) throw invalid(`${method} takes one object with ${list}, not ${describe(given)}.`, at);
  const unknown = Object.keys(given).find((name) => !names.some((known) => known === name));
  if (unknown === undefined) return given as Partial<Record<K, unknown>>;
  throw invalid(`'${unknown}' is nothing that ${method} takes: it takes ${list}.`, at);
}

function positionOf(names: TaskNames, task_id: string, at: SourcePoint | undefined): number {
  const position = names.positionOf(task_id);
  if (position !== undefined) return position;
  const meant = names.similarTo(task_id);
  const message = `xcom_pull asks for the task '${task_id}', which the DAG does not have.`;
  const advice = meant === undefined ? "Name a task of this DAG." : `Did you mean '${meant}'?`;
  throw new FanoutError("unknown-task", message, { at, advice });
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function invalid(message: string, at: SourcePoint | undefined): AuthoringError {
  return new AuthoringError("invalid-argument", message, at);
}
