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

/** The expression without parentheses, type assertions, type arguments and `await`, which change nothing here. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isTypeAssertionExpression(inner) ||
    ts.isAwaitExpression(inner) ||
    ts.isExpressionWithTypeArguments(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** The name that JavaScript gives a function or class: its own, or that of what it is first assigned to. */
export function nameOfFunction(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return undefined;
  if ((ts.isFunctionLike(node) || ts.isClassLike(node)) && node.name !== undefined) return propertyName(node.name);
  const target = assignedTo(node);
  if (target === undefined) return undefined;
  if (ts.isExportAssignment(target)) return "default";
  return ts.isObjectBindingPattern(target) || ts.isArrayBindingPattern(target) ? undefined : propertyName(target);
}

/** True for a function that surely has no name, not even one that cannot be told. */
export function isNameless(node: ts.SignatureDeclaration): boolean {
  return (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && !node.name && assignedTo(node) === undefined;
}

type NameGiver = ts.BindingName | ts.PropertyName | ts.ExportAssignment;

const ASSIGNMENTS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** What an expression is the first value of. */
function assignedTo(node: ts.Node): NameGiver | undefined {
  let inner = node;
  while (isTransparent(inner.parent)) inner = inner.parent;
  const { parent } = inner;
  if (ts.isExportAssignment(parent)) return parent;
  if (ts.isBinaryExpression(parent)) {
    const isAssigned = parent.right === inner && ASSIGNMENTS.has(parent.operatorToken.kind);
    return isAssigned && ts.isIdentifier(parent.left) ? parent.left : undefined;
  }
  const isGiven =
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isBindingElement(parent) ||
    ts.isParameter(parent) ||
    ts.isPropertyDeclaration(parent);
  return isGiven && parent.initializer === inner ? parent.name : undefined;
}

/** Parentheses and type assertions, of which nothing is left in JavaScript. */
function isTransparent(node: ts.Node): boolean {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isTypeAssertionExpression(node)
  );
}

/** A property's name where it is written out. */
export function propertyName(name: ts.PropertyName): string | undefined {
  if (ts.isComputedPropertyName(name)) {
    return ts.isStringLiteralLike(name.expression) ? name.expression.text : undefined;
  }
  return name.text;
}

/** The members of an enumeration as its object has them, `Level[1]` included; undefined for what is none, or not known. */
export function enumEntries(
  checker: ts.TypeChecker,
  { declarations = [] }: ts.Symbol,
): readonly (readonly [string, string | number])[] | undefined {
  const members = declarations.filter(ts.isEnumDeclaration).flatMap((each) => [...each.members]);
  if (members.length === 0) return undefined;
  const entries = new Map<string, string | number>();
  for (const member of members) {
    const [name, value] = [propertyName(member.name), checker.getConstantValue(member)];
    if (name === undefined || value === undefined) return undefined;
    entries.set(name, value);
    if (typeof value === "number") entries.set(String(value), name);
  }
  const isNumber = ([name]: readonly [string, unknown]): boolean => /^\d+$/.test(name);
  const numbered = [...entries].filter(isNumber).sort(([one], [other]) => Number(one) - Number(other));
  return [...numbered, ...[...entries].filter((entry) => !isNumber(entry))];
}
