import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
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
  ts.SyntaxKind.ModuleDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.VariableStatement,
]);

/**
 * Follows an imported module from top to bottom where it does more than declare, e.g. fills a list in a loop. A
 * module that only declares is read name by name, as far as its names are used.
 */
export function runModule(interpreter: Interpreter, file: ts.SourceFile): void {
  if (file === interpreter.file || interpreter.startedModules.has(file)) return;
  interpreter.startedModules.add(file);
  if (file.statements.every((statement) => DECLARING.has(statement.kind))) return;
  interpreter.inModule(() => {
    executeAll(interpreter, file.statements, interpreter.moduleScope(file));
  });
}
