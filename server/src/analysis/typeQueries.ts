import type { ts } from "ts-morph";

/**
 * The type checker behind a small interface, so that another one can be adopted. Phase 2: asked only about what is
 * mapped over and about results.
 */
export interface TypeQueries {
  /** Runs what asks the questions; undefined where the answers take too long: then nothing can be asked any more. */
  within<T>(run: () => T): T | undefined;
  /** Whether a value, or the result that a reference carries, is a list or dict. */
  mappability(expression: ts.Expression): Mappability;
  /** Whether the result that a reference carries is a list of dicts, as `expand_kwargs` needs it; other values are TypeScript's. */
  kwargs(expression: ts.Expression): KwargsShape;
  /** Names that each dict of a list, or of the list that a reference carries, surely has; none where that cannot be told. */
  kwargsNames(expression: ts.Expression): readonly string[];
  /** The type that a task's reference will carry (`number[]` of `XComArg<number[]>`), as text; undefined for anything else. */
  resultType(expression: ts.Expression): string | undefined;
  /** Names of the inputs that a task's function takes; undefined where any name could be right. */
  parameterNames(fn: ts.SignatureDeclaration): ReadonlySet<string> | undefined;
  /** Number of items of an expression whose type is a tuple of fixed length. */
  tupleLength(expression: ts.Expression): number | undefined;
  /** True where the result that a reference carries is a dict, whatever else it may be. */
  isDictResult(expression: ts.Expression): boolean;
  /** True where what the expression is declared as leaves nothing but a reference: no undefined, no other member. */
  isAlwaysReference(expression: ts.Expression): boolean;
  /** True where TypeScript has nothing to say about how the value is used: it is `any`, or its file is unchecked. */
  isUnchecked(expression: ts.Expression): boolean;
  /** True where TypeScript lets the argument stand in its call, as far as its own type goes. */
  isAccepted(argument: ts.Expression): boolean;
  /** What can be said of a value that a task returns, once it is awaited; undefined where its type says nothing. */
  returned(expression: ts.Expression): ResultType | undefined;
  /** The type of an expression, as text for people. */
  typeText(expression: ts.Expression): string;
}

export interface ResultType {
  readonly text: string;
  /** True where it is surely no dict; null and undefined are no result and do not count. */
  readonly isNoDict: boolean;
  /** A part that JSON surely cannot carry: where it is in the value, `.rows[…].id`, and what it is. */
  readonly lost?: { readonly path: string; readonly what: string };
}

export type Mappability =
  | { readonly verdict: "ok" }
  | {
      /** `maybe-not-mappable`: some members of a union are, some are not. `untyped`: `any` or `unknown`. */
      readonly verdict: "not-mappable" | "maybe-not-mappable" | "untyped";
      /** The offending type, as text for messages; of a union only the members that cannot be mapped over. */
      readonly type: string;
      /** True where the value is a reference and the type is what the upstream task returns. */
      readonly upstream: boolean;
    };

export type KwargsShape =
  | { readonly verdict: "ok" }
  | {
      /** `dict`: one instead of a list. `items`: a list of something else. `untyped`: `any`. */
      readonly verdict: "no-list" | "dict" | "items" | "untyped";
      /** The type of it all, as text for messages. */
      readonly type: string;
    };
