import type { SourcePoint } from "#core/model/source.js";
import { PARTIAL } from "./brand.js";
import type { MappingDeclaration } from "./declaration.js";
import { type MappingTarget, readExpand, readExpandKwargs } from "./mapping.js";
import { registry } from "./registry.js";
import { callerOf } from "./sourcePoint.js";

/** The two ways to make a mapped task; `T` is what the person gets for it. */
export interface Expanders<T> {
  readonly expand: (inputs: unknown) => T;
  readonly expand_kwargs: (kwargs: unknown) => T;
}

/** A task function or operator class with the inputs that `partial` gave, as far as mapping it needs to know it. */
export interface Mappable<T> {
  readonly target: MappingTarget;
  readonly make: (mapping: MappingDeclaration, at: SourcePoint | undefined) => T;
}

export function makeExpanders<T>({ target, make }: Mappable<T>, onUse?: () => void): Expanders<T> {
  const expand = (inputs: unknown): T => {
    const at = callerOf(expand);
    onUse?.();
    return make(readExpand(target, inputs, at), at);
  };
  const expand_kwargs = (kwargs: unknown): T => {
    const at = callerOf(expand_kwargs);
    onUse?.();
    return make(readExpandKwargs(target, kwargs, at), at);
  };
  return { expand, expand_kwargs };
}

/**
 * What `partial()` returns. One that is made in a `dag()` body must be expanded before the body ends; one that is
 * made outside may be there for other files.
 */
export function makePartial<T>(mappable: Mappable<T>, at: SourcePoint | undefined): Expanders<T> {
  const { building } = registry();
  const partial: Expanders<T> = makeExpanders(mappable, () => building?.usePartial(partial));
  Object.defineProperty(partial, PARTIAL, { value: true });
  building?.addPartial(partial, { name: mappable.target.name, at });
  return Object.freeze(partial);
}
