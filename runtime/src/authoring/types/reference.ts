import type { TeardownArgs } from "./options.js";

/**
 * What tells references, operators and unexpanded tasks apart from everything else: property names that only types
 * know, so that no completion list shows them. There is nothing to be done with it. It is a class because one name then
 * carries all symbols to the types of the other module system, whose references are the same.
 */
export declare abstract class Brands {
  static readonly result: unique symbol;
  static readonly items: unique symbol;
  static readonly hint: unique symbol;
  static readonly unexpanded: unique symbol;
  static readonly operator: unique symbol;
}

/** Something that will be a `T` when the DAG runs. */
export interface Result<out T> {
  readonly [Brands.result]: T;
}

/**
 * Something that gives each instance a `T` when it is mapped over.
 * The `hint` member makes this the closest member of `Mappable`, so that TypeScript explains a mismatch by it.
 */
export interface Items<out T> {
  readonly [Brands.items]: T;
  readonly [Brands.hint]: readonly [true, true];
}

/** The result of `partial()`, and a task function before it is called: it still has to be expanded. */
export interface Unexpanded {
  readonly [Brands.unexpanded]: true;
}

/** An operator: its result is its `output`. */
export interface OperatorInstance {
  readonly [Brands.operator]: true;
}

type AnyFunction = (...args: never) => unknown;
interface Steps {
  next(...args: never): unknown;
}
interface Tagged {
  readonly [Symbol.toStringTag]: string;
}
interface Dated {
  [Symbol.toPrimitive](hint: string): unknown;
}

/**
 * Neither a list nor a dict, so it cannot be mapped over: plain values, functions and classes, iterators, `Set`,
 * `Map`, promises, typed arrays, dates, operators and unexpanded tasks.
 * The types of `expand` let these through, because the rule `not-mappable` reports them, with better words.
 */
export type NotMappable =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | void
  | AnyFunction
  | (abstract new (...args: never) => unknown)
  | Steps
  | Tagged
  | Dated
  | RegExp
  | Unexpanded
  | OperatorInstance;

/** Accepts and is accepted everywhere: silences TypeScript where a rule reports. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- nothing else is silent in both directions
export type Silent = any;

/** What one mapped instance receives: the item of a list, the `[key, value]` pair of a dict. */
export type ItemOf<T> = unknown extends T
  ? Silent
  : T extends readonly (infer U)[]
    ? U
    : T extends NotMappable
      ? Silent
      : [keyof T] extends [never]
        ? Silent
        : [key: string, value: T[keyof T]];

/** What can stand in `chain` and beside `set_upstream`: results of tasks, operators and groups. */
export interface Dependency {
  /** Makes `other` run after this. */
  set_downstream(other: Dependency | readonly Dependency[]): void;
  /** Makes this run after `other`. */
  set_upstream(other: Dependency | readonly Dependency[]): void;
}

/** A task, mapped or not, by its result or its operator. */
export interface AnyTask extends Dependency {
  /** Marks the task as one that prepares something for others: Airflow's `as_setup()`. Gives itself. */
  as_setup(): AnyTask;
  /** Marks the task as one that cleans up: Airflow's `as_teardown()`. Its `trigger_rule` must not be set. Gives itself. */
  as_teardown(args?: TeardownArgs): AnyTask;
}

/** The result of a task: `T` is what it returns, `V` what each instance gets when it is mapped over. */
export interface TaskResult<out T, out V> extends Result<T>, Items<V>, AnyTask {
  /** The task's id, with the `__1` that a repeated call adds. */
  readonly task_id: string;
  /** One entry of a dict result, as an input. It cannot be mapped over, nor be derived from: only a whole result can. */
  get<D, K extends (D extends readonly unknown[] ? never : keyof D)>(this: Result<D>, key: K): XComArg<D[K]>;
  /**
   * The same list with `fn` applied to each item, in the instance that takes it. What `fn` throws fails that instance,
   * and `SkipException` skips it. `fn` must not be async, and the result must be a list: a dict has no items by number.
   * (An async one is let through for the rule `async-map`, which says it better.)
   */
  map<U>(fn: (item: V) => U): XComArg<Awaited<U>[]>;
  /** Pairs of items, as many as the shorter list has. */
  zip<U>(other: Items<U>): XComArg<[V, U][]>;
  /** Triples of items, as many as the shortest list has. */
  zip<U, W>(second: Items<U>, third: Items<W>): XComArg<[V, U, W][]>;
  /** Pairs of items, as many as the longer list has; `fillvalue` stands for what is missing. */
  zip<U, F>(other: Items<U>, options: { readonly fillvalue: F }): XComArg<[V | F, U | F][]>;
  /** Triples of items, as many as the longest list has. */
  zip<U, W, F>(second: Items<U>, third: Items<W>, options: { readonly fillvalue: F }): XComArg<[V | F, U | F, W | F][]>;
  /** The items of this, then those of `others`; of a dict its keys, as in Airflow. */
  concat<U = never>(...others: readonly Items<U>[]): XComArg<(V | U)[]>;
  /** Marks the task as one that prepares something for others: Airflow's `as_setup()`. Gives itself. */
  as_setup(): TaskResult<T, V>;
  /** Marks the task as one that cleans up: Airflow's `as_teardown()`. Its `trigger_rule` must not be set. Gives itself. */
  as_teardown(args?: TeardownArgs): TaskResult<T, V>;
  /** The template `{{ ti.xcom_pull(task_ids='…') }}`. */
  toString(): string;
}

/** A reference to what a task will return: a `T`. It has no value while the DAG is being described. */
export type XComArg<T> = TaskResult<T, ItemOf<T>>;

/** The results of a mapped task: an instance that returns nothing has none. */
export type MappedResult<R> = XComArg<Exclude<R, null | undefined>[]>;
