import type { ts } from "ts-morph";
import type { Unresolved } from "#core/model/dag.js";
import type { Value } from "./value.js";

/**
 * How sure it is that a piece of code is executed: a chain of undecided conditions, the outermost one being certain.
 * Two pieces are equally sure only when they share the link.
 */
export interface Certainty {
  readonly parent: Certainty | undefined;
  /** What could not be decided; undefined only for the outermost. */
  readonly cause: Cause | undefined;
  /** Which of the ways that the cause leaves open. */
  readonly way: number;
}

export interface Cause {
  readonly what: Unresolved["what"];
  /** One sentence without full stop. */
  readonly reason: string;
  readonly node: ts.Node;
}

export const CERTAIN: Certainty = { parent: undefined, cause: undefined, way: 0 };

/** True where everything that happens under `inner` happens only if `outer` happens too. */
export function isWithin(inner: Certainty, outer: Certainty): boolean {
  for (let link: Certainty | undefined = inner; link !== undefined; link = link.parent) {
    if (link === outer) return true;
  }
  return false;
}

/** True where at most one of the two happens: they are different ways out of one condition. */
export function areExclusive(one: Certainty, other: Certainty): boolean {
  for (let link: Certainty | undefined = one; link?.cause !== undefined; link = link.parent) {
    for (let rival: Certainty | undefined = other; rival?.cause !== undefined; rival = rival.parent) {
      if (link.cause === rival.cause && link.way !== rival.way) return true;
    }
  }
  return false;
}

/** Variables by the checker's symbols, so that shadowing and hoisting are TypeScript's business. */
export class Scope {
  private readonly values = new Map<ts.Symbol, Value>();

  constructor(
    readonly parent: Scope | undefined,
    readonly certainty: Certainty,
    readonly self: Value | undefined = parent?.self,
  ) {}

  /** The same variables once more, each to be changed by itself. */
  copy(): Scope {
    const copied = new Scope(this.parent, this.certainty, this.self);
    for (const [symbol, value] of this.values) copied.values.set(symbol, value);
    return copied;
  }

  find(symbol: ts.Symbol): Value | undefined {
    return this.owner(symbol)?.values.get(symbol);
  }

  declare(symbol: ts.Symbol, value: Value): void {
    this.values.set(symbol, value);
  }

  /** The certainty of the scope that declares the symbol, or undefined where none does. */
  certaintyOf(symbol: ts.Symbol): Certainty | undefined {
    return this.owner(symbol)?.certainty;
  }

  /** Changes the variable where it is declared; here, where nothing declares it yet. */
  assign(symbol: ts.Symbol, value: Value): void {
    (this.owner(symbol) ?? this).values.set(symbol, value);
  }

  private owner(symbol: ts.Symbol): Scope | undefined {
    return this.values.has(symbol) ? this : this.parent?.owner(symbol);
  }
}
