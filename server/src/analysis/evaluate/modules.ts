import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import { unwrap } from "../symbols.js";
import { executeAll } from "./blocks.js";

/** Statements that only declare: nothing happens before their names are used. */
const DECLARING = new Set([
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.EmptyStatement,
  ts.SyntaxKind.EnumDeclaration,
  ts.SyntaxKind.ExportAssignment,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ImportEqualsDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
]);

function onlyDeclares(statement: ts.Statement, file: ts.SourceFile): boolean {
  if (ts.isModuleDeclaration(statement)) {
    const { body } = statement;
    if (body !== undefined && ts.isModuleDeclaration(body)) return onlyDeclares(body, file);
    return body === undefined || !ts.isModuleBlock(body) || body.statements.every((each) => onlyDeclares(each, file));
  }
  if (ts.isVariableStatement(statement)) {
    return !statement.declarationList.declarations.some(
      ({ initializer }) => initializer && callsOwnCode(initializer, file),
    );
  }
  return DECLARING.has(statement.kind);
}

/** Globals that change nothing when they are called. */
const GLOBALS = new Set([
  "Array",
  "BigInt",
  "Boolean",
  "Date",
  "JSON",
  "Map",
  "Math",
  "Number",
  "Object",
  "Set",
  "String",
  "URL",
]);

/** True where a value comes of calling code of the workspace: then the order in which values are made may matter. */
function callsOwnCode(node: ts.Node, file: ts.SourceFile): boolean {
  if (ts.isFunctionLike(node)) return false;
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && isOwn(rootOf(node.expression), file)) return true;
  return ts.forEachChild(node, (child) => callsOwnCode(child, file)) === true;
}

function rootOf(node: ts.Expression): ts.Expression {
  const inner = unwrap(node);
  const isPath =
    ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner) || ts.isCallExpression(inner);
  return isPath ? rootOf(inner.expression) : inner;
}

function isOwn(root: ts.Expression, file: ts.SourceFile): boolean {
  return ts.isIdentifier(root) && !GLOBALS.has(root.text) && !importedFromPackages(file).has(root.text);
}

const packageNames = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

function importedFromPackages(file: ts.SourceFile): ReadonlySet<string> {
  const known = packageNames.get(file);
  if (known !== undefined) return known;
  const names = new Set(file.statements.filter(ts.isImportDeclaration).filter(isOfPackage).flatMap(namesOf));
  packageNames.set(file, names);
  return names;
}

function isOfPackage({ moduleSpecifier }: ts.ImportDeclaration): boolean {
  return ts.isStringLiteral(moduleSpecifier) && !moduleSpecifier.text.startsWith(".");
}

function namesOf({ importClause }: ts.ImportDeclaration): readonly string[] {
  const { name, namedBindings: bindings } = importClause ?? {};
  const named = bindings === undefined ? [] : ts.isNamedImports(bindings) ? bindings.elements : [bindings];
  return [...named.map((each) => each.name.text), ...(name === undefined ? [] : [name.text])];
}

/**
 * Follows an imported module from top to bottom where it does more than declare, e.g. fills a list in a loop. A
 * module that only declares is read name by name, as far as its names are used.
 */
export function runModule(interpreter: Interpreter, file: ts.SourceFile): void {
  if (file === interpreter.file || interpreter.startedModules.has(file)) return;
  interpreter.startedModules.add(file);
  if (file.statements.every((statement) => onlyDeclares(statement, file))) return;
  interpreter.inModule(() => {
    executeAll(interpreter, file.statements, interpreter.moduleScope(file));
  });
}
