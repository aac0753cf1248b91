import { isIntegerLike } from "#core/model/inputNames.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { isDict, referenceOf } from "./brand.js";
import type { MappingDeclaration } from "./declaration.js";
import { contentsOf, describe } from "./values.js";

type Values = Readonly<Record<string, unknown>>;

/** What is being mapped, as far as the checks of a mapping need to know it. */
export interface MappingTarget {
  /** For messages: what it is, and the task's or group's id or the operator's class. */
  readonly what: "task" | "operator" | "task group";
  readonly name: string;
  /** The names that `partial` gave. */
  readonly given: ReadonlySet<string>;
  /** Whether it has an input of this name; undefined where its code does not tell. */
  readonly takes: (name: string) => boolean | undefined;
}

/** Checks the argument of `expand`, in Airflow's order, so that the first mistake is the one that Airflow names. */
export function readExpand(target: MappingTarget, inputs: unknown, at: SourcePoint | undefined): MappingDeclaration {
  const values = inputs === undefined ? {} : readInputs(`${target.name}.expand()`, inputs, at);
  if (Object.keys(values).length === 0) {
    const message = `'${target.name}.expand()' names nothing to expand over: give at least one list.`;
    throw new AuthoringError("empty-expand", message, at);
  }
  for (const name of Object.keys(values)) checkMappedName(target, name, at);
  for (const [name, value] of Object.entries(values)) checkMappable(name, value, at);
  for (const [name, value] of Object.entries(values)) refuseEntries(name, value, at);
  const copies = Object.entries(values).map(([name, value]) => [name, frozenCopy(value)] as const);
  return Object.freeze({ kind: "expand", inputs: Object.freeze(Object.fromEntries<unknown>(copies)) });
}

/** What is mapped over stays as it was when it was given, even if the list is changed afterwards. */
function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze([...(value as readonly unknown[])]);
  return isDict(value) ? Object.freeze({ ...value }) : value;
}

/** Checks the argument of `expand_kwargs`: a reference, or a list of dicts and references. */
export function readExpandKwargs(
  target: MappingTarget,
  kwargs: unknown,
  at: SourcePoint | undefined,
): MappingDeclaration {
  if (referenceOf(kwargs) === undefined) {
    if (!Array.isArray(kwargs)) {
      const message = `'${target.name}.expand_kwargs()' needs a list of dicts or a task's result, not ${describe(kwargs)}.`;
      throw new AuthoringError("not-mappable", message, at);
    }
    for (const item of kwargs as readonly unknown[]) checkKwargs(target, item, at);
  }
  refuseEntries("kwargs", kwargs, at);
  const value: unknown = Array.isArray(kwargs) ? Object.freeze([...(kwargs as readonly unknown[])]) : kwargs;
  const inputs = Object.freeze({ kwargs: value });
  return Object.freeze({ kind: "expand_kwargs", inputs });
}

/** Checks an object of named inputs and freezes a copy, so that later changes to it change nothing. */
export function readInputs(what: string, inputs: unknown, at: SourcePoint | undefined): Values {
  if (inputs === undefined) return Object.freeze({});
  if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs) || referenceOf(inputs) !== undefined) {
    throw new AuthoringError("invalid-argument", `'${what}' takes one object of named inputs.`, at);
  }
  for (const name of Object.keys(inputs)) checkInputName(name, at);
  return Object.freeze({ ...inputs });
}

function checkInputName(name: string, at: SourcePoint | undefined): void {
  if (!isIntegerLike(name)) return;
  const message = `'${name}' cannot be the name of an input: JavaScript puts such names before all others.`;
  throw new AuthoringError("invalid-argument", message, at);
}

function checkMappedName(target: MappingTarget, name: string, at: SourcePoint | undefined): void {
  if (target.given.has(name)) {
    const message = `'${name}' is given to both partial() and expand(): remove one.`;
    throw new AuthoringError("partial-and-expand", message, at);
  }
  if (target.takes(name) !== false) return;
  if (target.what === "operator" || (target.what === "task" && isBaseOperatorArgument(name))) {
    const message = `'${name}' is the same for all instances of '${target.name}': it cannot be expanded.`;
    throw new AuthoringError("unmappable-parameter", message, at);
  }
  throw new AuthoringError("unknown-parameter", unknownParameter(target, name), at);
}

export function unknownParameter(target: Pick<MappingTarget, "what" | "name">, name: string): string {
  const isOption = target.what === "task" && isBaseOperatorArgument(name);
  const advice = isOption ? ": give it to task({…}, fn) or override({…})" : "";
  return `The ${target.what} '${target.name}' has no parameter '${name}'${advice}.`;
}

/** The values whose lengths decide how many instances there are: references, not what lies in lists of values. */
export function mappedReferences({ kind, inputs }: MappingDeclaration): readonly unknown[] {
  const values = Object.values(inputs);
  const list = values[0];
  const candidates = kind === "expand_kwargs" && Array.isArray(list) ? (list as readonly unknown[]) : values;
  return candidates.filter((value) => referenceOf(value) !== undefined);
}

function checkMappable(name: string, value: unknown, at: SourcePoint | undefined): void {
  if (Array.isArray(value) || referenceOf(value) !== undefined || isDict(value)) return;
  const message = `'${name}' cannot be expanded over ${describe(value)}: give a list, a dict or a task's result.`;
  throw new AuthoringError("not-mappable", message, at);
}

/** As Airflow, at any depth: only a whole return value has a known length when instances are made. */
function refuseEntries(name: string, value: unknown, at: SourcePoint | undefined): void {
  const { entries } = contentsOf(name, value, at);
  const [key] = entries;
  if (key === undefined) return;
  const message = `'${name}' cannot be expanded over get('${key}'): only whole results can be mapped over.`;
  throw new AuthoringError("entry-not-mappable", message, at);
}

function checkKwargs(target: MappingTarget, item: unknown, at: SourcePoint | undefined): void {
  if (referenceOf(item) !== undefined) return;
  if (!isDict(item)) {
    const message = `'${target.name}.expand_kwargs()' needs dicts in its list, not ${describe(item)}.`;
    throw new AuthoringError("not-mappable", message, at);
  }
  for (const name of Object.keys(item)) {
    checkInputName(name, at);
    checkMappedName(target, name, at);
  }
}
