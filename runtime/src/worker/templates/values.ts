import { isDict } from "../../authoring/brand.js";
import { TemplateError } from "./templateError.js";

/** A name or entry that is not there. As Jinja's `StrictUndefined`: whoever uses it fails, asking for it does not. */
export class Undefined {
  constructor(readonly problem: string) {}

  fail(): never {
    throw new TemplateError(this.problem);
  }
}

/** Values that behave in templates as Python's do and have no counterpart in JSON. */
export abstract class PythonObject {
  abstract readonly typeName: string;
  /** `undefined` where it has no such attribute. */
  abstract attribute(name: string): unknown;
  /** Python's `str()`. */
  abstract text(): string;
  /** Python's `repr()`. */
  repr(): string {
    return this.text();
  }
  /** Undefined where they cannot be compared. */
  compare(_other: unknown): number | undefined {
    return undefined;
  }
  add(_other: unknown): unknown {
    return undefined;
  }
  subtract(_other: unknown): unknown {
    return undefined;
  }
  multiply(_other: unknown): unknown {
    return undefined;
  }
  truth(): boolean {
    return true;
  }
}

/** A function that knows its keyword arguments. */
export class PythonFunction extends PythonObject {
  readonly typeName: string = "function";

  constructor(
    readonly name: string,
    readonly call: (args: readonly unknown[], keywords: Keywords) => unknown,
    readonly attributes: Readonly<Record<string, unknown>> = {},
  ) {
    super();
  }

  attribute(name: string): unknown {
    return Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
  }

  text(): string {
    return `<function ${this.name}>`;
  }
}

export type Keywords = Readonly<Record<string, unknown>>;

/** A function with named parameters, given by place or by name; those that are left out are undefined. */
export function python(
  name: string,
  parameters: readonly string[],
  call: (given: Keywords) => unknown,
  attributes: Readonly<Record<string, unknown>> = {},
): PythonFunction {
  const bind = (args: readonly unknown[], keywords: Keywords): unknown => {
    if (args.length > parameters.length) {
      throw new TemplateError(`${name}() takes ${parameters.length} arguments but ${args.length} were given`);
    }
    const given: Record<string, unknown> = {};
    args.forEach((value, place) => (given[parameters[place] ?? ""] = value));
    for (const [key, value] of Object.entries(keywords)) {
      if (!parameters.includes(key)) throw new TemplateError(`${name}() got an unexpected keyword argument '${key}'`);
      given[key] = value;
    }
    return call(given);
  };
  return new PythonFunction(name, bind, attributes);
}

/** Printed in parentheses; everything else as a list. */
export class Tuple extends Array<unknown> {
  static of2(values: readonly unknown[]): Tuple {
    const tuple = new Tuple();
    tuple.push(...values);
    return tuple;
  }
}

export function typeName(value: unknown): string {
  if (value instanceof Undefined) return "Undefined";
  if (value === null || value === undefined) return "NoneType";
  if (typeof value === "string") return "str";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  if (typeof value === "function") return "function";
  if (value instanceof PythonObject) return value.typeName;
  if (Array.isArray(value)) return value instanceof Tuple ? "tuple" : "list";
  return isDict(value) ? "dict" : value.constructor.name;
}

/** Python's truth: what is empty is false. Fails for what is undefined. */
export function isTruthy(value: unknown): boolean {
  if (value instanceof Undefined) return value.fail();
  if (value instanceof PythonObject) return value.truth();
  if (Array.isArray(value)) return value.length > 0;
  return isDict(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** Python's `==`. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one instanceof Undefined) return one.fail();
  if (other instanceof Undefined) return other.fail();
  if (one instanceof PythonObject) return one === other || one.compare(other) === 0;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    return one.every((item, index) => isEqual(item, other[index]));
  }
  if (isDict(one)) {
    if (!isDict(other)) return false;
    const names = Object.keys(one);
    if (names.length !== Object.keys(other).length) return false;
    return names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]));
  }
  const plain = (value: unknown): unknown => (typeof value === "boolean" ? Number(value) : (value ?? null));
  return plain(one) === plain(other);
}

/** Below 0, 0 or above 0. Fails for what Python does not put in an order. */
export function compare(one: unknown, other: unknown): number {
  if (one instanceof Undefined) return one.fail();
  if (other instanceof Undefined) return other.fail();
  const isNumber = (value: unknown): value is number => typeof value === "number" || typeof value === "boolean";
  if (isNumber(one) && isNumber(other)) return Number(one) - Number(other);
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : one > other ? 1 : 0;
  if (Array.isArray(one) && Array.isArray(other)) return compareLists(one, other);
  const order = one instanceof PythonObject ? one.compare(other) : undefined;
  if (order !== undefined) return order;
  throw new TemplateError(`'${typeName(one)}' and '${typeName(other)}' cannot be put in an order`);
}

function compareLists(one: readonly unknown[], other: readonly unknown[]): number {
  const index = one.findIndex((item, place) => place >= other.length || !isEqual(item, other[place]));
  if (index < 0) return one.length - other.length;
  return index >= other.length ? 1 : compare(one[index], other[index]);
}

/** What a loop goes over: of a dict its keys. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (value instanceof Undefined) return value.fail();
  if (Array.isArray(value)) return value as readonly unknown[];
  if (typeof value === "string") return [...value];
  if (isDict(value)) return Object.keys(value);
  if (value instanceof Set || value instanceof Map) return [...value.keys()] as readonly unknown[];
  throw new TemplateError(`'${typeName(value)}' object is not iterable`);
}

export function contains(container: unknown, item: unknown): boolean {
  if (item instanceof Undefined) return item.fail();
  if (typeof container === "string") {
    if (typeof item === "string") return container.includes(item);
    throw new TemplateError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (isDict(container)) return Object.hasOwn(container, String(item));
  return itemsOf(container).some((one) => isEqual(one, item));
}
