import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { derivedReferences } from "./support/derivedReferences.js";
import { insertAfter } from "./support/edits.js";

export const notAReference = createRule({
  meta: {
    name: "not-a-reference",
    category: "mapping",
    defaultSeverity: "error",
    description: "`zip` and `concat` take results of tasks only.",
    messages: {
      value: "'{method}' takes results of tasks only, not {what}. Let a task return it.",
    },
    fixable: true,
    options: [],
    prevents: "not-a-reference",
    phases: [2],
    dtm: ["DTM413"],
  },
  checkTypes,
});

/** Where types are known, TypeScript refuses all of these itself. */
function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<"value">> {
  for (const { value, args, call, site } of derivedReferences(facts, "zip", "concat")) {
    const written = ts.isCallExpression(call) ? call.arguments : [];
    if (written.some(ts.isSpreadElement)) continue;
    for (const [index, expression] of written.entries()) {
      const arg = args[index];
      const isOptions = value.form === "zip" && arg?.type === "dict" && index === written.length - 1;
      const what = arg === undefined || isOptions ? undefined : WHAT[arg.type];
      if (what === undefined || !types.isAccepted(expression)) continue;
      const data = { method: value.form, what };
      yield { messageId: "value", data, node: expression, site, fixes: arg ? fixesFor(arg, expression) : [] };
    }
  }
}

/** What surely is no reference; everything else may be one. */
const WHAT: Readonly<Partial<Record<Value["type"], string>>> = {
  const: "a plain value",
  dict: "a dict",
  function: "a function",
  list: "a list",
  operator: "an operator itself",
  partial: "a 'partial'",
  pattern: "a text",
  "task-function": "a task that was not called",
};

function fixesFor(arg: Value, expression: ts.Expression): readonly Fix[] {
  if (arg.type === "operator") return [{ title: "Give its 'output'", edits: [insertAfter(expression, ".output")] }];
  if (arg.type !== "task-function") return [];
  return [{ title: `Call it: '${expression.getText()}()'`, edits: [insertAfter(expression, "()")] }];
}
