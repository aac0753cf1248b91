import { ts } from "ts-morph";
import type { PartialFacts } from "../analysis/facts.js";
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
    for (const partial of facts.unexpanded) {
      if (mayBeUsedElsewhere(partial)) continue;
      yield {
        messageId: "neverExpanded",
        data: { task: partial.name ?? partial.call.expression.getText() },
        node: partial.call.expression,
        fixes: [{ title: "Add '.expand({…})'", edits: [insertAfter(partial.call, `.expand(${missing(partial)})`)] }],
      };
    }
  },
});

/** An empty list for the first input that is left, to be filled in; TypeScript then asks for the others. */
function missing({ parameters = new Set(), inputs }: PartialFacts): string {
  const given = new Set(inputs.map((input) => input.name));
  const left = [...parameters].find((name) => !given.has(name));
  return left === undefined ? "{}" : `{ ${left}: [] }`;
}

/** Given to something, returned or exported: whoever receives it may expand it, or TypeScript already objects. */
function mayBeUsedElsewhere({ call }: PartialFacts): boolean {
  const { parent } = withoutWrapping(call);
  if (ts.isExpressionStatement(parent)) return false;
  return !ts.isVariableDeclaration(parent) || isExported(parent) || isMentioned(parent);
}

function withoutWrapping(node: ts.Node): ts.Node {
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
function isMentioned(declaration: ts.VariableDeclaration): boolean {
  const { name } = declaration;
  if (!ts.isIdentifier(name)) return true;
  const mentions = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node !== name && node.text === name.text && !isMember(node)) ||
    ts.forEachChild(node, mentions) === true;
  return mentions(declaration.getSourceFile());
}

/** `partial` in `add.partial(…)`. */
function isMember(node: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
}
