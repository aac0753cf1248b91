import type { ExpandArgs, Inputs, KwargsList, PartialInputs } from "./inputs.js";
import type { BaseOperatorArgs, TeardownArgs } from "./options.js";
import type { AnyTask, MappedResult, OperatorInstance, Unexpanded, XComArg } from "./reference.js";

/** What the constructor of an operator takes: its own arguments, and those that every operator has. */
export type OperatorArgs<P> = BaseOperatorArgs & Inputs<P>;

/** What `partial` of an operator takes: the `task_id`, and whatever is the same for all instances. */
export type OperatorPartialArgs<P> = BaseOperatorArgs & PartialInputs<P>;

/** A mapped operator; its result is its `output`. */
export interface MappedOperator<R> extends AnyTask, OperatorInstance {
  /** The task's id. */
  readonly task_id: string;
  /** The reference to the list of what the instances return. */
  readonly output: MappedResult<R>;
  /** Marks the task as one that prepares something for others: Airflow's `as_setup()`. Gives itself. */
  as_setup(): this;
  /** Marks the task as one that cleans up: Airflow's `as_teardown()`. Its `trigger_rule` must not be set. Gives itself. */
  as_teardown(args?: TeardownArgs): this;
}

/** An operator some of whose arguments (`Done`) are given; expanding it makes the task. */
export interface ExpandableOperator<P, R, Done extends PropertyKey> extends Unexpanded {
  /**
   * Makes one mapped task with an instance for every combination of the given values, the last argument varying
   * fastest. A value is a list, a dict (each instance gets a `[key, value]` pair) or a reference to what an upstream
   * task will return. No values: the task is skipped.
   */
  expand<K extends PropertyKey>(inputs: ExpandArgs<K, P, Done>): MappedOperator<R>;
  /** Makes one mapped task with an instance for every dict of the list, which holds its arguments. */
  expand_kwargs(kwargs: KwargsList<P, Done>): MappedOperator<R>;
}

/** A class of operators, as `partial` sees it: whatever its constructor takes, `args` and `output` tell its types. */
export type OperatorClass<P, R> = abstract new (args: never) => {
  readonly args: Readonly<P>;
  readonly output: XComArg<R>;
};
