import { ts } from "ts-morph";
import type { DagFacts, FileFacts, TaskFacts } from "../../analysis/facts.js";
import { constantOf, effectiveOption } from "./givenOptions.js";

/** A value that the body of a task returns in one place. */
export interface ReturnedValue {
  readonly task: TaskFacts;
  readonly dag: DagFacts;
  readonly expression: ts.Expression;
}

/** Flavours whose result is what the body returns. */
const PLAIN: ReadonlySet<string> = new Set(["task", "setup", "teardown"]);

/** What bodies return, of tasks whose result is surely kept. */
export function* keptResults(facts: FileFacts): Generator<ReturnedValue> {
  for (const dag of facts.dags) {
    for (const task of [...dag.tasks, ...dag.alternatives]) {
      if (!isKept(task, dag)) continue;
      for (const expression of returnedBy(bodyOf(task))) yield { task, dag, expression };
    }
  }
}

function isKept(task: TaskFacts, dag: DagFacts): boolean {
  if (task.flavour !== undefined && !PLAIN.has(task.flavour)) return false;
  const option = effectiveOption(task, dag, "do_xcom_push");
  if (option === "unknown") return false;
  const kept = option && constantOf(option.value);
  return option === undefined || (kept !== undefined && kept.value !== false);
}

/** A task's function, or the `execute` that an operator's own class writes. */
function bodyOf({ fn, kind, definition }: TaskFacts): ts.SignatureDeclaration | undefined {
  if (kind === "task") return fn;
  if (definition === undefined || !ts.isClassLike(definition)) return undefined;
  return definition.members.find(
    (member): member is ts.MethodDeclaration => ts.isMethodDeclaration(member) && member.name.getText() === "execute",
  );
}

/** Not those of functions inside of it. A generator's are not what calling it gives. */
export function returnedBy(fn: ts.SignatureDeclaration | undefined): readonly ts.Expression[] {
  if (fn === undefined || !("body" in fn) || fn.body === undefined) return [];
  if ("asteriskToken" in fn && fn.asteriskToken !== undefined) return [];
  const { body } = fn;
  if (!ts.isBlock(body)) return [body];
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    if (!ts.isFunctionLike(node) && !ts.isClassLike(node)) ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}
