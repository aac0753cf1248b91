import { ts } from "ts-morph";

const WRITING: ReadonlySet<string> = new Set([
  "copyWithin",
  "fill",
  "pop",
  "push",
  "reverse",
  "shift",
  "sort",
  "splice",
  "unshift",
]);

/** True where an expression's list is changed: by a method, or by giving one of its items or its length a value. */
export function isWrite(list: ts.Expression): boolean {
  const { parent } = list;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === list) {
    if (parent.name.text === "length") return isTarget(parent);
    return WRITING.has(parent.name.text) && ts.isCallExpression(parent.parent) && parent.parent.expression === parent;
  }
  return ts.isElementAccessExpression(parent) && parent.expression === list && isTarget(parent);
}

function isTarget(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isNonNullExpression(parent) || ts.isParenthesizedExpression(parent)) return isTarget(parent);
  if (ts.isDeleteExpression(parent)) return true;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const isAssignment = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    return parent.left === node && isAssignment;
  }
  if (!ts.isPrefixUnaryExpression(parent) && !ts.isPostfixUnaryExpression(parent)) return false;
  return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
}
