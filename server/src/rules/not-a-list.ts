import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import { unwrap } from "../analysis/symbols.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Report } from "./createRule.js";
import { derivedReferences } from "./support/derivedReferences.js";

type MessageId = "dict" | "value";

export const notAList = createRule({
  meta: {
    name: "not-a-list",
    category: "mapping",
    defaultSeverity: "error",
    description: "`map` and `zip` work on results that are lists.",
    messages: {
      dict: "'{method}' needs a list, but this result is a dict, which has no items by number. Let the task return a list of [key, value] pairs.",
      value: "'{method}' needs a list, but this result is '{type}'. Let the task return a list.",
    },
    fixable: false,
    options: [],
    prevents: "not-a-list",
    phases: [2],
    dtm: ["DTM417", "DTM419", "DTM420"],
  },
  checkTypes,
});

function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<MessageId>> {
  for (const { value, receiver, args, call, site } of derivedReferences(facts, "map", "zip", "concat")) {
    if (!ts.isCallExpression(call) || call.arguments.some(ts.isSpreadElement)) continue;
    const callee = unwrap(call.expression);
    if (!ts.isPropertyAccessExpression(callee)) continue;
    const others = value.form === "map" ? [] : call.arguments;
    for (const [index, expression] of [callee.expression, ...others].entries()) {
      if (!isResult(index === 0 ? receiver : args[index - 1])) continue;
      const found = judge(expression, value.form, types);
      if (found !== undefined) yield { ...found, node: expression, site };
    }
  }
}

/** Of a task that is not mapped: what a mapped one leaves is a list. */
function isResult(value: Value | undefined): boolean {
  return value?.type === "xcom" && value.form === "result" && value.task?.mapped === false;
}

function judge(
  expression: ts.Expression,
  method: string,
  types: TypeQueries,
): Pick<Report<MessageId>, "messageId" | "data"> | undefined {
  const answer = types.mappability(expression);
  if (answer.verdict === "not-mappable" || answer.verdict === "maybe-not-mappable") {
    return answer.upstream ? { messageId: "value", data: { method, type: answer.type } } : undefined;
  }
  // `concat` goes over a dict as Airflow does: over its keys.
  return method !== "concat" && types.isDictResult(expression) ? { messageId: "dict", data: { method } } : undefined;
}
