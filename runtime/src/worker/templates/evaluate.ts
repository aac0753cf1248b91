import { attributeOf, call, itemOf } from "./access.js";
import { findCheck } from "./checks.js";
import { findFilter } from "./filters.js";
import { operate, sliceOf } from "./operators.js";
import type { Scope } from "./scope.js";
import type {
  Arguments,
  Binary,
  Block,
  CallNode,
  CallerNode,
  Expression,
  FilterNode,
  SliceNode,
} from "#core/templates/syntax.js";
import { TemplateError } from "./templateError.js";
import { toText } from "./text.js";
import { type Keywords, Tuple, Undefined, compare, contains, isEqual, isTruthy } from "./values.js";

/** What expressions ask of those who execute statements. */
export interface Surroundings {
  /** The text that a block gives. */
  capture(block: Block, scope: Scope): string;
  /** The function that `{% call %}` hands to the macro. */
  makeCaller(node: CallerNode, scope: Scope): unknown;
  /** `super()`; undefined outside of a block. */
  superBlock(scope: Scope): string | undefined;
}

type Evaluators = {
  readonly [T in Expression["typename"]]: (
    node: Extract<Expression, { readonly typename: T }>,
    scope: Scope,
    around: Surroundings,
  ) => unknown;
};

/** The value of an expression, worked out as Jinja does. */
export function evaluate(node: Expression, scope: Scope, around: Surroundings): unknown {
  const evaluator = EVALUATORS[node.typename] as
    ((node: Expression, scope: Scope, around: Surroundings) => unknown) | undefined;
  if (evaluator === undefined) throw new TemplateError(`'${node.typename}' cannot stand in an expression`);
  return evaluator(node, scope, around);
}

const binary =
  (operate: (left: unknown, right: unknown) => unknown) =>
  (node: Binary, scope: Scope, around: Surroundings): unknown =>
    operate(evaluate(node.left, scope, around), evaluate(node.right, scope, around));

const EVALUATORS: Evaluators = {
  Literal: ({ value }) => value,
  Symbol: ({ value }, scope) => CONSTANTS.get(value) ?? (value === "None" ? null : scope.lookup(value)),
  Group: (node, scope, around) => {
    const values = node.children.map((child) => evaluate(child, scope, around));
    const isTuple = values.length !== 1 || node.isTuple === true;
    return isTuple ? Tuple.of2(values) : values[0];
  },
  Array: ({ children }, scope, around) => children.map((child) => evaluate(child, scope, around)),
  Dict: ({ children }, scope, around) =>
    Object.fromEntries(
      children.map(({ key, value }) => [toText(evaluate(key, scope, around)), evaluate(value, scope, around)]),
    ),
  KeywordArgs: () => {
    throw new TemplateError("keyword arguments belong into a call");
  },
  Slice: () => {
    throw new TemplateError("a slice belongs into brackets behind a value");
  },
  LookupVal: ({ target, val }, scope, around) => {
    const value = evaluate(target, scope, around);
    if (val.typename === "Slice") return slice(value, val, scope, around);
    const isAttribute = val.typename === "Literal" && typeof val.value === "string" && val.isIndex !== true;
    const key = evaluate(val, scope, around);
    return isAttribute ? attributeOf(value, String(key)) : itemOf(value, key);
  },
  FunCall: callFunction,
  Filter: applyFilter,
  Caller: (node, scope, around) => around.makeCaller(node, scope),
  Capture: ({ body }, scope, around) => around.capture(body, scope),
  InlineIf: ({ cond, body, else_ }, scope, around) => {
    if (isTruthy(evaluate(cond, scope, around))) return evaluate(body, scope, around);
    if (else_ !== null) return evaluate(else_, scope, around);
    return new Undefined("the inline 'if' is false and has no 'else'");
  },
  Compare: ({ expr, ops }, scope, around) => {
    let left = evaluate(expr, scope, around);
    return ops.every(({ type, expr: other }) => {
      const right = evaluate(other, scope, around);
      const holds = comparison(type, left, right);
      left = right;
      return holds;
    });
  },
  In: binary((item, container) => contains(container, item)),
  Is: check,
  Or: ({ left, right }, scope, around) => {
    const value = evaluate(left, scope, around);
    return isTruthy(value) ? value : evaluate(right, scope, around);
  },
  And: ({ left, right }, scope, around) => {
    const value = evaluate(left, scope, around);
    return isTruthy(value) ? evaluate(right, scope, around) : value;
  },
  Not: ({ target }, scope, around) => !isTruthy(evaluate(target, scope, around)),
  Neg: ({ target }, scope, around) => operate("*", evaluate(target, scope, around), -1),
  Pos: ({ target }, scope, around) => evaluate(target, scope, around),
  Concat: binary((one, other) => toText(one) + toText(other)),
  Add: binary((one, other) => operate("+", one, other)),
  Sub: binary((one, other) => operate("-", one, other)),
  Mul: binary((one, other) => operate("*", one, other)),
  Div: binary((one, other) => operate("/", one, other)),
  FloorDiv: binary((one, other) => operate("//", one, other)),
  Mod: binary((one, other) => operate("%", one, other)),
  Pow: binary((one, other) => operate("**", one, other)),
};

const CONSTANTS: ReadonlyMap<string, unknown> = new Map([
  ["True", true],
  ["False", false],
]);

function comparison(type: string, left: unknown, right: unknown): boolean {
  switch (type) {
    case "==":
    case "===":
      return isEqual(left, right);
    case "!=":
    case "!==":
      return !isEqual(left, right);
    case "<":
      return compare(left, right) < 0;
    case "<=":
      return compare(left, right) <= 0;
    case ">":
      return compare(left, right) > 0;
    default:
      return compare(left, right) >= 0;
  }
}

function slice(value: unknown, { start, stop, step }: SliceNode, scope: Scope, around: Surroundings): unknown {
  const [from, to, by] = [start, stop, step].map((part) => (part === null ? null : evaluate(part, scope, around)));
  return sliceOf(value, from, to, by);
}

/** The arguments of a call: those given by place, and those given by name. */
function readArguments(
  { children }: Arguments,
  scope: Scope,
  around: Surroundings,
): { readonly args: unknown[]; readonly keywords: Keywords } {
  const args: unknown[] = [];
  const keywords: Record<string, unknown> = {};
  for (const child of children) {
    if (child.typename !== "KeywordArgs") {
      args.push(evaluate(child, scope, around));
      continue;
    }
    for (const { key, value } of child.children) {
      const name = key.typename === "Symbol" ? key.value : toText(evaluate(key, scope, around));
      keywords[name] = evaluate(value, scope, around);
    }
  }
  return { args, keywords };
}

function callFunction(node: CallNode, scope: Scope, around: Surroundings): unknown {
  if (node.name.typename === "Symbol" && node.name.value === "super") {
    const text = around.superBlock(scope);
    if (text !== undefined) return text;
  }
  const callee = evaluate(node.name, scope, around);
  const { args, keywords } = readArguments(node.args, scope, around);
  return call(callee, args, keywords);
}

function applyFilter(node: FilterNode, scope: Scope, around: Surroundings): unknown {
  const filter = findFilter(node.name.value);
  if (filter === undefined) throw new TemplateError(`there is no filter '${node.name.value}'`);
  const { args, keywords } = readArguments(node.args, scope, around);
  const [value, ...others] = args;
  return filter(value, others, keywords);
}

function check(node: Binary, scope: Scope, around: Surroundings): boolean {
  const { right } = node;
  const isCall = right.typename === "FunCall";
  const named = isCall ? right.name : right;
  const name =
    named.typename === "Symbol" ? named.value : named.typename === "Literal" ? literalCheck(named.value) : "";
  const found = findCheck(name);
  if (found === undefined) throw new TemplateError(`there is no test '${name}'`);
  const { args } = isCall ? readArguments(right.args, scope, around) : { args: [] };
  return found(evaluate(node.left, scope, around), args);
}

/** `is none` and `is true` are read as values. */
function literalCheck(value: unknown): string {
  return value === null ? "none" : toText(value).toLowerCase();
}
