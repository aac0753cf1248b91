import type { ExpandArgs, InputArguments, KnownKeys, KwargsList, PartialInputs } from "./inputs.js";
import type { MappedOperator } from "./operator.js";
import type { BaseOperatorArgs } from "./options.js";
import type { Dependency, MappedResult, OperatorInstance, Result, Unexpanded, XComArg } from "./reference.js";

/** Options of `task_group({…}, body)`. */
export interface TaskGroupOptions {
  /** Unique in the DAG; stands before the ids of the group's tasks, with a dot. */
  group_id: string;
  /** What all tasks of the group get that do not say otherwise. */
  default_args?: Partial<Omit<BaseOperatorArgs, "task_id">>;
  /** For people. */
  tooltip?: string;
  /** Whether ids inside begin with the group's. Default true. */
  prefix_group_id?: boolean;
}

/** The body of a group; its inputs are references, because they have no values while the DAG is described. */
export type TaskGroupBody<I, R> = (inputs: { readonly [K in keyof I]-?: XComArg<I[K]> }) => R;

/**
 * What a mapped group gives: for every result that its body returns, by itself or in a list or dict, the list of what
 * all instances return; the group itself where the body returns nothing.
 */
export type MappedGroup<R> =
  R extends Result<infer T>
    ? MappedResult<T>
    : R extends OperatorInstance & { readonly output: Result<infer T> }
      ? MappedOperator<T>
      : R extends void
        ? Dependency
        : R extends Dependency
          ? R
          : { readonly [K in keyof R]: MappedGroup<R[K]> };

/** A group some of whose inputs (`Done`) are given. */
export interface ExpandableGroup<I, R, Done extends PropertyKey> extends Unexpanded {
  /** Makes one mapped group with an instance for every combination of the given values, the last input varying fastest. */
  expand<K extends PropertyKey>(inputs: ExpandArgs<K, I, Done>): MappedGroup<R>;
  /**
   * Makes one mapped group with an instance for every dict of the list. All inputs that `partial` did not give come from
   * the dicts, so the body must name its inputs: `({ a, b }) => …`.
   */
  expand_kwargs(kwargs: KwargsList<I, Done>): MappedGroup<R>;
}

/** A group that can be called in a `dag()` body, any number of times: each call makes a group of its own. */
export interface TaskGroupFunction<I, R> extends ExpandableGroup<I, R, never> {
  /** Makes the tasks of the group, and returns what its body returns; the group itself where that is nothing. */
  (...args: InputArguments<I>): R extends void ? Dependency : R;
  /** Gives inputs that are the same for all instances; `expand` or `expand_kwargs` has to follow. */
  partial<K extends PropertyKey>(inputs: PartialInputs<I> & KnownKeys<K, I>): ExpandableGroup<I, R, K>;
  /** The same group with other options, such as another `group_id`. */
  override(options: Partial<TaskGroupOptions>): TaskGroupFunction<I, R>;
}
