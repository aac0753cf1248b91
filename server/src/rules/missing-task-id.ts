import { ts } from "ts-morph";
import type { DagFacts, FileFacts, TaskFacts } from "../analysis/facts.js";
import { unwrap } from "../analysis/symbols.js";
import { createRule, type Fix, type OffsetEdit } from "./createRule.js";
import { addProperty, objectArgument, replace } from "./support/edits.js";
import { isCheckedByTypeScript } from "./support/typeScriptChecks.js";

export const missingTaskId = createRule({
  meta: {
    name: "missing-task-id",
    category: "graph",
    defaultSeverity: "error",
    description: "Each task has a name: that of its function, or a `task_id`.",
    messages: {
      namelessFunction: "This task's function has no name. Give the task a 'task_id', or name the function.",
      empty: "The 'task_id' of this task is empty. Give it a name.",
      operator: "'{operator}' needs a 'task_id'.",
    },
    fixable: true,
    options: [],
    prevents: "missing-task-id",
    phases: [1],
    dtm: ["DTM106"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      for (const task of [...dag.tasks, ...dag.alternatives]) {
        if (task.isNamed || isLeftToTypeScript(task, facts)) continue;
        yield {
          messageId: task.kind === "operator" ? "operator" : task.idNode ? "empty" : "namelessFunction",
          data: { operator: task.node.operator },
          node: task.idNode ?? placeOf(task),
          site: task.site,
          fixes: fixesFor(task, dag),
        };
      }
    }
  },
});

/** Operators cannot be made without one; a constructor of their own may give it. An empty text is `invalid-id`. */
function isLeftToTypeScript(task: TaskFacts, facts: FileFacts): boolean {
  if (task.kind === "task") return false;
  return task.idNode !== undefined || isCheckedByTypeScript(task.origin, facts) || hasOwnConstructor(task.definition);
}

function hasOwnConstructor(definition: ts.Node | undefined): boolean {
  return (
    definition === undefined || !ts.isClassLike(definition) || definition.members.some(ts.isConstructorDeclaration)
  );
}

/** `task` in `task(…)`: what stands in there may be long. */
function placeOf({ kind, definition, origin }: TaskFacts): ts.Node {
  const call = kind === "task" ? (definition ?? origin) : origin;
  return ts.isCallExpression(call) || ts.isNewExpression(call) ? call.expression : call;
}

function fixesFor(task: TaskFacts, dag: DagFacts): readonly Fix[] {
  const id = freeId(task, dag);
  const edit = id === undefined ? undefined : editFor(task, JSON.stringify(id));
  return edit === undefined ? [] : [{ title: `Give it the task_id '${id ?? ""}'`, edits: [edit] }];
}

/** Where another file defines the task, only that file can name it. */
function editFor(task: TaskFacts, text: string): OffsetEdit | undefined {
  const { idNode, definition, kind, origin } = task;
  if (idNode !== undefined) return ts.isStringLiteralLike(idNode) ? replace(idNode, text) : undefined;
  if (kind === "operator") return optionIn(origin, text);
  if (definition === undefined || !ts.isCallExpression(definition)) return undefined;
  const [first, second] = definition.arguments;
  if (first === undefined) return undefined;
  if (second !== undefined) return optionIn(definition, text);
  return { start: first.getStart(), end: first.getStart(), text: `{ task_id: ${text} }, ` };
}

function optionIn(call: ts.Node, text: string): OffsetEdit | undefined {
  const options = objectArgument(call);
  return options && addProperty(options, `task_id: ${text}`);
}

/** The name of the variable that holds the task, with a number where that is taken. */
function freeId(task: TaskFacts, dag: DagFacts): string | undefined {
  const name = variableName(task.kind === "task" ? (task.definition ?? task.origin) : task.origin);
  if (name === undefined) return undefined;
  const taken = new Set(dag.tasks.map(({ node }) => node.task_id));
  let id = name;
  for (let number = 2; taken.has(id); number++) id = `${name}_${number}`;
  return id;
}

function variableName(definition: ts.Node): string | undefined {
  let node = definition;
  while (ts.isExpression(node.parent) && unwrap(node.parent) === unwrap(node as ts.Expression)) node = node.parent;
  const { parent } = node;
  const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
  if (!isNamed || !(ts.isIdentifier(parent.name) || ts.isStringLiteral(parent.name))) return undefined;
  const name = parent.name.text.replace(/[^\p{L}\p{N}_.-]/gu, "_");
  return name === "" ? undefined : name;
}
