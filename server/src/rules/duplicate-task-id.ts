import { ts } from "ts-morph";
import type { DagFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { overrideOption, replace, taskExpression } from "./support/edits.js";

export const duplicateTaskId = createRule({
  meta: {
    name: "duplicate-task-id",
    category: "graph",
    defaultSeverity: "error",
    description: "Each task of a DAG has its own `task_id`.",
    messages: {
      taken: "The task_id '{id}' is already taken in this DAG. Give this task another one.",
      suffixed: "The task_id '{id}' is already taken in this DAG, so this task gets the id '{actual}'.",
      first: "'{id}' is taken here.",
    },
    severities: { suffixed: "information" },
    fixable: true,
    options: [],
    prevents: "duplicate-task-id",
    phases: [1],
    dtm: ["DTM108", "DTM401"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      const taken = new Set(dag.tasks.map(({ node }) => node.task_id));
      for (const { first, later } of duplicates(dag)) {
        const data = { id: later.baseId, actual: later.node.task_id };
        const node = placeOf(later, first);
        yield {
          messageId: later.kind === "operator" ? "taken" : "suffixed",
          data,
          node,
          site: later.site,
          related: idPlace(first) === node ? [] : [{ messageId: "first", data, node: placeOf(first, later) }],
          fixes: fixesFor(later, first, taken),
        };
      }
    }
  },
});

interface Duplicate {
  readonly first: TaskFacts;
  readonly later: TaskFacts;
}

/** A task that may not exist, or whose id is only partly known, takes no id away from another. */
function duplicates(dag: DagFacts): readonly Duplicate[] {
  const owners = new Map<string, TaskFacts>();
  const found: Duplicate[] = [];
  for (const task of dag.tasks) {
    if (task.node.certainty !== "exact") continue;
    const first = owners.get(task.baseId);
    if (first !== undefined) found.push({ first, later: task });
    owners.set(task.node.task_id, owners.get(task.node.task_id) ?? task);
  }
  return found;
}

/** Operators write their id where they are made; of a task function every call shares it, so the call is marked. */
function placeOf(task: TaskFacts, other: TaskFacts): ts.Node {
  const id = idPlace(task);
  if (task.kind === "operator" && id !== undefined && id !== idPlace(other)) return id;
  return taskExpression(task.origin) ?? task.origin;
}

function idPlace(task: TaskFacts): ts.Node | undefined {
  const { idNode } = task;
  if (idNode === undefined) return undefined;
  const property = ts.isPropertyAssignment(idNode) ? idNode : idNode.parent;
  return ts.isPropertyAssignment(property) ? property.initializer : idNode;
}

function fixesFor(later: TaskFacts, first: TaskFacts, taken: ReadonlySet<string>): readonly Fix[] {
  const id = freeId(later, taken);
  const text = JSON.stringify(id);
  const title = `Give this task the task_id '${id}'`;
  // What stands in a loop, or is called from several places, would take the new id twice again.
  if (later.origin === first.origin || later.origin !== later.site) return [];
  if (later.kind === "task") {
    const task = taskExpression(later.origin);
    return task === undefined ? [] : [{ title, edits: [overrideOption(task, `task_id: ${text}`)] }];
  }
  const written = idPlace(later);
  const isOwn = written !== undefined && written !== idPlace(first) && ts.isStringLiteralLike(written);
  return isOwn ? [{ title, edits: [replace(written, text)] }] : [];
}

/** `load_2`, or the next number that is free; without the groups around it, which stay. */
function freeId(task: TaskFacts, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${task.baseId}_${number}`)) number++;
  const own = task.baseId.slice(task.baseId.lastIndexOf(".") + 1);
  return `${own}_${number}`;
}
