import { ts } from "ts-morph";
import { createRule, type Fix } from "./createRule.js";
import { derivedReferences } from "./support/derivedReferences.js";

export const asyncMap = createRule({
  meta: {
    name: "async-map",
    category: "mapping",
    defaultSeverity: "error",
    description: "The function that `map` is given gives its value at once: nothing can wait for a promise there.",
    messages: {
      async: "'map' cannot wait for an async function. Do the work in a task that is expanded over the list.",
    },
    fixable: true,
    options: [],
    prevents: "async-map",
    phases: [1],
    dtm: ["DTM418"],
  },
  *check(facts) {
    for (const { args, call, site } of derivedReferences(facts, "map")) {
      const [fn] = args;
      if (fn?.type !== "function") continue;
      const keyword = asyncKeyword(fn.node);
      if (keyword === undefined) continue;
      const written = ts.isCallExpression(call) ? call.arguments[0] : undefined;
      const isHere = written !== undefined && fn.node.pos >= written.pos && fn.node.end <= written.end;
      const node = isHere && fn.node.getSourceFile() === written.getSourceFile() ? keyword : (written ?? call);
      yield { messageId: "async", node, site, fixes: node === keyword ? fixesFor(fn.node, keyword) : [] };
    }
  },
});

function asyncKeyword(fn: ts.SignatureDeclaration): ts.Node | undefined {
  if (!ts.canHaveModifiers(fn)) return undefined;
  return ts.getModifiers(fn)?.find((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
}

/** A function that waits for nothing need not be async. */
function fixesFor(fn: ts.SignatureDeclaration, keyword: ts.Node): readonly Fix[] {
  const body = "body" in fn ? fn.body : undefined;
  if (body === undefined || waits(body)) return [];
  const start = keyword.getStart();
  const after = fn.getSourceFile().text.slice(keyword.getEnd()).search(/\S/);
  return [{ title: "Remove 'async'", edits: [{ start, end: keyword.getEnd() + after, text: "" }] }];
}

function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => waits(child) || undefined) ?? false;
}
