import { ts } from "ts-morph";
import { unwrap } from "../../analysis/symbols.js";

/** Methods of lists that give one of the same length. */
const KEEPING: ReadonlySet<string> = new Set([
  "fill",
  "keys",
  "map",
  "reverse",
  "sort",
  "toReversed",
  "toSorted",
  "values",
]);

/** How many items a list has, where its text tells: `[…]`, `Array.from({ length: 5 })`, `new Array(5).fill(0)`, … */
export function writtenLength(expression: ts.Expression): number | undefined {
  const node = unwrap(expression);
  if (ts.isArrayLiteralExpression(node)) return sum(node.elements.map(elementLength));
  if (ts.isIdentifier(node)) return variableLength(node);
  if (ts.isNewExpression(node)) return newLength(node.expression, node.arguments ?? []);
  if (!ts.isCallExpression(node)) return undefined;
  const { expression: callee, arguments: args } = node;
  if (!ts.isPropertyAccessExpression(callee)) return newLength(callee, args);
  if (isGlobalArray(callee.expression)) return callee.name.text === "from" ? fromLength(args) : undefined;
  return KEEPING.has(callee.name.text) ? writtenLength(callee.expression) : undefined;
}

function elementLength(element: ts.Expression): number | undefined {
  if (ts.isOmittedExpression(element)) return undefined;
  return ts.isSpreadElement(element) ? writtenLength(element.expression) : 1;
}

function sum(lengths: readonly (number | undefined)[]): number | undefined {
  return lengths.reduce(
    (total, length) => (total === undefined || length === undefined ? undefined : total + length),
    0,
  );
}

/** `new Array(5)`, `Array(5)`. */
function newLength(callee: ts.Expression, [length, ...others]: readonly ts.Expression[]): number | undefined {
  return isGlobalArray(callee) && length !== undefined && others.length === 0 ? numberOf(length) : undefined;
}

/** `Array.from({ length: 5 }, …)`, `Array.from(list, …)`. */
function fromLength([source]: readonly ts.Expression[]): number | undefined {
  if (source === undefined) return undefined;
  if (!ts.isObjectLiteralExpression(source)) return writtenLength(source);
  const [only, ...others] = source.properties;
  const isLength = only !== undefined && ts.isPropertyAssignment(only) && only.name.getText() === "length";
  return isLength && others.length === 0 ? numberOf(only.initializer) : undefined;
}

function isGlobalArray(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && node.text === "Array";
}

/** A number that is written out, or a constant or product of such. */
function numberOf(expression: ts.Expression): number | undefined {
  const node = unwrap(expression);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isIdentifier(node)) {
    const value = constantOf(node)?.initializer;
    return value && numberOf(value);
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.AsteriskToken) return undefined;
  const [left, right] = [numberOf(node.left), numberOf(node.right)];
  return left === undefined || right === undefined ? undefined : left * right;
}

/** A list that is made and used once: nothing else in the file could change it. */
function variableLength(name: ts.Identifier): number | undefined {
  const declaration = constantOf(name);
  if (declaration?.initializer === undefined || !/^\w+$/.test(name.text)) return undefined;
  const mentions = name.getSourceFile().text.match(new RegExp(`\\b${name.text}\\b`, "g"));
  return mentions?.length === 2 ? writtenLength(declaration.initializer) : undefined;
}

/** The `const` of this name in the blocks around it; undefined where anything else may have the name. */
function constantOf(name: ts.Identifier): ts.VariableDeclaration | undefined {
  const found: ts.VariableDeclaration[] = [];
  let others = 0;
  const visit = (node: ts.Node): void => {
    const isNamed = ts.isIdentifier(node) && node.text === name.text && "name" in node.parent;
    if (isNamed && node.parent.name === node) {
      if (ts.isVariableDeclaration(node.parent) && isConst(node.parent)) found.push(node.parent);
      else others++;
    }
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  const [only] = found;
  return found.length === 1 && others === 0 && only !== undefined && isVisible(only, name) ? only : undefined;
}

function isConst(declaration: ts.VariableDeclaration): boolean {
  return (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
}

function isVisible(declaration: ts.VariableDeclaration, from: ts.Node): boolean {
  const block = declaration.parent.parent.parent;
  return declaration.pos < from.pos && block.pos <= from.pos && from.end <= block.end;
}
