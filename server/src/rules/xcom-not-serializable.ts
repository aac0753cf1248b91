import { createRule } from "./createRule.js";
import { refusedSources } from "./support/mappedResults.js";
import { plainDataFixes } from "./support/plainData.js";
import { keptResults } from "./support/taskResults.js";

export const xcomNotSerializable = createRule({
  meta: {
    name: "xcom-not-serializable",
    category: "runtime",
    defaultSeverity: "error",
    description: "Results must be what JSON can carry: no BigInt, function, symbol, `Map`, `Set` and the like.",
    messages: {
      whole: "'{task}' returns {what}, which JSON cannot carry to the next task. Return plain data.",
      part: "'{task}' returns {what} as '{path}', which JSON cannot carry to the next task. Return plain data.",
    },
    fixable: true,
    options: [],
    prevents: "xcom-not-serializable",
    phases: [2],
    dtm: ["DTM609"],
  },
  *checkTypes(facts, types) {
    const isRefused = refusedSources(facts, types);
    for (const { task, dag, expression } of keptResults(facts)) {
      const lost = types.returned(expression)?.lost;
      if (lost === undefined) continue;
      // Whoever maps over it is told there, where it is the type that matters.
      if (lost.path === "" && isRefused(dag, task.node.task_id)) continue;
      yield {
        messageId: lost.path === "" ? "whole" : "part",
        data: { task: task.node.task_id, what: lost.what, path: lost.path.replace(/^\./, "") },
        node: expression,
        site: task.site,
        fixes: lost.path === "" ? plainDataFixes(expression, lost.what) : [],
      };
    }
  },
});
