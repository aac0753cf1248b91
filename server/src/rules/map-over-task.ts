import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import { unwrap } from "../analysis/symbols.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { derivedReferences } from "./support/derivedReferences.js";
import { replace } from "./support/edits.js";

export const mapOverTask = createRule({
  meta: {
    name: "map-over-task",
    category: "mapping",
    defaultSeverity: "error",
    description: "`map` of a result takes a plain function: a task is mapped with `expand`.",
    messages: {
      task: "'map' takes a plain function, not the task '{name}'. Map the task itself: '{name}.expand({…})'.",
    },
    fixable: true,
    options: [],
    prevents: "map-over-task",
    phases: [2],
    dtm: ["DTM408"],
  },
  checkTypes,
});

/** Where the items are no inputs of the task, TypeScript says so. */
function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<"task">> {
  for (const { args, call, site } of derivedReferences(facts, "map")) {
    const written = ts.isCallExpression(call) ? call.arguments[0] : undefined;
    if (args[0]?.type !== "task-function" || written === undefined || !types.isAccepted(written)) continue;
    const fixes = types.isUnchecked(written) ? [] : fixesFor(call, written);
    yield { messageId: "task", data: { name: written.getText() }, node: written, site, fixes };
  }
}

/** `map` would call it with each item as its inputs, which is what `expand_kwargs` does. */
function fixesFor(call: ts.Node, task: ts.Expression): readonly Fix[] {
  const callee = ts.isCallExpression(call) ? unwrap(call.expression) : call;
  if (!ts.isPropertyAccessExpression(callee)) return [];
  const name = task.getText();
  const text = `${name}.expand_kwargs(${callee.expression.getText()})`;
  return [{ title: `Map '${name}' itself`, edits: [replace(call, text)] }];
}
