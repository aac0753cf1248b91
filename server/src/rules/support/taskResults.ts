import type { ts } from "ts-morph";
import type { DagFacts, FileFacts, TaskFacts } from "../../analysis/facts.js";
import { constantOf, effectiveOption } from "./givenOptions.js";
import { bodyOf, returnedExpressions } from "./taskBodies.js";

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

/** A generator's are not what calling it gives. */
function returnedBy(fn: ts.SignatureDeclaration | undefined): readonly ts.Expression[] {
  if (fn === undefined || ("asteriskToken" in fn && fn.asteriskToken !== undefined)) return [];
  return returnedExpressions(fn);
}
