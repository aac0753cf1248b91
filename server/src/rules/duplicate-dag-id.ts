import { ts } from "ts-morph";
import type { DagFacts, FileFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { replace } from "./support/edits.js";

export const duplicateDagId = createRule({
  meta: {
    name: "duplicate-dag-id",
    category: "dag",
    defaultSeverity: "error",
    description: "Each DAG of a file has its own `dag_id`.",
    messages: {
      taken: "The dag_id '{id}' is already taken in this file. Give this DAG another one.",
      first: "'{id}' is taken here.",
    },
    fixable: true,
    options: [],
    prevents: "duplicate-dag-id",
    phases: [1],
    dtm: [],
  },
  *check(facts) {
    const owners = new Map<string, DagFacts>();
    for (const dag of facts.dags) {
      const id = idOf(dag);
      if (id === undefined) continue;
      const first = owners.get(id);
      if (first === undefined) {
        owners.set(id, dag);
        continue;
      }
      const data = { id };
      const node = placeOf(dag);
      const isSamePlace = placeOf(first) === node;
      yield {
        messageId: "taken",
        data,
        node,
        site: dag.call.expression,
        related: isSamePlace ? [] : [{ messageId: "first", data, node: placeOf(first) }],
        fixes: isSamePlace ? [] : fixesFor(node, id, facts),
      };
    }
  },
});

/** A DAG that may not exist, or whose id is only partly known, takes no id away from another. */
function idOf({ certain, options }: DagFacts): string | undefined {
  const value = options.find(({ name }) => name === "dag_id")?.value;
  return certain && value?.type === "const" && typeof value.value === "string" ? value.value : undefined;
}

/** Where a function makes several, all of them have one place. */
function placeOf({ options, call }: DagFacts): ts.Node {
  return options.find(({ name }) => name === "dag_id")?.expression ?? call.expression;
}

function fixesFor(node: ts.Node, id: string, facts: FileFacts): readonly Fix[] {
  if (!ts.isStringLiteralLike(node)) return [];
  const taken = new Set(facts.dags.map(({ model }) => model.dag_id));
  let number = 2;
  while (taken.has(`${id}_${number}`)) number++;
  const free = `${id}_${number}`;
  return [{ title: `Give this DAG the dag_id '${free}'`, edits: [replace(node, JSON.stringify(free))] }];
}
