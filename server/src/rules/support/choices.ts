import { ts } from "ts-morph";
import { unwrap } from "../../analysis/symbols.js";

/** The texts that are written out in what a branch returns, on whatever way. */
export function writtenIds(returned: ts.Expression): readonly ts.StringLiteralLike[] {
  const node = unwrap(returned);
  if (ts.isStringLiteralLike(node)) return [node];
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(writtenIds);
  if (ts.isConditionalExpression(node)) return [...writtenIds(node.whenTrue), ...writtenIds(node.whenFalse)];
  return isFallback(node) ? [...writtenIds(node.left), ...writtenIds(node.right)] : [];
}

/** The lists of ids that a branch may return, as far as they are written out in full. */
export function writtenChoices(returned: ts.Expression): readonly (readonly string[])[] {
  const node = unwrap(returned);
  if (ts.isConditionalExpression(node)) return [...writtenChoices(node.whenTrue), ...writtenChoices(node.whenFalse)];
  if (ts.isStringLiteralLike(node)) return [[node.text]];
  if (node.kind === ts.SyntaxKind.NullKeyword) return [[]];
  if (!ts.isArrayLiteralExpression(node)) return [];
  const items = node.elements.map(unwrap);
  return items.every(ts.isStringLiteralLike) ? [items.map(({ text }) => text)] : [];
}

function isFallback(node: ts.Expression): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
}
