import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import {
  type Handle,
  handleOf,
  isDict,
  isGroup,
  isGroupFunction,
  isOperator,
  isPartial,
  isTask,
  referenceOf,
} from "./brand.js";

/** What lies in a value, at any depth of lists and dicts. */
export interface Contents {
  readonly references: readonly Handle[];
  /** The keys of the references that `get` made. */
  readonly entries: readonly string[];
  /** The mapped groups whose instances' values are among the references. */
  readonly arguedBy: readonly string[];
}

const TEMPLATE = /\{\{|\{%|\{#/;

/** True where a text is one that Airflow would render. */
export function isTemplate(text: string): boolean {
  return TEMPLATE.test(text);
}

/** Looks for references. Throws where something stands in for a result that is none. */
export function contentsOf(name: string, value: unknown, at: SourcePoint | undefined): Contents {
  const references: Handle[] = [];
  const entries: string[] = [];
  const arguedBy: string[] = [];
  const seen = new Set<object>();
  const visit = (inner: unknown): void => {
    if ((typeof inner !== "object" || inner === null) && typeof inner !== "function") return;
    if (seen.has(inner)) return;
    seen.add(inner);
    refuseStandIns(name, inner, at);
    const reference = referenceOf(inner);
    const handle = reference === undefined ? undefined : handleOf(inner);
    if (reference !== undefined && "key" in reference && reference.key !== null) entries.push(reference.key);
    if (reference?.type === "mapped_argument") arguedBy.push(reference.group_id);
    if (handle !== undefined) references.push(handle);
    else if (Array.isArray(inner)) inner.forEach(visit);
    else if (isDict(inner)) Object.values(inner).forEach(visit);
  };
  visit(value);
  return { references, entries, arguedBy };
}

function refuseStandIns(name: string, value: unknown, at: SourcePoint | undefined): void {
  const advice = isOperator(value)
    ? "is an operator: give its 'output'"
    : isPartial(value)
      ? "is a 'partial()' that was never expanded: call expand() on it"
      : isTask(value)
        ? "is a task that was not called: call it"
        : isGroup(value)
          ? "is a task group: return the result that is wanted from its body"
          : isGroupFunction(value)
            ? "is a task group that was not called: call it"
            : undefined;
  if (advice === undefined) return;
  const code = isPartial(value) ? "never-expanded" : "invalid-argument";
  throw new AuthoringError(code, `The value of '${name}' ${advice}.`, at);
}

/** The person's word for a value that is no list and no dict. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (isOperator(value)) return "an operator (give its 'output')";
  if (isPartial(value)) return "a 'partial()' that was never expanded";
  if (isTask(value)) return "a task that was not called";
  if (isGroup(value)) return "a task group";
  if (isGroupFunction(value)) return "a task group that was not called";
  if (typeof value === "object") return `a ${constructorName(value)}`;
  return typeof value === "undefined" ? "undefined" : `a ${typeof value}`;
}

function constructorName(value: object): string {
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "class instance";
}
