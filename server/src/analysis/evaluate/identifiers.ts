import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Scope } from "../scope.js";
import { resolveAlias, symbolOf } from "../symbols.js";
import type { Value } from "../value.js";
import { UNDEFINED, constant, unknown } from "../values.js";
import { bind, initialValue } from "./bindings.js";
import { volatileImport } from "../volatility.js";
import { classValue } from "./classes.js";
import { runModule } from "./modules.js";

const NAMESPACE_FLAGS = ts.SymbolFlags.ValueModule | ts.SymbolFlags.Enum | ts.SymbolFlags.NamespaceModule;
const VALUE_FLAGS = ts.SymbolFlags.Class | ts.SymbolFlags.Function | ts.SymbolFlags.Variable;

/** Globals of Node, which a project without Node's types uses all the same. */
const UNDECLARED: ReadonlySet<string> = new Set(["crypto", "performance", "process"]);

export function evaluateIdentifier(interpreter: Interpreter, node: ts.Identifier, scope: Scope): Value {
  if (node.text === "undefined") return UNDEFINED;
  if (node.text === "NaN" || node.text === "Infinity") return constant(Number(node.text));
  const symbol = symbolOf(interpreter.checker, node);
  if (symbol === undefined && UNDECLARED.has(node.text)) return { type: "global", name: node.text };
  if (symbol === undefined) return unknown(`'${node.text}' is not declared`, node);
  return scope.find(symbol) ?? interpreter.symbolValue(symbol, scope, node);
}

/** The value of a name that no scope holds yet: imported, declared by a module, or given by the language. */
export function symbolValue(interpreter: Interpreter, symbol: ts.Symbol, scope: Scope, node: ts.Node): Value {
  const target = resolveAlias(interpreter.checker, symbol);
  const declaration = target?.valueDeclaration ?? target?.declarations?.[0];
  if (target === undefined || declaration === undefined) {
    const name = volatileImport(symbol);
    if (name !== undefined) return { type: "global", name };
    interpreter.findings.addNote(`What '${symbol.name}' is imported from cannot be found.`, node);
    return unknown(`what '${symbol.name}' is imported from cannot be found`, node);
  }
  const apiName = interpreter.api.nameOf(target);
  if (apiName !== undefined) return apiValue(interpreter, apiName, declaration);
  const file = declaration.getSourceFile();
  const known = interpreter.moduleScope(file).find(target);
  if (known !== undefined) return known;
  if (ts.isSourceFile(declaration) && file.fileName.endsWith(".json")) return jsonValue(interpreter, file, target);
  if (target.flags & NAMESPACE_FLAGS && !(target.flags & VALUE_FLAGS)) return { type: "namespace", symbol: target };
  if (file.isDeclarationFile) return ambientValue(symbol, node);
  if (!isModuleLevel(declaration)) return localValue(declaration, scope, target.name, node);
  runModule(interpreter, file);
  return interpreter.moduleScope(file).find(target) ?? declaredValue(interpreter, target, declaration, node);
}

function apiValue(interpreter: Interpreter, name: string, declaration: ts.Declaration): Value {
  if (!ts.isClassLike(declaration) || !isOperator(interpreter, name, declaration)) return { type: "api", name };
  return { type: "operator-class", name, declaration };
}

function isOperator(interpreter: Interpreter, name: string, declaration: ts.ClassLikeDeclaration): boolean {
  if (name === "BaseOperator") return true;
  const heritage = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  const base = heritage?.types[0]?.expression;
  const symbol = base && ts.isIdentifier(base) ? symbolOf(interpreter.checker, base) : undefined;
  const target = symbol && resolveAlias(interpreter.checker, symbol);
  const baseName = target && interpreter.api.nameOf(target);
  const baseDeclaration = target?.declarations?.find(ts.isClassLike);
  return baseName !== undefined && baseDeclaration !== undefined && isOperator(interpreter, baseName, baseDeclaration);
}

function ambientValue(symbol: ts.Symbol, node: ts.Node): Value {
  const isImported = Boolean(symbol.flags & ts.SymbolFlags.Alias);
  const name = isImported ? volatileImport(symbol) : undefined;
  if (name !== undefined) return { type: "global", name };
  return isImported
    ? unknown(`'${symbol.name}' comes from a package, whose code is not read`, node)
    : { type: "global", name: symbol.name };
}

/** A function or class can be used above the statement that declares it; a variable cannot. */
function localValue(declaration: ts.Declaration, scope: Scope, name: string, node: ts.Node): Value {
  if (ts.isFunctionLike(declaration)) return { type: "function", node: declaration, scope, self: undefined };
  return unknown(`'${name}' has no value yet that reading knows`, node);
}

function declaredValue(interpreter: Interpreter, symbol: ts.Symbol, declaration: ts.Declaration, node: ts.Node): Value {
  const scope = interpreter.moduleScope(declaration.getSourceFile());
  scope.declare(symbol, unknown(`'${symbol.name}' is declared by itself`, node));
  interpreter.inModule(() => {
    declare(interpreter, symbol, declaration, scope);
  });
  return scope.find(symbol) ?? unknown(`'${symbol.name}' cannot be followed`, node);
}

/** Gives a module's name its value when it is first asked for, so that unused code costs nothing. */
function declare(interpreter: Interpreter, symbol: ts.Symbol, declaration: ts.Declaration, scope: Scope): void {
  const { checker } = interpreter;
  if (ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration)) {
    const variable = variableOf(declaration);
    if (variable !== undefined) bind(interpreter, variable.name, initialValue(interpreter, variable, scope), scope);
  } else if (ts.isFunctionDeclaration(declaration)) {
    const withBody = symbol.declarations?.find((other) => ts.isFunctionDeclaration(other) && other.body !== undefined);
    const node = withBody !== undefined && ts.isFunctionDeclaration(withBody) ? withBody : declaration;
    scope.declare(symbol, { type: "function", node, scope, self: undefined });
  } else if (ts.isClassDeclaration(declaration)) {
    scope.declare(symbol, classValue(interpreter, declaration, scope));
  } else if (ts.isExportAssignment(declaration)) {
    scope.declare(symbol, interpreter.evaluate(declaration.expression, scope));
  } else if (ts.isEnumMember(declaration)) {
    const value = checker.getConstantValue(declaration);
    if (value !== undefined) scope.declare(symbol, constant(value));
  }
}

function variableOf(declaration: ts.VariableDeclaration | ts.BindingElement): ts.VariableDeclaration | undefined {
  let node: ts.Node = declaration;
  while (ts.isBindingElement(node)) node = node.parent.parent;
  return ts.isVariableDeclaration(node) ? node : undefined;
}

function jsonValue(interpreter: Interpreter, file: ts.SourceFile, symbol: ts.Symbol): Value {
  const scope = interpreter.moduleScope(file);
  const statement = file.statements.find(ts.isExpressionStatement);
  const value = statement === undefined ? UNDEFINED : interpreter.evaluate(statement.expression, scope);
  scope.declare(symbol, value);
  return value;
}

/** Declared by a module or namespace itself, not in a function or block. */
function isModuleLevel(declaration: ts.Declaration): boolean {
  if (ts.isSourceFile(declaration) || ts.isEnumMember(declaration)) return true;
  const variable =
    ts.isVariableDeclaration(declaration) || ts.isBindingElement(declaration) ? variableOf(declaration) : undefined;
  const list = variable?.parent;
  const statement = list !== undefined && ts.isVariableDeclarationList(list) ? list.parent : (variable ?? declaration);
  return ts.isSourceFile(statement.parent) || ts.isModuleBlock(statement.parent);
}
