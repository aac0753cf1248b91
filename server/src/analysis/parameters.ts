import { ts } from "ts-morph";
import { resolveAlias } from "./symbols.js";

/** Utility types of the language that keep the names of their argument. */
const NAME_KEEPING = new Set(["Readonly", "Partial", "Required", "NonNullable"]);
const MAX_DEPTH = 8;

/**
 * The names that a task's function takes, as its text tells them, without asking for types: undefined where they
 * cannot be told that way.
 */
export function parameterNames(
  checker: ts.TypeChecker,
  fn: ts.SignatureDeclaration | undefined,
): ReadonlySet<string> | undefined {
  if (fn === undefined) return undefined;
  const [inputs] = fn.parameters;
  if (inputs === undefined) return new Set();
  // A name that the type has and the pattern has not never arrives: the runtime refuses it too.
  const taken = ts.isObjectBindingPattern(inputs.name) ? patternNames(inputs.name) : undefined;
  return taken ?? (inputs.type && typeNames(checker, inputs.type, 0));
}

/** The names that an operator's constructor takes, beside the arguments that all operators have. */
export function operatorParameterNames(
  checker: ts.TypeChecker,
  declaration: ts.ClassLikeDeclaration | undefined,
  depth = 0,
): ReadonlySet<string> | undefined {
  const heritage = declaration?.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  const [base] = heritage?.types ?? [];
  if (base === undefined || depth > MAX_DEPTH) return undefined;
  const [inputs] = base.typeArguments ?? [];
  if (inputs !== undefined) return typeNames(checker, inputs, 0);
  const symbol = ts.isIdentifier(base.expression) ? checker.getSymbolAtLocation(base.expression) : undefined;
  const parent = symbol && resolveAlias(checker, symbol)?.declarations?.find(ts.isClassLike);
  return parent && operatorParameterNames(checker, parent, depth + 1);
}

function patternNames(pattern: ts.ObjectBindingPattern): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const element of pattern.elements) {
    const name = element.propertyName ?? element.name;
    if (element.dotDotDotToken !== undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) return undefined;
    names.add(name.text);
  }
  return names;
}

function typeNames(checker: ts.TypeChecker, type: ts.TypeNode, depth: number): ReadonlySet<string> | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (ts.isParenthesizedTypeNode(type)) return typeNames(checker, type.type, depth + 1);
  if (ts.isTypeLiteralNode(type)) return memberNames(type.members);
  if (ts.isIntersectionTypeNode(type)) return unite(type.types.map((part) => typeNames(checker, part, depth + 1)));
  if (ts.isTypeReferenceNode(type)) return referenceNames(checker, type, depth);
  return undefined;
}

function referenceNames(
  checker: ts.TypeChecker,
  type: ts.TypeReferenceNode,
  depth: number,
): ReadonlySet<string> | undefined {
  const [argument] = type.typeArguments ?? [];
  if (argument !== undefined) {
    const keepsNames = ts.isIdentifier(type.typeName) && NAME_KEEPING.has(type.typeName.text);
    return keepsNames ? typeNames(checker, argument, depth + 1) : undefined;
  }
  const symbol = checker.getSymbolAtLocation(type.typeName);
  const declarations = (symbol && resolveAlias(checker, symbol)?.declarations) ?? [];
  if (declarations.length === 0) return undefined;
  return unite(declarations.map((declaration) => declaredNames(checker, declaration, depth + 1)));
}

function declaredNames(
  checker: ts.TypeChecker,
  declaration: ts.Declaration,
  depth: number,
): ReadonlySet<string> | undefined {
  if (ts.isTypeAliasDeclaration(declaration)) return typeNames(checker, declaration.type, depth);
  if (!ts.isInterfaceDeclaration(declaration)) return undefined;
  const bases = declaration.heritageClauses?.flatMap((clause) => [...clause.types]) ?? [];
  return unite([memberNames(declaration.members), ...bases.map((base) => baseNames(checker, base, depth))]);
}

function baseNames(
  checker: ts.TypeChecker,
  base: ts.ExpressionWithTypeArguments,
  depth: number,
): ReadonlySet<string> | undefined {
  if (base.typeArguments !== undefined || !ts.isIdentifier(base.expression)) return undefined;
  const symbol = checker.getSymbolAtLocation(base.expression);
  const declarations = (symbol && resolveAlias(checker, symbol)?.declarations) ?? [];
  return unite(declarations.map((declaration) => declaredNames(checker, declaration, depth + 1)));
}

function memberNames(members: readonly ts.TypeElement[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const { name } of members) {
    if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteral(name))) return undefined;
    names.add(name.text);
  }
  return names;
}

function unite(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const name of set) names.add(name);
  }
  return names;
}
