import type { Context } from "./context.js";
import type { ExpandArgs, InputArguments, KnownKeys, KwargsList, PartialInputs } from "./inputs.js";
import type { PokeReturnValue } from "../sensor.js";
import type { SensorOptions, ShortCircuitOptions, TaskOptions } from "./options.js";
import type { MappedResult, Unexpanded, XComArg } from "./reference.js";

/** A task some of whose inputs (`Done`) are given; expanding it makes the task. */
export interface Expandable<I, R, Done extends PropertyKey> extends Unexpanded {
  /**
   * Makes one mapped task with an instance for every combination of the given values: three values of `x` and two of
   * `y` are six instances, the last input varying fastest. A value is a list, a dict (each instance gets a
   * `[key, value]` pair) or a reference to what an upstream task will return. No values: the task is skipped.
   */
  expand<K extends PropertyKey>(inputs: ExpandArgs<K, I, Done>): MappedResult<R>;
  /** Makes one mapped task with an instance for every dict of the list, which holds its inputs. */
  expand_kwargs(kwargs: KwargsList<I, Done>): MappedResult<R>;
}

/** A task that can be called in a `dag()` body, any number of times: each call makes a task of its own. */
export interface TaskFunction<I, R> extends Expandable<I, R, never> {
  /** Makes one task that is not mapped, and returns the reference to its result. */
  (...args: InputArguments<I>): XComArg<R>;
  /** Gives inputs that are the same for all instances; `expand` or `expand_kwargs` has to follow. */
  partial<K extends PropertyKey>(inputs: PartialInputs<I> & KnownKeys<K, I>): Expandable<I, R, K>;
  /** The same task with other options, such as another `task_id`. */
  override(options: TaskOptions): TaskFunction<I, R>;
  /** The body itself, to be called with plain values in a test. */
  readonly function: (inputs: I) => R | Promise<R>;
}

/** The body of a task: named inputs, and the context of the run. */
export type TaskBody<I, R> = (inputs: I, context: Context) => R;

/** A kind of task that is made like `task`, whose function must return a `Required`. */
export interface TaskVariant<Required, Options = TaskOptions> {
  <I extends object = Record<never, never>, R extends Required | Promise<Required> = Required>(
    fn: TaskBody<I, R>,
  ): TaskFunction<I, Awaited<R>>;
  <I extends object = Record<never, never>, R extends Required | Promise<Required> = Required>(
    options: Options,
    fn: TaskBody<I, R>,
  ): TaskFunction<I, Awaited<R>>;
}

/** What a sensor may return. */
export type PokeResult = boolean | PokeReturnValue<unknown>;

/** What a sensor leaves as its result: the `xcom_value`, and nothing for plain true; while it is false there is none. */
export type SensorResult<R> = [Found<R>] extends [never] ? null : Found<R>;

type Found<R> = R extends PokeReturnValue<infer T> ? T : R extends false ? never : null;

/** A sensor: like every task function, but its body returns whether it is done. */
export interface SensorFunction<I, R> extends Expandable<I, SensorResult<R>, never> {
  /** Makes one task that is not mapped, and returns the reference to its result. */
  (...args: InputArguments<I>): XComArg<SensorResult<R>>;
  /** Gives inputs that are the same for all instances; `expand` or `expand_kwargs` has to follow. */
  partial<K extends PropertyKey>(inputs: PartialInputs<I> & KnownKeys<K, I>): Expandable<I, SensorResult<R>, K>;
  /** The same task with other options, such as another `task_id` or `timeout`. */
  override(options: SensorOptions): SensorFunction<I, R>;
  /** The body itself, to be called with plain values in a test. */
  readonly function: (inputs: I) => R | Promise<R>;
}

/** What `task.sensor` is: it makes sensors of functions. */
export interface SensorVariant {
  <I extends object = Record<never, never>, R extends PokeResult | Promise<PokeResult> = PokeResult>(
    fn: TaskBody<I, R>,
  ): SensorFunction<I, Awaited<R>>;
  <I extends object = Record<never, never>, R extends PokeResult | Promise<PokeResult> = PokeResult>(
    options: SensorOptions,
    fn: TaskBody<I, R>,
  ): SensorFunction<I, Awaited<R>>;
}

/** What `task` is: a function that makes tasks of functions, and its variants. */
export interface TaskDecorator {
  /** The function's own name is the `task_id`. */
  <I extends object = Record<never, never>, R = void>(fn: TaskBody<I, R>): TaskFunction<I, Awaited<R>>;
  /** `options.task_id`, or else the function's own name, is the `task_id`. */
  <I extends object = Record<never, never>, R = void>(
    options: TaskOptions,
    fn: TaskBody<I, R>,
  ): TaskFunction<I, Awaited<R>>;
  /** The function returns the ids of the tasks that shall follow; the others are skipped. It cannot be mapped: map a group around it. */
  readonly branch: TaskVariant<string | readonly string[] | null | undefined>;
  /** Everything downstream is skipped if the function returns something falsy. It cannot be mapped: map a group around it. */
  readonly short_circuit: TaskVariant<unknown, ShortCircuitOptions>;
  /**
   * The function is called again and again until it returns true, which is no result, or a `PokeReturnValue` that is
   * done, whose `xcom_value` is the result.
   */
  readonly sensor: SensorVariant;
  /** The function returns a shell command, whose last line of output is the result, as with `BashOperator`. */
  readonly bash: TaskVariant<string>;
}
