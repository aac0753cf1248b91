import { isDict } from "../../authoring/brand.js";
import { PythonFunction, PythonObject, Undefined, compare, contains, isEqual } from "./values.js";

type Check = (value: unknown, args: readonly unknown[]) => boolean;

const isNumber = (value: unknown): value is number => typeof value === "number";
const isIterable = (value: unknown): boolean => typeof value === "string" || Array.isArray(value) || isDict(value);

const CHECKS: Readonly<Record<string, Check>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  true: (value) => value === true,
  false: (value) => value === false,
  string: (value) => typeof value === "string",
  number: (value) => isNumber(value) || typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  float: (value) => isNumber(value) && !Number.isInteger(value),
  mapping: (value) => isDict(value) && !(value instanceof PythonObject),
  sequence: isIterable,
  iterable: isIterable,
  callable: (value) => typeof value === "function" || value instanceof PythonFunction,
  sameas: (value, [other]) => value === other || isEqual(value, other),
  odd: (value) => Math.abs(Number(value)) % 2 === 1,
  even: (value) => Number(value) % 2 === 0,
  divisibleby: (value, [other]) => Number(value) % Number(other) === 0,
  lower: (value) => String(value) === String(value).toLowerCase(),
  upper: (value) => String(value) === String(value).toUpperCase(),
  in: (value, [container]) => contains(container, value),
  escaped: () => false,
  ...operators(["eq", "equalto", "=="], isEqual),
  ...operators(["ne", "!="], (one, other) => !isEqual(one, other)),
  ...operators(["lt", "lessthan", "<"], (one, other) => compare(one, other) < 0),
  ...operators(["le", "<="], (one, other) => compare(one, other) <= 0),
  ...operators(["gt", "greaterthan", ">"], (one, other) => compare(one, other) > 0),
  ...operators(["ge", ">="], (one, other) => compare(one, other) >= 0),
};

function operators(names: readonly string[], check: (one: unknown, other: unknown) => boolean): Record<string, Check> {
  return Object.fromEntries(
    names.map((name) => [name, (value: unknown, [other]: readonly unknown[]) => check(value, other)]),
  );
}

/** A test of Jinja's, such as `defined` in `x is defined`; undefined where there is none of this name. */
export function findCheck(name: string): Check | undefined {
  return Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
}
