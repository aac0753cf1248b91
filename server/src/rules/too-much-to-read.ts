import { ts } from "ts-morph";
import { createRule } from "./createRule.js";

export const tooMuchToRead = createRule({
  meta: {
    name: "too-much-to-read",
    category: "dag",
    defaultSeverity: "information",
    description: "A DAG file that does too much before the end of its DAGs is checked only in part.",
    messages: {
      steps:
        "Reading stops here, because the file does more than is followed, so the rest of it is not checked. Map over a list instead of making every task by itself, or split the file.",
      time: "Reading this file takes too long, so it is not checked. Split it, or give the values it uses simpler types.",
      types:
        "The types of this file take too long to work out, so what needs them is not checked. Give results and inputs simpler types.",
    },
    fixable: false,
    options: [],
    prevents: null,
    phases: [1, 2],
    dtm: [],
  },
  *check({ stopped }) {
    if (stopped !== undefined) yield { messageId: stopped.why, node: beginningOf(stopped.node) };
  },
  *withoutTypes({ sourceFile }) {
    yield { messageId: "types", node: beginningOf(sourceFile.statements[0] ?? sourceFile) };
  },
});

/**
 * The first word of the statement in whose midst reading stopped: which of its turns or parts it was says nothing, and
 * underlining all of a loop says too much.
 */
function beginningOf(node: ts.Node): ts.Node {
  let statement = node;
  for (let each = node; !ts.isSourceFile(each) && !ts.isFunctionLike(each); each = each.parent) {
    if (ts.isStatement(each) && !ts.isBlock(each)) statement = each;
  }
  return statement.getFirstToken() ?? statement;
}
