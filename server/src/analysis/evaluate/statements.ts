import { ts } from "ts-morph";
import { type Completion, type Interpreter, NORMAL, Thrown } from "../interpreter.js";
import { type Cause, Scope } from "../scope.js";
import { symbolOf } from "../symbols.js";
import { UNDEFINED } from "../values.js";
import { declareVariable } from "./bindings.js";
import { executeAll, join, outermost } from "./blocks.js";
import { classValue } from "./classes.js";
import { evaluateCondition } from "./conditions.js";
import { executeDo, executeFor, executeForIn, executeForOf, executeWhile } from "./loops.js";
import { executeSwitch } from "./switches.js";
import { type Handler, when } from "./table.js";

type Execute = Handler<Completion>;

/** Statements that are not here (types, imports, empty ones) do nothing. */
const executors: ReadonlyMap<ts.SyntaxKind, Execute> = new Map<ts.SyntaxKind, Execute>([
  [ts.SyntaxKind.Block, when(ts.isBlock, executeBlock)],
  [ts.SyntaxKind.BreakStatement, when(ts.isBreakStatement, (_i, node) => jump("break", node))],
  [ts.SyntaxKind.ClassDeclaration, when(ts.isClassDeclaration, executeClass)],
  [ts.SyntaxKind.ContinueStatement, when(ts.isContinueStatement, (_i, node) => jump("continue", node))],
  [ts.SyntaxKind.DoStatement, when(ts.isDoStatement, executeDo)],
  [ts.SyntaxKind.ExportAssignment, when(ts.isExportAssignment, executeExport)],
  [ts.SyntaxKind.ExpressionStatement, when(ts.isExpressionStatement, executeExpression)],
  [ts.SyntaxKind.ForInStatement, when(ts.isForInStatement, executeForIn)],
  [ts.SyntaxKind.ForOfStatement, when(ts.isForOfStatement, executeForOf)],
  [ts.SyntaxKind.ForStatement, when(ts.isForStatement, executeFor)],
  [ts.SyntaxKind.IfStatement, when(ts.isIfStatement, executeIf)],
  [ts.SyntaxKind.LabeledStatement, when(ts.isLabeledStatement, executeLabeled)],
  [ts.SyntaxKind.ModuleDeclaration, when(ts.isModuleDeclaration, executeNamespace)],
  [ts.SyntaxKind.ReturnStatement, when(ts.isReturnStatement, executeReturn)],
  [ts.SyntaxKind.SwitchStatement, when(ts.isSwitchStatement, executeSwitch)],
  [ts.SyntaxKind.ThrowStatement, when(ts.isThrowStatement, executeThrow)],
  [ts.SyntaxKind.TryStatement, when(ts.isTryStatement, executeTry)],
  [ts.SyntaxKind.VariableStatement, when(ts.isVariableStatement, executeVariables)],
  [ts.SyntaxKind.WhileStatement, when(ts.isWhileStatement, executeWhile)],
]);

export function executeStatement(interpreter: Interpreter, statement: ts.Statement, scope: Scope): Completion {
  const outer = interpreter.statementCertainty;
  interpreter.statementCertainty = interpreter.certainty;
  try {
    return executors.get(statement.kind)?.(interpreter, statement, scope) ?? NORMAL;
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    return { type: "throw" };
  } finally {
    interpreter.statementCertainty = outer;
  }
}

function executeBlock(interpreter: Interpreter, node: ts.Block, scope: Scope): Completion {
  return executeAll(interpreter, node.statements, new Scope(scope, interpreter.certainty));
}

function executeExpression(interpreter: Interpreter, node: ts.ExpressionStatement, scope: Scope): Completion {
  interpreter.evaluate(node.expression, scope);
  return NORMAL;
}

function executeExport(interpreter: Interpreter, node: ts.ExportAssignment, scope: Scope): Completion {
  interpreter.evaluate(node.expression, scope);
  return NORMAL;
}

function executeVariables(interpreter: Interpreter, node: ts.VariableStatement, scope: Scope): Completion {
  if (node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword)) return NORMAL;
  for (const declaration of node.declarationList.declarations) declareVariable(interpreter, declaration, scope);
  return NORMAL;
}

function executeClass(interpreter: Interpreter, node: ts.ClassDeclaration, scope: Scope): Completion {
  const symbol = node.name && symbolOf(interpreter.checker, node.name);
  // A module's class that was asked for before its statement was reached is there already.
  if (symbol === undefined || scope.parent !== undefined || scope.find(symbol) === undefined)
    classValue(interpreter, node, scope);
  return NORMAL;
}

/** What lies in a namespace has the module's scope: symbols tell names of different namespaces apart. */
function executeNamespace(interpreter: Interpreter, { body }: ts.ModuleDeclaration, scope: Scope): Completion {
  if (body === undefined) return NORMAL;
  if (ts.isModuleBlock(body)) return executeAll(interpreter, body.statements, scope);
  return ts.isModuleDeclaration(body) ? executeNamespace(interpreter, body, scope) : NORMAL;
}

function executeReturn(interpreter: Interpreter, node: ts.ReturnStatement, scope: Scope): Completion {
  return { type: "return", value: node.expression ? interpreter.evaluate(node.expression, scope) : UNDEFINED };
}

function executeThrow(interpreter: Interpreter, node: ts.ThrowStatement, scope: Scope): Completion {
  interpreter.evaluate(node.expression, scope);
  return { type: "throw" };
}

function executeLabeled(interpreter: Interpreter, node: ts.LabeledStatement, scope: Scope): Completion {
  const completion = interpreter.execute(node.statement, scope);
  return completion.label === node.label.text ? { type: "normal", perhaps: completion.perhaps } : completion;
}

function jump(type: "break" | "continue", node: ts.BreakOrContinueStatement): Completion {
  return node.label === undefined ? { type } : { type, label: node.label.text };
}

function executeIf(interpreter: Interpreter, node: ts.IfStatement, scope: Scope): Completion {
  const { thenStatement, elseStatement } = node;
  const { truth: condition } = evaluateCondition(interpreter, node.expression, scope);
  if (condition === true) return interpreter.execute(thenStatement, scope);
  if (condition === false) return elseStatement === undefined ? NORMAL : interpreter.execute(elseStatement, scope);
  const cause = undecided(node.expression);
  const ways = [thenStatement, elseStatement].map((statement, way) =>
    statement === undefined ? NORMAL : interpreter.perhaps(cause, () => interpreter.execute(statement, scope), way),
  );
  return join(interpreter, ways);
}

export function undecided(node: ts.Node): Cause {
  return { what: "condition", reason: "this condition depends on something that is not known before a run", node };
}

/** A `try` with what its `catch` does; after a call of code that is not read, either may happen. */
function executeGuarded(
  interpreter: Interpreter,
  { tryBlock, catchClause }: ts.TryStatement,
  scope: Scope,
): Completion {
  if (catchClause === undefined) return interpreter.execute(tryBlock, scope);
  const { unreadCalls } = interpreter;
  interpreter.guards++;
  const tried = interpreter.execute(tryBlock, scope);
  interpreter.guards--;
  if (tried.type === "throw") return interpreter.execute(catchClause.block, scope);
  const completion = { ...tried, perhaps: tried.perhaps === "try" ? undefined : tried.perhaps };
  if (interpreter.unreadCalls === unreadCalls) return completion;
  // What fails in there is caught, so that nothing around it fails with it.
  interpreter.unreadCalls = unreadCalls;
  const reason = "whether this fails is not known before a run";
  const cause = { what: "condition", reason, node: catchClause } as const;
  const caught = interpreter.perhaps(cause, () => interpreter.execute(catchClause.block, scope));
  return join(interpreter, [completion, caught]);
}

function executeTry(interpreter: Interpreter, node: ts.TryStatement, scope: Scope): Completion {
  const completion = executeGuarded(interpreter, node, scope);
  if (node.finallyBlock === undefined) return completion;
  const last = interpreter.execute(node.finallyBlock, scope);
  return last.type === "normal" ? { ...completion, perhaps: outermost(completion.perhaps, last.perhaps) } : last;
}
