import { ts } from "ts-morph";
import { createRule } from "./createRule.js";

export const outsideDag = createRule({
  meta: {
    name: "outside-dag",
    category: "graph",
    defaultSeverity: "error",
    description: "Tasks and groups are made in the body of a `dag()`.",
    messages: {
      outside: "This belongs to no DAG. Move it into the body of a 'dag()'.",
    },
    fixable: false,
    options: [],
    prevents: "outside-dag",
    phases: [1],
    dtm: ["DTM516"],
  },
  *check(facts) {
    for (const { kind, node, site, certain } of facts.observations) {
      if (kind !== "outside-dag" || !certain) continue;
      yield { messageId: "outside", node: calleeOf(node), site: calleeOf(site) };
    }
  },
});

/** What is given to the call may be long. */
function calleeOf(node: ts.Node): ts.Node {
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : node;
}
