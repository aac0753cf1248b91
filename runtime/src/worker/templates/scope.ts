import { Undefined } from "./values.js";

/** What the names of a template stand for: those it sets, inside of those of the task's context. */
export class Scope {
  readonly #names = new Map<string, unknown>();

  constructor(
    readonly outer: Scope | null,
    /** Undefined where there is no such name. */
    readonly given: (name: string) => unknown = () => undefined,
  ) {}

  set(name: string, value: unknown): void {
    this.#names.set(name, value);
  }

  /** A name that nobody set is a value as well: who uses it fails. */
  lookup(name: string): unknown {
    const value = this.#find(name);
    return value === undefined ? new Undefined(`'${name}' is undefined`) : value;
  }

  child(): Scope {
    return new Scope(this);
  }

  /** The names that were set here. */
  exported(): Record<string, unknown> {
    return Object.fromEntries([...this.#names].filter(([name]) => !name.startsWith("_")));
  }

  #find(name: string): unknown {
    if (this.#names.has(name)) return this.#names.get(name) ?? null;
    return this.outer === null ? this.given(name) : this.outer.#find(name);
  }
}
