import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { HANDLE, type Handle, REFERENCE, handleOf, isDict, isTask, referenceOf } from "./brand.js";
import type { Reference } from "./declaration.js";
import { Linkable } from "./linkable.js";
import { callerOfMethod } from "./sourcePoint.js";
import { contentsOf, describe } from "./values.js";

/**
 * What stands behind the type `XComArg`: a task, and what is done with its result. It has no `then`, so that awaiting
 * it by mistake gives it back, and no property of the result, so that reading one by mistake gives undefined.
 */
export class ResultReference extends Linkable {
  readonly task_id: string;
  declare readonly [HANDLE]: Handle;
  declare readonly [REFERENCE]: Reference;

  constructor(handle: Handle, reference: Reference) {
    super();
    this.task_id = handle.task_ids[0] ?? "";
    Object.defineProperty(this, HANDLE, { value: handle });
    Object.defineProperty(this, REFERENCE, { value: Object.freeze(reference) });
    Object.freeze(this);
  }

  get(key: string): ResultReference {
    const at = callerOfMethod(this, "get");
    const of = this[REFERENCE];
    if (!("key" in of) || of.key !== null || typeof key !== "string") {
      throw new AuthoringError("invalid-argument", "get() takes the key of an entry of a task's own result.", at);
    }
    return this.#derive({ ...of, key }, []);
  }

  map(fn: (item: never) => unknown): ResultReference {
    const at = callerOfMethod(this, "map");
    refusePart("map()", this, at);
    if (isTask(fn)) {
      const message = "map() takes a plain function, not a task: expand the task over the result instead.";
      throw new AuthoringError("map-over-task", message, at);
    }
    if (typeof fn !== "function") throw new AuthoringError("invalid-argument", "map() takes a function.", at);
    return this.#derive({ type: "map", of: this[REFERENCE], fn }, []);
  }

  zip(...others: readonly unknown[]): ResultReference {
    const at = callerOfMethod(this, "zip");
    refusePart("zip()", this, at);
    const options = others.at(-1);
    const fill = isDict(options) ? readFill(options, at) : {};
    const references = readReferences("zip()", this, isDict(options) ? others.slice(0, -1) : others, at);
    const of = [this[REFERENCE], ...references.map((other) => other[REFERENCE])];
    return this.#derive({ type: "zip", of: Object.freeze(of), ...fill }, references);
  }

  concat(...others: readonly unknown[]): ResultReference {
    const at = callerOfMethod(this, "concat");
    refusePart("concat()", this, at);
    const references = readReferences("concat()", this, others, at);
    const of = [this[REFERENCE], ...references.map((other) => other[REFERENCE])];
    return this.#derive({ type: "concat", of: Object.freeze(of) }, references);
  }

  /** Types know no such thing; this is for whoever loops over an `any`, or without types. */
  [Symbol.iterator](): never {
    const of = this[REFERENCE];
    const message =
      of.type === "mapped_argument"
        ? `'${of.name}' has no value yet: give it to a task as it is.`
        : `The result of '${this.task_id}' has no items yet: map over it with expand().`;
    throw new AuthoringError("invalid-argument", message, callerOfMethod(this, Symbol.iterator));
  }

  override toString(): string {
    const of = this[REFERENCE];
    if (of.type === "mapped_argument") {
      const message = `'${of.name}' has no value yet, and no template stands for it: give it to a task as it is.`;
      throw new AuthoringError("invalid-argument", message, callerOfMethod(this, "toString"));
    }
    const key = of.type === "task" && of.key !== null ? `, key='${of.key}'` : "";
    return `{{ ti.xcom_pull(task_ids='${this.task_id}'${key}) }}`;
  }

  #derive(reference: Reference, others: readonly ResultReference[]): ResultReference {
    const { builder, task_ids } = this[HANDLE];
    const all = new Set([...task_ids, ...others.flatMap((other) => other[HANDLE].task_ids)]);
    return new ResultReference(Object.freeze({ builder, task_ids: Object.freeze([...all]) }), reference);
  }
}

/** Checks what is given beside `self` to make one reference of all. */
function readReferences(
  what: string,
  self: ResultReference,
  values: readonly unknown[],
  at: SourcePoint | undefined,
): ResultReference[] {
  return values.map((value) => {
    const handle = handleOf(value);
    if (handle === undefined || referenceOf(value) === undefined) {
      throw new AuthoringError("not-a-reference", `${what} takes results of tasks only, not ${describe(value)}.`, at);
    }
    const reference = value as ResultReference;
    refusePart(what, reference, at);
    if (handle.builder !== self[HANDLE].builder) {
      throw new AuthoringError("invalid-argument", `${what} takes results of tasks of the same DAG only.`, at);
    }
    return reference;
  });
}

/** Only whole results have items that can be told apart before they are there. */
function refusePart(what: string, given: ResultReference, at: SourcePoint | undefined): void {
  const of = given[REFERENCE];
  if (of.type === "mapped_argument") {
    const message = `${what} works on results of tasks, not on '${of.name}', of which each instance of '${of.group_id}' gets one value: change it in a task.`;
    throw new AuthoringError("nested-mapping", message, at);
  }
  if (of.type !== "task" || of.key === null) return;
  const message = `${what} works on whole results, not on get('${of.key}').`;
  throw new AuthoringError("entry-not-mappable", message, at);
}

function readFill(options: Readonly<Record<string, unknown>>, at: SourcePoint | undefined): { fillvalue?: unknown } {
  const unknown = Object.keys(options).find((name) => name !== "fillvalue");
  if (unknown !== undefined) {
    throw new AuthoringError("invalid-argument", `zip() has the option 'fillvalue' only, not '${unknown}'.`, at);
  }
  if (!("fillvalue" in options)) return {};
  const { fillvalue } = options;
  if (contentsOf("fillvalue", fillvalue, at).references.length > 0) {
    throw new AuthoringError("invalid-argument", "The 'fillvalue' of zip() cannot be a task's result.", at);
  }
  return { fillvalue: fillvalue ?? null };
}

/** The reference to the whole return value of a task. */
export function resultOf(handle: Handle): ResultReference {
  return new ResultReference(handle, { type: "task", task_id: handle.task_ids[0] ?? "", key: null });
}

/** What the body of a mapped group gets for an input: `handle` is of the tasks that decide what the instances get. */
export function argumentOf(handle: Handle, group_id: string, name: string): ResultReference {
  return new ResultReference(handle, { type: "mapped_argument", group_id, name, key: null });
}
