import { ts } from "ts-morph";
import type { DagFacts, FileFacts, GroupFacts, TaskFacts } from "../analysis/facts.js";

export interface TaskInDag {
  readonly task: TaskFacts;
  readonly dag: DagFacts;
}

export interface GroupInDag {
  readonly group: GroupFacts;
  readonly dag: DagFacts;
}

export function* groupsOf(facts: FileFacts): Generator<GroupInDag> {
  for (const dag of facts.dags) for (const group of dag.groups) yield { group, dag };
}

export function* tasksOf(facts: FileFacts): Generator<TaskInDag> {
  for (const dag of facts.dags) for (const task of dag.tasks) yield { task, dag };
}

/** Every task that the name at `offset` stands for: the called task, its id, its definition, or a variable that holds it. */
export function tasksAt(facts: FileFacts, offset: number): readonly TaskInDag[] {
  const token = tokenAt(facts.sourceFile, offset);
  if (token === undefined) return [];
  const all = [...tasksOf(facts)];
  const created = all.filter(({ task }) => namesTask(token, task));
  if (created.length > 0) return created;
  return ts.isIdentifier(token) ? all.filter(({ task }) => holds(token, task)) : [];
}

/** The same of task groups. */
export function groupsAt(facts: FileFacts, offset: number): readonly GroupInDag[] {
  const token = tokenAt(facts.sourceFile, offset);
  if (token === undefined) return [];
  const all = [...groupsOf(facts)];
  const called = all.filter(({ group }) => namesTask(token, group));
  if (called.length > 0) return called;
  return ts.isIdentifier(token) ? all.filter(({ group }) => holds(token, group)) : [];
}

function tokenAt(sourceFile: ts.SourceFile, offset: number): ts.Node | undefined {
  const find = (node: ts.Node): ts.Node | undefined => {
    if (offset < node.getStart(sourceFile) || offset > node.getEnd()) return undefined;
    const inside = ts.forEachChild(node, find);
    if (inside !== undefined) return inside;
    return ts.isIdentifier(node) || ts.isStringLiteralLike(node) ? node : undefined;
  };
  return find(sourceFile);
}

/** The token stands in `load.partial(…).expand` of the task's call, is its id, or names its definition. */
function namesTask(token: ts.Node, task: TaskFacts | GroupFacts): boolean {
  return isCallee(token, task.site) || isWithin(token, task.idNode) || declaresSame(token, task.definition);
}

/** Only what is called, never its arguments: these may be tasks of their own. */
function isCallee(token: ts.Node, site: ts.Node): boolean {
  if (!ts.isCallExpression(site) && !ts.isNewExpression(site)) return false;
  let callee: ts.Node = site.expression;
  while (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) {
    if (ts.isPropertyAccessExpression(callee) && token === callee.name) return true;
    callee = callee.expression;
  }
  return token === callee;
}

function isWithin(token: ts.Node, node: ts.Node | undefined): boolean {
  if (node === undefined) return false;
  if (token.getSourceFile() !== node.getSourceFile()) return false;
  return token.getStart() >= node.getStart() && token.getEnd() <= node.getEnd();
}

/** `const add = task(…)` or `class Load …`. */
function declaresSame(token: ts.Node, definition: ts.Node | undefined): boolean {
  return definition !== undefined && declaredName(definition) === token;
}

function declaredName(value: ts.Node): ts.Node | undefined {
  if (ts.isClassLike(value)) return value.name;
  return ts.isVariableDeclaration(value.parent) ? value.parent.name : undefined;
}

/** A variable that the task's call, or its `output`, is assigned to. By name, within this file. */
function holds(token: ts.Identifier, { site }: TaskFacts | GroupFacts): boolean {
  let node = site;
  while (ts.isPropertyAccessExpression(node.parent) || ts.isAwaitExpression(node.parent)) node = node.parent;
  const name = declaredName(node);
  return name !== undefined && ts.isIdentifier(name) && name.text === token.text;
}
