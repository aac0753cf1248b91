import { isDict } from "../../authoring/brand.js";
import { PythonDateTime } from "./dates.js";
import { dictMethod, listMethod } from "./containerMethods.js";
import { stringMethod } from "./stringMethods.js";
import { TemplateError } from "./templateError.js";
import { type Keywords, PythonFunction, PythonObject, Undefined, typeName } from "./values.js";

/** Moments of the context become dates that behave as Python's do; everything else stays what it is. */
export function toPython(value: unknown): unknown {
  return value instanceof Date ? new PythonDateTime(value.getTime(), "UTC") : value;
}

/** The other way, for code in TypeScript and for what a template gives instead of a text. */
export function fromPython(value: unknown): unknown {
  if (value instanceof Undefined) return value.fail();
  if (value instanceof PythonDateTime) return new Date(value.at);
  if (value instanceof PythonObject) return value.text();
  if (Array.isArray(value)) return Array.from(value as readonly unknown[], fromPython);
  if (!isDict(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fromPython(inner)]));
}

/** `value.name`: as Jinja, a method or attribute, else an entry of that name. */
export function attributeOf(value: unknown, name: string): unknown {
  if (value instanceof Undefined) return value.fail();
  const found = ownAttribute(value, name);
  if (found !== undefined) return toPython(found);
  return entryOf(value, name) ?? new Undefined(`'${describe(value)}' has no attribute '${name}'`);
}

/** `value[key]`: an entry, else, for a text, a method or attribute of that name. */
export function itemOf(value: unknown, key: unknown): unknown {
  if (value instanceof Undefined) return value.fail();
  if (key instanceof Undefined) return key.fail();
  const found = entryOf(value, key) ?? (typeof key === "string" ? ownAttribute(value, key) : undefined);
  if (found !== undefined) return toPython(found);
  return new Undefined(`'${describe(value)}' has no entry ${typeof key === "string" ? `'${key}'` : String(key)}`);
}

function describe(value: unknown): string {
  return value instanceof PythonObject ? value.typeName : `${typeName(value)} object`;
}

function ownAttribute(value: unknown, name: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (value instanceof PythonObject) return value.attribute(name);
  if (typeof value === "string") return stringMethod(value, name);
  if (Array.isArray(value)) return listMethod(value as unknown[], name);
  if (isDict(value)) return dictMethod(value, name);
  return typeof value === "object" ? memberOf(value, name) : undefined;
}

/** Of objects of TypeScript, such as connections; their methods stay theirs. */
export function memberOf(object: object, name: string): unknown {
  const member: unknown = Reflect.get(object, name);
  return typeof member === "function" ? (member.bind(object) as unknown) : member;
}

function entryOf(value: unknown, key: unknown): unknown {
  if (typeof value === "string" && typeof key === "number") return [...value].at(key);
  if (Array.isArray(value) && typeof key === "number") {
    const item = (value as readonly unknown[]).at(key);
    return toPython(item === undefined && key < value.length && key >= -value.length ? null : item);
  }
  if (!isDict(value) || (typeof key !== "string" && typeof key !== "number")) return undefined;
  return Object.hasOwn(value, key) ? (toPython(value[key]) ?? null) : undefined;
}

/** Calls a function of Python's kind or of TypeScript, which gets keyword arguments as one object behind the others. */
export function call(callee: unknown, args: readonly unknown[], keywords: Keywords): unknown {
  if (callee instanceof Undefined) return callee.fail();
  if (callee instanceof PythonFunction) return toPython(callee.call(args, keywords));
  if (typeof callee !== "function") throw new TemplateError(`'${typeName(callee)}' object is not callable`);
  const given = args.map((value) => (value instanceof PythonObject ? fromPython(value) : value));
  const named = Object.keys(keywords).length > 0 ? [fromPython(keywords)] : [];
  return toPython((callee as (...given: readonly unknown[]) => unknown)(...given, ...named));
}
