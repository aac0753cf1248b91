import type { Fix } from "./createRule.js";
import { createRule } from "./createRule.js";
import type { ts } from "ts-morph";
import { surround } from "./support/edits.js";
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
    for (const { task, expression } of keptResults(facts)) {
      const lost = types.returned(expression)?.lost;
      if (lost === undefined) continue;
      yield {
        messageId: lost.path === "" ? "whole" : "part",
        data: { task: task.node.task_id, what: lost.what, path: lost.path.replace(/^\./, "") },
        node: expression,
        site: task.site,
        fixes: lost.path === "" ? fixesFor(expression, lost.what) : [],
      };
    }
  },
});

/** What is awaited, or is there only perhaps, is for the person to turn. */
function fixesFor(expression: ts.Expression, what: string): readonly Fix[] {
  switch (what) {
    case "a Set":
      return [{ title: "Return a list of its items", edits: surround(expression, "[...", "]") }];
    case "a Map":
      return [{ title: "Return it as an object", edits: surround(expression, "Object.fromEntries(", ")") }];
    case "a BigInt":
      return [
        { title: "Return it as a text", edits: surround(expression, "String(", ")") },
        { title: "Return it as a number", edits: surround(expression, "Number(", ")") },
      ];
    default:
      return [];
  }
}
