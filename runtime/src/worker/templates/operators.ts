import { percentFormat } from "./formatting.js";
import { TemplateError } from "./templateError.js";
import { PythonObject, Tuple, Undefined, typeName } from "./values.js";

type Operator = "+" | "-" | "*" | "/" | "//" | "%" | "**";

/** Arithmetic as in Python: on numbers, texts, lists, dates and spans of time. */
export function operate(operator: Operator, one: unknown, other: unknown): unknown {
  if (one instanceof Undefined) return one.fail();
  if (other instanceof Undefined) return other.fail();
  const result =
    isNumber(one) && isNumber(other) ? onNumbers(operator, Number(one), Number(other)) : onOthers(operator, one, other);
  if (result !== undefined) return result;
  throw new TemplateError(`unsupported operand type(s) for ${operator}: '${typeName(one)}' and '${typeName(other)}'`);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function onNumbers(operator: Operator, one: number, other: number): number {
  if (other === 0 && (operator === "/" || operator === "//" || operator === "%")) {
    throw new TemplateError("division by zero");
  }
  switch (operator) {
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      return one / other;
    case "//":
      return Math.floor(one / other);
    case "%":
      return one - other * Math.floor(one / other);
    case "**":
      return one ** other;
  }
}

function onOthers(operator: Operator, one: unknown, other: unknown): unknown {
  if (operator === "%" && typeof one === "string") return percentFormat(one, other);
  if (operator === "+") return add(one, other);
  if (operator === "-" && one instanceof PythonObject) return one.subtract(other);
  if (operator === "*") return multiply(one, other);
  return undefined;
}

function add(one: unknown, other: unknown): unknown {
  if (typeof one === "string" && typeof other === "string") return one + other;
  if (Array.isArray(one) && Array.isArray(other)) {
    const items = [...(one as readonly unknown[]), ...(other as readonly unknown[])];
    return one instanceof Tuple ? Tuple.of2(items) : items;
  }
  if (one instanceof PythonObject) return one.add(other);
  return other instanceof PythonObject ? other.add(one) : undefined;
}

function multiply(one: unknown, other: unknown): unknown {
  if (isNumber(one) && !isNumber(other)) return multiply(other, one);
  if (!isNumber(other)) return undefined;
  const times = Math.max(0, Math.trunc(Number(other)));
  if (typeof one === "string") return one.repeat(times);
  if (Array.isArray(one)) return Array.from({ length: times }, () => one as readonly unknown[]).flat();
  return one instanceof PythonObject ? one.multiply(other) : undefined;
}

/** `value[start:stop:step]` of a text or list, as Python counts. */
export function sliceOf(value: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  if (value instanceof Undefined) return value.fail();
  if (typeof value !== "string" && !Array.isArray(value)) {
    throw new TemplateError(`'${typeName(value)}' object is not subscriptable by a slice`);
  }
  const items: readonly unknown[] = typeof value === "string" ? [...value] : (value as readonly unknown[]);
  const indexes = sliceIndexes(items.length, whole(start), whole(stop), whole(step) ?? 1);
  const taken = indexes.map((index) => items[index]);
  if (typeof value === "string") return taken.join("");
  return value instanceof Tuple ? Tuple.of2(taken) : taken;
}

function sliceIndexes(length: number, start: number | null, stop: number | null, step: number): number[] {
  if (step === 0) throw new TemplateError("slice step cannot be zero");
  const clamp = (index: number | null, byDefault: number): number => {
    if (index === null) return byDefault;
    const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
    return Math.min(most, Math.max(least, index < 0 ? index + length : index));
  };
  const [from, to] = step > 0 ? [clamp(start, 0), clamp(stop, length)] : [clamp(start, length - 1), clamp(stop, -1)];
  const count = Math.max(0, Math.ceil((to - from) / step));
  return Array.from({ length: count }, (_, index) => from + index * step);
}

function whole(value: unknown): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new TemplateError("slice indices must be integers or None");
}
