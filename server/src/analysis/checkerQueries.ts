import { ts } from "ts-morph";
import type { ApiIndex } from "./apiIndex.js";
import { isCheckedFile } from "./checkedFiles.js";
import { unwrap } from "./symbols.js";
import { resultTypeOf } from "./resultTypes.js";
import type { TimeLimit } from "./timeLimit.js";
import type { KwargsShape, Mappability, ResultType, TypeQueries } from "./typeQueries.js";

/** The queries as ts-morph's TypeScript answers them. */
export class CheckerQueries implements TypeQueries {
  readonly #notMappable: ts.Type | undefined;
  readonly #resultProperty: ts.__String | undefined;

  constructor(
    private readonly checker: ts.TypeChecker,
    api: ApiIndex,
    private readonly limit: TimeLimit,
    private readonly checksJavaScript = false,
  ) {
    const notMappable = api.find("NotMappable");
    this.#notMappable = notMappable && checker.getDeclaredTypeOfSymbol(notMappable);
    this.#resultProperty = findResultProperty(checker, api.find("XComArg"));
  }

  within<T>(run: () => T): T | undefined {
    return this.limit.run(run);
  }

  mappability(expression: ts.Expression): Mappability {
    const given = this.checker.getTypeAtLocation(expression);
    const result = this.#resultOf(given);
    return this.#judge(result ?? given, result !== undefined);
  }

  kwargs(expression: ts.Expression): KwargsShape {
    const given = this.checker.getTypeAtLocation(expression);
    const result = this.#resultOf(given);
    const type = result ?? given;
    if (isUnresolved(type) || this.#notMappable === undefined) return { verdict: "ok" };
    if (type.flags & ts.TypeFlags.Any) return { verdict: "untyped", type: this.#text(type) };
    if (result === undefined) return { verdict: "ok" };
    const members = type.isUnion() ? type.types : [type];
    const refused = members.map((member) => this.#refusedAsKwargs(member)).find((verdict) => verdict !== undefined);
    return refused === undefined ? { verdict: "ok" } : { verdict: refused, type: this.#text(type) };
  }

  kwargsNames(expression: ts.Expression): readonly string[] {
    const given = this.checker.getTypeAtLocation(expression);
    const list = this.#resultOf(given) ?? given;
    const item = this.checker.isArrayLikeType(list) ? list.getNumberIndexType() : undefined;
    if (item === undefined || !isPlainObject(item) || this.#resultOf(item) !== undefined) return [];
    return item.getProperties().flatMap((property) => (this.#isSurelyThere(property) ? [property.name] : []));
  }

  resultType(expression: ts.Expression): string | undefined {
    const result = this.#resultOf(this.checker.getTypeAtLocation(expression));
    return result && this.#text(result);
  }

  parameterNames(fn: ts.SignatureDeclaration): ReadonlySet<string> | undefined {
    const [inputs] = fn.parameters;
    if (inputs === undefined) return new Set();
    const type = this.checker.getTypeAtLocation(inputs);
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) return undefined;
    if (type.getStringIndexType() !== undefined) return undefined;
    return new Set(type.getProperties().map((property) => property.name));
  }

  tupleLength(expression: ts.Expression): number | undefined {
    const type = this.checker.getTypeAtLocation(expression);
    if (!this.checker.isTupleType(type)) return undefined;
    const { target } = type as ts.TupleTypeReference;
    return target.combinedFlags & ts.ElementFlags.Variable || target.minLength !== target.fixedLength
      ? undefined
      : target.fixedLength;
  }

  isDictResult(expression: ts.Expression): boolean {
    const type = this.#resultOf(this.checker.getTypeAtLocation(expression));
    if (type === undefined || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return false;
    const members = type.isUnion() ? type.types : [type];
    return members.every((member) => this.#isDict(member));
  }

  isAlwaysReference(expression: ts.Expression): boolean {
    return this.#seesNullish() && this.#isDeclaredReference(unwrap(expression));
  }

  isUnchecked(expression: ts.Expression): boolean {
    if (this.checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Any) return true;
    return !isCheckedFile(expression.getSourceFile(), this.checksJavaScript);
  }

  isAccepted(argument: ts.Expression): boolean {
    if (this.isUnchecked(argument)) return true;
    const wanted = this.checker.getContextualType(argument);
    return wanted === undefined || this.checker.isTypeAssignableTo(this.checker.getTypeAtLocation(argument), wanted);
  }

  returned(expression: ts.Expression): ResultType | undefined {
    return resultTypeOf(this.checker, expression);
  }

  typeText(expression: ts.Expression): string {
    return this.#text(this.checker.getTypeAtLocation(expression));
  }

  #judge(type: ts.Type, upstream: boolean): Mappability {
    // TypeScript has said so already, or will as soon as fanout is found.
    if (isUnresolved(type) || this.#notMappable === undefined) return { verdict: "ok" };
    if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) {
      return { verdict: "untyped", type: this.#text(type), upstream };
    }
    const members = type.isUnion() ? type.types : [type];
    const refused = members.filter((member) => this.#isNotMappable(member));
    if (refused.length === 0) return { verdict: "ok" };
    if (refused.length === members.length) return { verdict: "not-mappable", type: this.#text(type), upstream };
    return { verdict: "maybe-not-mappable", type: refused.map((member) => this.#text(member)).join(" | "), upstream };
  }

  /** Undefined for a list of dicts, and for what cannot be told. */
  #refusedAsKwargs(type: ts.Type): "no-list" | "dict" | "items" | undefined {
    if (this.#isNotMappable(type)) return "no-list";
    if (!this.checker.isArrayLikeType(type)) return type.flags & ts.TypeFlags.Object ? "dict" : undefined;
    const item = type.getNumberIndexType();
    if (item === undefined || item.flags & (ts.TypeFlags.Any | ts.TypeFlags.Never)) return undefined;
    const members = item.isUnion() ? item.types : [item];
    const isNoDict = (member: ts.Type): boolean => this.#isNotMappable(member) || this.checker.isArrayLikeType(member);
    return members.every(isNoDict) ? "items" : undefined;
  }

  #isDict(type: ts.Type): boolean {
    const isObject = (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
    // A list may be of a class of its own: it has items by number.
    return isObject && type.getNumberIndexType() === undefined && !this.#isNotMappable(type);
  }

  #isNotMappable(type: ts.Type): boolean {
    if (type.flags & ts.TypeFlags.Never || this.#notMappable === undefined) return false;
    return this.checker.isTypeAssignableTo(type, this.#notMappable);
  }

  /** What is undefined is not there any more when it has gone through JSON. */
  #isSurelyThere(property: ts.Symbol): boolean {
    const { Undefined, Any, Unknown, Void, TypeParameter } = ts.TypeFlags;
    const type = this.checker.getTypeOfSymbol(property);
    const members = type.isUnion() ? type.types : [type];
    const isMissing = ({ flags }: ts.Type): boolean =>
      (flags & (Undefined | Any | Unknown | Void | TypeParameter)) !== 0;
    return this.#seesNullish() && !(property.flags & ts.SymbolFlags.Optional) && !members.some(isMissing);
  }

  /** Without `strictNullChecks` types do not tell what may be missing. */
  #seesNullish(): boolean {
    return !this.checker.isTypeAssignableTo(this.checker.getUndefinedType(), this.checker.getStringType());
  }

  /** By declarations, not by what a condition before has narrowed a name to. */
  #isDeclaredReference(node: ts.Expression): boolean {
    if (ts.isCallExpression(node)) return this.#resultOf(this.checker.getTypeAtLocation(node)) !== undefined;
    const name = ts.isPropertyAccessExpression(node) ? node.name : node;
    if (!ts.isIdentifier(name) || (ts.isPropertyAccessExpression(node) && node.questionDotToken)) return false;
    const symbol = this.checker.getSymbolAtLocation(name);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return false;
    if (this.#resultOf(this.checker.getTypeOfSymbol(symbol)) === undefined) return false;
    return this.#holdsWhatItSays(declaration);
  }

  /** An item of a list that is taken by its place may be missing, whatever its type says. */
  #holdsWhatItSays(declaration: ts.Declaration): boolean {
    if (ts.isParameter(declaration)) return true;
    if (ts.isBindingElement(declaration)) {
      const { parent } = declaration;
      if (!ts.isObjectBindingPattern(parent)) return false;
      return (
        ts.isParameter(parent.parent) || (ts.isBindingElement(parent.parent) && this.#holdsWhatItSays(parent.parent))
      );
    }
    if (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration)) return true;
    if (ts.isPropertyAssignment(declaration)) return this.#isDeclaredReference(unwrap(declaration.initializer));
    if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
    const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return isConstant && this.#isDeclaredReference(unwrap(declaration.initializer));
  }

  /** `T` of an `XComArg<T>`. */
  #resultOf(type: ts.Type): ts.Type | undefined {
    const property = this.#resultProperty === undefined ? undefined : propertyOf(type, this.#resultProperty);
    return property && this.checker.getTypeOfSymbol(property);
  }

  #text(type: ts.Type): string {
    return this.checker.typeToString(this.checker.getBaseTypeOfLiteralType(type));
  }
}

/** The `any` of a name or module that could not be found, which is not the `any` that somebody wrote. */
function isUnresolved(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0 && "intrinsicName" in type && type.intrinsicName === "error";
}

/** No instance of a class, of which JSON may leave something else. */
function isPlainObject(type: ts.Type): boolean {
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0 && !type.isClass();
  const { Property } = ts.SymbolFlags;
  return (
    isObject &&
    type.getProperties().every(({ flags, declarations = [] }) => {
      const isOfClass = declarations.some((declaration) => ts.isClassLike(declaration.parent));
      return (flags & Property) !== 0 && !isOfClass;
    })
  );
}

function propertyOf(type: ts.Type, name: ts.__String): ts.Symbol | undefined {
  return type.getProperties().find((property) => property.escapedName === name);
}

/** The property of `XComArg<T>` whose type is `T`: it is named by a symbol, so that only its type tells it apart. */
function findResultProperty(checker: ts.TypeChecker, xcomArg: ts.Symbol | undefined): ts.__String | undefined {
  if (xcomArg === undefined) return undefined;
  const type = checker.getDeclaredTypeOfSymbol(xcomArg);
  const [parameter] = type.aliasTypeArguments ?? (type as ts.InterfaceType).typeParameters ?? [];
  return type.getProperties().find((property) => checker.getTypeOfSymbol(property) === parameter)?.escapedName;
}
