import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { HANDLE, type Handle, REFERENCE, handleOf, referenceOf } from "./brand.js";
import type { Reference } from "./declaration.js";
import { linkDownstream, linkUpstream } from "./dependencies.js";
import { callerOfMethod } from "./sourcePoint.js";

/**
 * What stands behind the type `XComArg`: a task, and what is done with its result. It has no `then`, so that awaiting
 * it by mistake gives it back, and no property of the result, so that reading one by mistake gives undefined.
 */
export class ResultReference {
  readonly task_id: string;
  declare readonly [HANDLE]: Handle;
  declare readonly [REFERENCE]: Reference;

  constructor(handle: Handle, reference: Reference) {
    this.task_id = handle.task_ids[0] ?? "";
    Object.defineProperty(this, HANDLE, { value: handle });
    Object.defineProperty(this, REFERENCE, { value: Object.freeze(reference) });
    Object.freeze(this);
  }

  get(key: string): ResultReference {
    const at = callerOfMethod(this, "get");
    const of = this[REFERENCE];
    if (of.type !== "task" || of.key !== null) {
      throw new AuthoringError("invalid-argument", "get() takes an entry of a task's own result only.", at);
    }
    return this.#derive(`get('${key}')`, { ...of, key }, [], at);
  }

  map(fn: (item: never) => unknown): ResultReference {
    const at = callerOfMethod(this, "map");
    if (typeof fn !== "function") throw new AuthoringError("invalid-argument", "map() takes a function.", at);
    return this.#derive("map()", { type: "map", of: this[REFERENCE], fn }, [], at);
  }

  zip(...others: readonly unknown[]): ResultReference {
    const at = callerOfMethod(this, "zip");
    const options = others.at(-1);
    const hasOptions = referenceOf(options) === undefined && typeof options === "object" && options !== null;
    const references = readReferences("zip()", hasOptions ? others.slice(0, -1) : others, at);
    const fill = hasOptions && "fillvalue" in options ? { fillvalue: options.fillvalue } : {};
    const of = [this[REFERENCE], ...references.map((other) => other[REFERENCE])];
    return this.#derive("zip()", { type: "zip", of: Object.freeze(of), ...fill }, references, at);
  }

  concat(...others: readonly unknown[]): ResultReference {
    const at = callerOfMethod(this, "concat");
    const references = readReferences("concat()", others, at);
    const of = [this[REFERENCE], ...references.map((other) => other[REFERENCE])];
    return this.#derive("concat()", { type: "concat", of: Object.freeze(of) }, references, at);
  }

  set_downstream(other: unknown): void {
    linkDownstream(this, other, callerOfMethod(this, "set_downstream"));
  }

  set_upstream(other: unknown): void {
    linkUpstream(this, other, callerOfMethod(this, "set_upstream"));
  }

  /** Types know no such thing; this is for whoever loops over an `any`, or without types. */
  [Symbol.iterator](): never {
    const message = `The result of '${this.task_id}' has no items yet: map over it with expand().`;
    throw new AuthoringError("invalid-argument", message, callerOfMethod(this, Symbol.iterator));
  }

  toString(): string {
    return `{{ ti.xcom_pull(task_ids='${this.task_id}') }}`;
  }

  #derive(
    feature: string,
    reference: Reference,
    others: readonly ResultReference[],
    at: SourcePoint | undefined,
  ): ResultReference {
    const { builder, task_ids } = this[HANDLE];
    builder.addNotSupported(feature, at);
    const all = new Set([...task_ids, ...others.flatMap((other) => other[HANDLE].task_ids)]);
    return new ResultReference(Object.freeze({ builder, task_ids: Object.freeze([...all]) }), reference);
  }
}

function readReferences(what: string, values: readonly unknown[], at: SourcePoint | undefined): ResultReference[] {
  return values.map((value) => {
    if (handleOf(value) !== undefined && referenceOf(value) !== undefined) return value as ResultReference;
    throw new AuthoringError("invalid-argument", `${what} takes results of tasks only.`, at);
  });
}

/** The reference to the whole return value of a task. */
export function resultOf(handle: Handle): ResultReference {
  return new ResultReference(handle, { type: "task", task_id: handle.task_ids[0] ?? "", key: null });
}
