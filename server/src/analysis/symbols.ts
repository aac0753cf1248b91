import { ts } from "ts-morph";

/** What an import or re-export stands for; undefined where it leads nowhere. */
export function resolveAlias(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol | undefined {
  if (!(symbol.flags & ts.SymbolFlags.Alias)) return symbol;
  const target = checker.getAliasedSymbol(symbol);
  return target.declarations === undefined && target.flags & ts.SymbolFlags.Property ? undefined : target;
}

/** The symbol that an identifier stands for, resolved; for plain names only, which costs no types. */
export function symbolOf(checker: ts.TypeChecker, name: ts.Identifier): ts.Symbol | undefined {
  const { parent } = name;
  // The parser gives half-typed code nodes without a parent or position; the checker must not be asked about them.
  if ((parent as ts.Node | undefined) === undefined) return undefined;
  const isShorthand = ts.isShorthandPropertyAssignment(parent) && parent.name === name;
  return isShorthand ? checker.getShorthandAssignmentValueSymbol(parent) : checker.getSymbolAtLocation(name);
}

/** The expression without parentheses, type assertions and `await`, which change nothing here. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isAwaitExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** The name that JavaScript gives a function or class: its own, or that of what it is first assigned to. */
export function nameOfFunction(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return undefined;
  if ((ts.isFunctionLike(node) || ts.isClassLike(node)) && node.name !== undefined) return propertyName(node.name);
  let inner: ts.Node = node;
  while (ts.isParenthesizedExpression(inner.parent)) inner = inner.parent;
  const { parent } = inner;
  const isNamed =
    (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) &&
    parent.initializer === inner;
  if (isNamed && !ts.isObjectBindingPattern(parent.name) && !ts.isArrayBindingPattern(parent.name)) {
    return propertyName(parent.name);
  }
  return undefined;
}

/** A property's name where it is written out. */
export function propertyName(name: ts.PropertyName): string | undefined {
  if (ts.isComputedPropertyName(name)) {
    return ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
  }
  return name.text;
}
