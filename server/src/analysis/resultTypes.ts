import { ts } from "ts-morph";
import type { ResultType } from "./typeQueries.js";

/** Types of the language that JSON loses, whatever they hold: the engine refuses each by name. */
const LOST =
  /^(?:Readonly)?(?:Map|Set)$|^Weak(?:Map|Set)$|^RegExp$|^(?:\w+)?Error$|^(?:Shared)?ArrayBuffer$|^DataView$|^\w+Array$/;

const NULLISH = ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never;
const PLAIN = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;

/** Deeper than anybody declares results. */
const MAX_DEPTH = 6;

/** What can be said of a value that a task returns, from its type alone. */
export function resultTypeOf(checker: ts.TypeChecker, expression: ts.Expression): ResultType | undefined {
  const given = checker.getTypeAtLocation(expression);
  const type = checker.getAwaitedType(given) ?? given;
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return undefined;
  const members = membersOf(type);
  const lost = lostIn(checker, type, [], expression);
  return {
    text: checker.typeToString(checker.getBaseTypeOfLiteralType(type)),
    isNoDict: members.length > 0 && members.every((member) => isNoDict(checker, member)),
    ...(lost && { lost }),
  };
}

/** Without null and undefined, which are no result at all. */
function membersOf(type: ts.Type): readonly ts.Type[] {
  return (type.isUnion() ? type.types : [type]).filter((member) => (member.flags & NULLISH) === 0);
}

function isNoDict(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.flags & PLAIN) return true;
  return checker.isArrayType(type) || checker.isTupleType(type) || libraryName(type) === "Date";
}

type Lost = NonNullable<ResultType["lost"]>;

/** The first part of a value that is surely lost; of a union, only where all that it may be is. */
function lostIn(
  checker: ts.TypeChecker,
  type: ts.Type,
  path: readonly ts.Type[],
  at: ts.Node,
  name = "",
): Lost | undefined {
  if (path.length > MAX_DEPTH || path.includes(type)) return undefined;
  const members = membersOf(type);
  const [first] = members;
  if (members.length !== 1 || first === undefined) {
    const all = members.map((member) => lostIn(checker, member, [...path, type], at, name));
    return all.every((each) => each !== undefined) ? all[0] : undefined;
  }
  const what = lostKind(first);
  if (what !== undefined) return { path: name, what };
  return lostInside(checker, first, [...path, type], at, name);
}

function lostKind(type: ts.Type): string | undefined {
  if (type.flags & ts.TypeFlags.BigIntLike) return "a BigInt";
  if (type.flags & ts.TypeFlags.ESSymbolLike) return "a symbol";
  if (type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0) return "a function";
  const name = [type, ...(type.getBaseTypes() ?? [])].map(libraryName).find((each) => LOST.test(each ?? ""));
  return name === undefined ? undefined : `a ${name.replace(/^Readonly/, "")}`;
}

function lostInside(
  checker: ts.TypeChecker,
  type: ts.Type,
  path: readonly ts.Type[],
  at: ts.Node,
  name: string,
): Lost | undefined {
  if ((type.flags & ts.TypeFlags.Object) === 0) return undefined;
  if (checker.isArrayType(type) || checker.isTupleType(type)) {
    const items = checker.getTypeArguments(type as ts.TypeReference);
    return firstOf(items, (item) => lostIn(checker, item, path, at, `${name}[…]`));
  }
  // How an instance of a class is turned into JSON, only the class knows.
  const isClass = ((type.symbol as ts.Symbol | undefined)?.flags ?? 0) & ts.SymbolFlags.Class;
  if (isClass || type.getProperty("toJSON") !== undefined || libraryName(type) !== undefined) return undefined;
  return firstOf(type.getProperties(), (property) => {
    const inner = checker.getTypeOfSymbolAtLocation(property, at);
    const isSure = (property.flags & ts.SymbolFlags.Optional) === 0 && isOwn(property, inner);
    return isSure ? lostIn(checker, inner, path, at, `${name}.${property.name}`) : undefined;
  });
}

/** A function that a type merely declares may be a method, which is no part of the value. */
function isOwn(property: ts.Symbol, type: ts.Type): boolean {
  const declarations = property.declarations ?? [];
  const isWritten = declarations.every(({ parent }) => ts.isObjectLiteralExpression(parent));
  const isFunction = membersOf(type).some((member) => member.getCallSignatures().length > 0);
  if (isFunction) return declarations.length > 0 && isWritten;
  return declarations.length > 0 && declarations.every((each) => isWritten || ts.isPropertySignature(each));
}

/** The name of a type that the language or Node itself declares. */
function libraryName(type: ts.Type): string | undefined {
  const symbol = type.symbol as ts.Symbol | undefined;
  const files = symbol?.declarations?.map((declaration) => declaration.getSourceFile().fileName) ?? [];
  return files.length > 0 && files.every((file) => /\/(?:lib\.[\w.]+|@types\/node\/.*)\.d\.[cm]?ts$/.test(file))
    ? symbol?.name
    : undefined;
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
