import { ts } from "ts-morph";
import type { FileFacts, PartialFacts } from "../analysis/facts.js";
import { createRule } from "./createRule.js";
import { insertAfter } from "./support/edits.js";

export const neverExpanded = createRule({
  meta: {
    name: "never-expanded",
    category: "mapping",
    defaultSeverity: "error",
    description: "`partial` alone creates no task: `expand` must follow it.",
    messages: {
      neverExpanded: "'partial' alone creates no task, so '{task}' would be missing. Add '.expand({…})' to it.",
    },
    fixable: true,
    options: [],
    prevents: "never-expanded",
    phases: [1],
    dtm: ["DTM111", "DTM112", "DTM113"],
  },
  *check(facts) {
    const conditions = new Set(partialConditions(facts));
    for (const partial of facts.unexpanded) {
      if (mayBeUsedElsewhere(partial.call, conditions)) continue;
      yield {
        messageId: "neverExpanded",
        data: { task: partial.name ?? partial.call.expression.getText() },
        node: partial.call.expression,
        fixes: [{ title: "Add '.expand({…})'", edits: [insertAfter(partial.call, `.expand(${missing(partial)})`)] }],
      };
    }
  },
});

/** Where a partial that is not expanded yet decides a condition: to look whether it is there does not use it. */
function partialConditions({ observations }: FileFacts): readonly ts.Node[] {
  return observations.flatMap(({ kind, node }) => (kind === "partial-condition" ? [node] : []));
}

/** An empty list for the first input that is left, to be filled in; TypeScript then asks for the others. */
function missing({ parameters = new Set(), inputs }: PartialFacts): string {
  const given = new Set(inputs.map((input) => input.name));
  const left = [...parameters].find((name) => !given.has(name));
  return left === undefined ? "{}" : `{ ${left}: [] }`;
}

/** Given to something, returned or exported: whoever receives it may expand it, or TypeScript already objects. */
function mayBeUsedElsewhere(call: ts.Expression, conditions: ReadonlySet<ts.Node>): boolean {
  const node = withoutWrapping(call);
  const { parent } = node;
  if (ts.isExpressionStatement(parent) || decidesOnly(node)) return false;
  if (isBranch(node)) return mayBeUsedElsewhere(parent as ts.Expression, conditions);
  return !ts.isVariableDeclaration(parent) || isExported(parent) || isMentioned(parent, conditions);
}

/** Nothing but whether it is there matters. */
function decidesOnly(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent))
    return parent.expression === node;
  if (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) return parent.condition === node;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  // An object is true, so what stands behind it is the value.
  return [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.CommaToken].includes(parent.operatorToken.kind);
}

/** What it is a part of has it for its value, at least sometimes. */
function isBranch(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) return parent.condition !== node;
  if (!ts.isBinaryExpression(parent)) return false;
  return LOGICAL.includes(parent.operatorToken.kind);
}

const LOGICAL: readonly ts.SyntaxKind[] = [
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.CommaToken,
];

function withoutWrapping(node: ts.Expression): ts.Expression {
  const { parent } = node;
  const wraps = ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent);
  return wraps ? withoutWrapping(parent) : node;
}

function isExported(declaration: ts.VariableDeclaration): boolean {
  const statement = declaration.parent.parent;
  return ts.isVariableStatement(statement) && statement.modifiers?.some(isExport) === true;
}

function isExport(modifier: ts.ModifierLike): boolean {
  return modifier.kind === ts.SyntaxKind.ExportKeyword;
}

/** By name alone: a variable of the same name elsewhere makes the rule silent, never wrong. */
function isMentioned(declaration: ts.VariableDeclaration, conditions: ReadonlySet<ts.Node>): boolean {
  const { name } = declaration;
  if (!ts.isIdentifier(name)) return true;
  const onlyDecides = (node: ts.Identifier): boolean => conditions.has(node) && decidesOnly(withoutWrapping(node));
  const mentions = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node !== name && node.text === name.text && !isMember(node) && !onlyDecides(node)) ||
    ts.forEachChild(node, mentions) === true;
  return mentions(declaration.getSourceFile());
}

/** `partial` in `add.partial(…)`. */
function isMember(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}
