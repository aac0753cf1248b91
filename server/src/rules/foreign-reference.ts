import { createRule } from "./createRule.js";

export const foreignReference = createRule({
  meta: {
    name: "foreign-reference",
    category: "graph",
    defaultSeverity: "error",
    description: "A task cannot depend on a task of another DAG.",
    messages: {
      foreign: "'{task_id}' belongs to another DAG than '{dag_id}'. Call the task in the body of '{dag_id}', too.",
    },
    fixable: false,
    options: [],
    prevents: "invalid-argument",
    phases: [1],
    dtm: ["DTM423"],
  },
  *check(facts) {
    for (const { foreign, model, call } of facts.dags) {
      for (const { task_id, node } of foreign) {
        yield { messageId: "foreign", data: { task_id, dag_id: model.dag_id }, node, site: call };
      }
    }
  },
});
