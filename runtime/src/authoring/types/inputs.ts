import type { BaseOperatorArgs } from "./options.js";
import type { Brands, Items, NotMappable, OperatorInstance, Result, Silent, Unexpanded, XComArg } from "./reference.js";

/** A text with a `{{ … }}` in it, which is rendered before the task runs. */
export type Template = `${string}{{${string}}}${string}`;

type Nested<T> = T extends readonly (infer U)[] ? readonly (U | Result<U>)[] : never;

/** A value where a `T` is wanted: the value itself, what a task will return, or, for texts, a template. */
export type Input<T> = T | Result<T> | ([T] extends [string] ? Template : never) | Nested<T>;

/** Inputs of a task, each given as a value or as a reference. */
export type Inputs<I> = { [K in keyof I]: Input<I[K]> };

/** The argument list of a call that may be left out where no input is required. */
export type InputArguments<I> = Record<never, never> extends I ? [inputs?: Inputs<I>] : [inputs: Inputs<I>];

/**
 * What can be expanded over to give each instance a `T`: a list of values or references, a reference to a list, or,
 * where `T` is a pair, a dict. `NotMappable` is let through for the rule of that name.
 */
export type Mappable<T> =
  | readonly Input<T>[]
  | Items<T>
  | Result<readonly T[]>
  | NotMappable
  | (T extends readonly [string, infer V] ? Readonly<Record<string, Input<V>>> : never);

type RequiredKeys<I> = { [K in keyof I]-?: Record<never, never> extends Pick<I, K> ? never : K }[keyof I];

/**
 * Lets every name pass, because rules report unknown, unmappable and repeated ones; but not a reference, a list or a
 * function in place of the object of inputs.
 */
type AnyKeys = Record<string, Silent> & {
  [Brands.result]?: never;
  [Symbol.iterator]?: never;
  [Symbol.hasInstance]?: never;
};

/** Makes TypeScript report a missing input, unless a rule reports the names: none, unknown, unmappable, repeated. */
type Missing<K extends PropertyKey, I, Done extends PropertyKey> = Record<K, unknown> &
  ([K] extends [Exclude<keyof I, Done>] ? Record<Exclude<RequiredKeys<I>, Done>, unknown> : unknown);

/** The argument of `expand`: `K` are the names written, `Done` those that `partial` gave. */
export type ExpandArgs<K extends PropertyKey, I, Done extends PropertyKey> = {
  [Q in Exclude<keyof I, Done>]?: Mappable<I[Q]>;
} & AnyKeys &
  Missing<K, I, Done>;

/** Any of the inputs, each given as a value or as a reference. */
export type PartialInputs<I> = { [K in keyof I]?: Input<I[K]> };

/** Refuses names that are no inputs, with a sentence that says what to do. */
export type KnownKeys<K extends PropertyKey, I> = {
  [Q in K]: Q extends keyof I
    ? unknown
    : Q extends keyof BaseOperatorArgs
      ? `'${Q}' is a task option: give it to task({…}, fn) or .override({…})`
      : `the task has no parameter '${Q & string}'`;
};

/** The dict that `expand_kwargs` takes for one instance. */
export type Kwargs<I, Done extends PropertyKey> = {
  [K in Exclude<RequiredKeys<I>, Done>]: I[K];
} & { [K in Exclude<keyof I, Done | RequiredKeys<I>>]?: I[K] };

/**
 * A list of dicts, each of whose values or itself may be a reference, or a reference to a list of dicts. One dict, results
 * of other shapes and what has none yet are let through for the rule `expand-kwargs-shape`.
 */
export type KwargsList<I, Done extends PropertyKey> =
  | readonly (Inputs<Kwargs<I, Done>> | Result<Kwargs<I, Done>>)[]
  | XComArg<readonly Kwargs<I, Done>[]>
  | Items<NotMappable | readonly Silent[]>
  | Unexpanded
  | OperatorInstance
  | OneDict<I>;

/** One dict instead of a list. It has no other names, so that TypeScript does not explain a list by it. */
type OneDict<I> = { readonly [K in keyof I]?: Silent } & {
  readonly [Brands.result]?: never;
  readonly [Symbol.iterator]?: never;
};
