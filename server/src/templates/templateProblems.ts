// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- whoever reads only this file must find it too
/// <reference path="./nunjucks.d.ts" />
import lexer from "nunjucks/src/lexer.js";
import nodes from "nunjucks/src/nodes.js";
import parser from "nunjucks/src/parser.js";
import { BUILTIN_NAMES, CONTEXT_NAMES, FILTER_NAMES, MACRO_NAMES, TEST_NAMES } from "#core/templates/names.js";
import { TemplateSyntaxError, templateParser } from "#core/templates/parseTemplate.js";
import type { Arguments, Binary, Block, Expression, FilterNode, NameNode, Statement } from "#core/templates/syntax.js";

/** What is surely wrong with a template. */
export type TemplateProblem =
  | { readonly kind: "syntax"; readonly reason: string; readonly line: number }
  | { readonly kind: "filter" | "test" | "name" | "macro"; readonly name: string }
  | { readonly kind: "otherDag"; readonly dag_id: string };

export interface TemplateNames {
  /** Inputs of the task, which are names as well; undefined where they cannot be told. */
  readonly inputs: ReadonlySet<string> | undefined;
  /** Undefined where it is not known. */
  readonly dag_id: string | undefined;
}

const parse = templateParser({ lexer, nodes, parser });

/** True for a text that is rendered. */
export function isTemplate(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text);
}

/** Everything that is wrong with a template, each thing once; names only where they surely are asked for. */
export function templateProblems(text: string, names: TemplateNames): readonly TemplateProblem[] {
  const block = read(text);
  if (block === undefined) return [];
  if ("kind" in block) return [block];
  const found = [...calledProblems(block), ...nameProblems(block, names)];
  return [...new Map(found.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** Undefined where reading fails for another reason than what is written. */
function read(text: string): Block | TemplateProblem | undefined {
  try {
    return parse(text);
  } catch (thrown) {
    if (!(thrown instanceof TemplateSyntaxError)) return undefined;
    return thrown.message.includes("call stack")
      ? undefined
      : { kind: "syntax", reason: thrown.message, line: thrown.line };
  }
}

interface AnyNode {
  readonly typename: string;
}

/** Filters and tests must be there wherever they stand: Jinja looks for them before it renders anything. */
function* calledProblems(root: Block): Generator<TemplateProblem> {
  for (const node of everyNode(root)) {
    const { typename } = node;
    if (typename === "Filter") {
      const { value } = (node as FilterNode).name;
      if (!FILTER_NAMES.has(value)) yield { kind: "filter", name: value };
    } else if (typename === "Is") {
      const { right } = node as Binary;
      const named = right.typename === "FunCall" ? right.name : right;
      if (named.typename === "Symbol" && !TEST_NAMES.has(named.value)) yield { kind: "test", name: named.value };
    }
  }
}

function* everyNode(value: unknown): Generator<AnyNode> {
  if (typeof value !== "object" || value === null) return;
  if ("typename" in value) yield value as AnyNode;
  for (const inner of Array.isArray(value) ? value : Object.values(value)) yield* everyNode(inner);
}

function* nameProblems(root: Block, names: TemplateNames): Generator<TemplateProblem> {
  const own = namesSetIn(root);
  for (const expression of surelyEvaluated(root.children)) {
    for (const problem of askedFor(expression, true)) {
      if (problem.kind === "name" && (names.inputs === undefined || isKnown(problem.name, names.inputs, own))) continue;
      if (problem.kind === "macro" && own.has("macros")) continue;
      if (problem.kind === "otherDag" && (names.dag_id === undefined || problem.dag_id === names.dag_id)) continue;
      yield problem;
    }
  }
}

function isKnown(name: string, inputs: ReadonlySet<string>, own: ReadonlySet<string>): boolean {
  return CONTEXT_NAMES.has(name) || BUILTIN_NAMES.has(name) || inputs.has(name) || own.has(name);
}

/** Every name that stands where a template gives one a value, by whatever statement. */
function namesSetIn(root: Block): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of everyNode(root)) {
    const {
      targets,
      name,
      target,
      names: imported,
      values,
      args,
    } = node as AnyNode & Readonly<Record<string, unknown>>;
    const isSetting = ["Set", "For", "Macro", "Import", "FromImport", "With", "Caller"].includes(node.typename);
    for (const inner of isSetting ? everyNode([targets, name, target, imported, args]) : []) {
      if (inner.typename === "Symbol") names.add((inner as NameNode).value);
    }
    if (node.typename === "With") for (const [given] of values as readonly (readonly [string])[]) names.add(given);
  }
  return names;
}

/** What is worked out whatever the values are: not what stands inside of conditions, loops, blocks and macros. */
function* surelyEvaluated(statements: readonly Statement[]): Generator<Expression> {
  for (const statement of statements) {
    if (statement.typename === "Extends") return;
    if (statement.typename === "NodeList") yield* surelyEvaluated(statement.children);
    if (statement.typename === "If") yield statement.cond;
    if (statement.typename === "Do") yield statement.expression;
    if (statement.typename !== "Output") continue;
    for (const child of statement.children) if (child.typename !== "TemplateData") yield child;
  }
}

/**
 * Names that an expression surely asks for. A name alone may be asked about by a filter or test, such as `default`;
 * `alone` tells that it is not.
 */
function* askedFor(node: Expression, alone: boolean): Generator<TemplateProblem> {
  switch (node.typename) {
    case "Symbol":
      if (alone) yield { kind: "name", name: node.value };
      return;
    case "LookupVal": {
      const macro = macroName(node);
      if (alone && macro !== undefined && !MACRO_NAMES.has(macro)) yield { kind: "macro", name: macro };
      yield* askedFor(node.target, true);
      return;
    }
    case "FunCall": {
      const dag_id = otherDag(node.name, node.args);
      if (dag_id !== undefined) yield { kind: "otherDag", dag_id };
      if (node.name.typename !== "Symbol" || !BUILTIN_NAMES.has(node.name.value)) yield* askedFor(node.name, true);
      return;
    }
    case "Filter": {
      const [value] = node.args.children;
      if (value !== undefined && value.typename !== "KeywordArgs") yield* askedFor(value, false);
      return;
    }
    case "Group":
      if (node.children.length === 1 && node.children[0]) yield* askedFor(node.children[0], alone);
      return;
    case "Concat":
      yield* askedFor(node.left, true);
      yield* askedFor(node.right, true);
      return;
    default:
  }
}

function macroName({ target, val }: Extract<Expression, { typename: "LookupVal" }>): string | undefined {
  if (target.typename !== "Symbol" || target.value !== "macros") return undefined;
  return val.typename === "Literal" && typeof val.value === "string" ? val.value : undefined;
}

/** The DAG that `ti.xcom_pull` names. */
function otherDag(callee: Expression, { children }: Arguments): string | undefined {
  if (callee.typename !== "LookupVal" || callee.target.typename !== "Symbol") return undefined;
  const isInstance = callee.target.value === "ti" || callee.target.value === "task_instance";
  if (!isInstance || callee.val.typename !== "Literal" || callee.val.value !== "xcom_pull") return undefined;
  const named = children.flatMap((child) => (child.typename === "KeywordArgs" ? child.children : []));
  const given = named.find(({ key }) => key.typename === "Symbol" && key.value === "dag_id")?.value;
  return given?.typename === "Literal" && typeof given.value === "string" ? given.value : undefined;
}
