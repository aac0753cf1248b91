import { ts } from "ts-morph";
import type { FileFacts, Observation } from "../analysis/facts.js";
import { unwrap } from "../analysis/symbols.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import type { XComValue } from "../analysis/value.js";
import { createRule, type Fix, type MessageData, type Report } from "./createRule.js";

type MessageId = "condition" | "fallback" | "value" | "items" | "option" | "comparedText" | "placeholder";

export const referenceAsValue = createRule({
  meta: {
    name: "reference-as-value",
    category: "mapping",
    defaultSeverity: "error",
    description: "The result of a task has no value while the DAG is being described.",
    messages: {
      condition:
        "{what} has no value while the DAG is described, so this condition is always true. Decide in a task: 'task.short_circuit' or 'task.branch'.",
      fallback:
        "{what} is never null while the DAG is described, so what stands behind '{operator}' is never used. Let the task return it.",
      value: "{what} has no value while the DAG is described. Calculate with it in a task.",
      items:
        "{what} has no items while the DAG is described. Give it to a task as a whole, or map over it with 'expand'.",
      option: "'{option}' is needed before {what} is there. Give a text that is known when the DAG is described.",
      comparedText: "This text is compared before {what} is put into it. Compare in a task.",
      placeholder:
        "{what} has no value while the DAG is described, and no template stands for it. Give it to a task as it is.",
    },
    fixable: true,
    options: [],
    prevents: null,
    phases: [1, 2],
    dtm: ["DTM411", "DTM412", "DTM513"],
  },
  *check(facts) {
    for (const observation of facts.observations) {
      const messageId = messageFor(observation, facts);
      if (messageId !== undefined) yield report(observation, messageId, facts);
    }
  },
  checkTypes,
});

/** What is wrong whatever TypeScript makes of it. */
function messageFor(observation: Observation, facts: FileFacts): MessageId | undefined {
  switch (observation.kind) {
    case "reference-condition":
      return isReportedWithin(observation, facts) ? undefined : conditionMessage(observation);
    case "reference-operand":
      return isSign(observation.node) ? "value" : undefined;
    case "reference-text":
      return textMessage(observation, facts);
    default:
      return undefined;
  }
}

/** What TypeScript does not see, because the value is `any` or the file is not checked. */
function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<MessageId>> {
  for (const observation of facts.observations) {
    const { kind, node } = observation;
    if (!ts.isExpression(node)) continue;
    if (kind === "perhaps-reference-condition") {
      const isSure = node.getSourceFile() === facts.sourceFile && types.isAlwaysReference(node);
      if (isSure && !isReportedWithin(observation, facts))
        yield report(observation, conditionMessage(observation), facts);
    } else if (kind === "reference-operand" && !isSign(node)) {
      const messageId = operandMessage(node, types);
      if (messageId !== undefined) yield report(observation, messageId, facts);
    }
  }
}

function report(observation: Observation, messageId: MessageId, facts: FileFacts): Report<MessageId> {
  const { node, site } = observation;
  return { messageId, data: dataOf(observation, facts), node, site, fixes: fixesFor(node) };
}

/** Without the fallback the code does what it does now. */
function fixesFor(node: ts.Node): readonly Fix[] {
  const whole = fallbackOf(node);
  if (whole === undefined || isAssignment(whole)) return [];
  const edit = { start: whole.left.getEnd(), end: whole.right.getEnd(), text: "" };
  return [{ title: `Remove what stands behind '${whole.operatorToken.getText()}'`, edits: [edit] }];
}

/** In `a && b`, which is a condition itself, `a` is enough. */
function isReportedWithin({ node }: Observation, facts: FileFacts): boolean {
  if (!ts.isExpression(node) || !isLogical(unwrap(node))) return false;
  return facts.observations.some(
    (other) => other.kind === "reference-condition" && other.node !== node && isWithin(other.node, node),
  );
}

function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  const isSameFile = inner.getSourceFile() === outer.getSourceFile();
  return isSameFile && inner.pos >= outer.pos && inner.end <= outer.end;
}

const FALLBACKS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

function isLogical(node: ts.Node): node is ts.BinaryExpression {
  const and = ts.SyntaxKind.AmpersandAmpersandToken;
  return ts.isBinaryExpression(node) && (node.operatorToken.kind === and || FALLBACKS.has(node.operatorToken.kind));
}

function conditionMessage({ node }: Observation): MessageId {
  return fallbackOf(node) === undefined ? "condition" : "fallback";
}

/** `a || b` or `a ?? b` of which this is `a`. */
function fallbackOf(node: ts.Node): ts.BinaryExpression | undefined {
  const outer = withWrapping(node);
  const { parent } = outer;
  const isLeft = ts.isBinaryExpression(parent) && parent.left === outer;
  return isLeft && FALLBACKS.has(parent.operatorToken.kind) ? parent : undefined;
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** The expression with the parentheses and assertions around it. */
function withWrapping(node: ts.Node): ts.Node {
  let outer = node;
  while (ts.isExpression(outer.parent) && unwrap(outer.parent) === unwrap(node as ts.Expression)) outer = outer.parent;
  return outer;
}

/** TypeScript lets a sign stand before anything. */
function isSign(node: ts.Node): boolean {
  const { parent } = withWrapping(node);
  if (!ts.isPrefixUnaryExpression(parent)) return isNumberCall(node);
  const { operator } = parent;
  return (
    operator === ts.SyntaxKind.MinusToken ||
    operator === ts.SyntaxKind.PlusToken ||
    operator === ts.SyntaxKind.TildeToken
  );
}

/** `Number(…)`, which takes anything too. */
function isNumberCall(node: ts.Node): boolean {
  const { parent } = withWrapping(node);
  return ts.isCallExpression(parent) && ts.isIdentifier(parent.expression) && parent.expression.text === "Number";
}

function textMessage({ node, value }: Observation, facts: FileFacts): MessageId | undefined {
  if (value.type === "xcom" && value.form === "argument") return "placeholder";
  const text = textAround(node);
  if (text === undefined) return undefined;
  if (optionOf(text, facts) !== undefined) return "option";
  return isCompared(text) ? "comparedText" : undefined;
}

/** What is read while the DAG is described; every other text may be a template that is rendered later. */
const EARLY_OPTIONS: ReadonlySet<string> = new Set(["task_id", "pool", "queue", "trigger_rule", "weight_rule"]);
const EARLY_DAG_OPTIONS: ReadonlySet<string> = new Set(["dag_id", "schedule", "timezone"]);

/** The name of the option that is given the text and that is needed before any task runs. */
function optionOf(text: ts.Expression, facts: FileFacts): string | undefined {
  for (const dag of facts.dags) {
    const options = [
      ...dag.options.filter(({ name }) => EARLY_DAG_OPTIONS.has(name)),
      ...[...dag.tasks, ...dag.alternatives].flatMap((task) =>
        task.options.filter(({ name }) => EARLY_OPTIONS.has(name)),
      ),
    ];
    const found = options.find(({ expression }) => unwrap(expression) === text);
    if (found !== undefined) return found.name;
    const groups = [...dag.groups, ...dag.groupAlternatives];
    if (groups.some(({ idNode }) => idNode !== undefined && unwrap(idNode as ts.Expression) === text))
      return "group_id";
  }
  return undefined;
}

/** The whole template or sum of texts that a reference stands in. */
function textAround(node: ts.Node): ts.Expression | undefined {
  let text: ts.Expression | undefined;
  for (let outer = withWrapping(node).parent; isText(outer); outer = withWrapping(outer).parent) {
    if (ts.isExpression(outer)) text = outer;
  }
  return text;
}

function isText(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return ts.isTemplateExpression(node) || ts.isTemplateSpan(node);
}

function isCompared(text: ts.Expression): boolean {
  const outer = withWrapping(text);
  const { parent } = outer;
  if (ts.isSwitchStatement(parent)) return parent.expression === outer;
  return ts.isBinaryExpression(parent) && isComparison(parent.operatorToken.kind);
}

function isComparison(operator: ts.SyntaxKind): boolean {
  return isEquality(operator) || isRelation(operator);
}

function isEquality(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.EqualsEqualsToken && operator <= ts.SyntaxKind.ExclamationEqualsEqualsToken;
}

function isRelation(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.LessThanToken && operator <= ts.SyntaxKind.GreaterThanEqualsToken;
}

/** Undefined where TypeScript says it, or where nothing is wrong: whether two references are the same may be asked. */
function operandMessage(node: ts.Expression, types: TypeQueries): MessageId | undefined {
  const outer = withWrapping(node) as ts.Expression;
  const { parent } = outer;
  const isUnchecked = types.isUnchecked(outer);
  if (ts.isBinaryExpression(parent)) {
    const other = parent.left === outer ? parent.right : parent.left;
    const operator = parent.operatorToken.kind;
    if (isRelation(operator)) return isUnchecked || isComparable(outer, other, types) ? "value" : undefined;
    if (isEquality(operator)) return isUnchecked && isPlain(other) ? "value" : undefined;
    return isUnchecked && operator !== ts.SyntaxKind.InKeyword && operator !== ts.SyntaxKind.InstanceOfKeyword
      ? "value"
      : undefined;
  }
  if (!isUnchecked) return undefined;
  return ts.isSwitchStatement(parent) ? "value" : "items";
}

/** TypeScript lets two references of the same type be compared. */
function isComparable(node: ts.Expression, other: ts.Expression, types: TypeQueries): boolean {
  return types.isAlwaysReference(other) && types.typeText(node) === types.typeText(other);
}

function isPlain(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return ts.isLiteralExpression(inner) || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(inner.kind);
}

function dataOf({ node, value }: Observation, facts: FileFacts): MessageData {
  const operator = fallbackOf(node)?.operatorToken.getText() ?? "";
  const text = textAround(node);
  const option = text === undefined ? undefined : optionOf(text, facts);
  return { what: describe(value as XComValue, node), operator, option: option ?? "" };
}

function describe(reference: XComValue, node: ts.Node): string {
  if (reference.form === "argument") return `'${node.getText()}', which each instance of the group gets for itself,`;
  return reference.task === undefined ? `'${node.getText()}'` : `The result of '${reference.task.task_id}'`;
}
