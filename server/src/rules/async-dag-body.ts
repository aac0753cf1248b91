import { ts } from "ts-morph";
import { createRule, type Fix } from "./createRule.js";

export const asyncDagBody = createRule({
  meta: {
    name: "async-dag-body",
    category: "dag",
    defaultSeverity: "error",
    description: "The body of a DAG or task group describes a graph and must not be asynchronous.",
    messages: {
      dag: "The body of 'dag()' must not be async: it only describes the graph. Do what takes time in a task.",
      group: "The body of 'task_group()' must not be async: it only describes the graph. Do what takes time in a task.",
    },
    fixable: true,
    options: [],
    prevents: "async-dag-body",
    phases: [1],
    dtm: [],
  },
  *check(facts) {
    for (const { body, call, groups, groupAlternatives } of facts.dags) {
      const keyword = asyncKeyword(body);
      if (keyword !== undefined) yield { messageId: "dag", node: keyword, site: call, fixes: fixesFor(keyword, body) };
      for (const group of [...groups, ...groupAlternatives]) {
        const inGroup = asyncKeyword(group.body);
        if (inGroup === undefined) continue;
        yield { messageId: "group", node: inGroup, site: group.site, fixes: fixesFor(inGroup, group.body) };
      }
    }
  },
});

function asyncKeyword(body: ts.SignatureDeclaration | undefined): ts.Node | undefined {
  if (body === undefined || !ts.canHaveModifiers(body)) return undefined;
  return ts.getModifiers(body)?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
}

/** Only where nothing is waited for: what is belongs into a task, which is for the person to write. */
function fixesFor(keyword: ts.Node, body: ts.SignatureDeclaration | undefined): readonly Fix[] {
  if (body === undefined || waits(body)) return [];
  const { text } = keyword.getSourceFile();
  const gap = /^\s*/.exec(text.slice(keyword.getEnd()))?.[0].length ?? 0;
  const edit = { start: keyword.getStart(), end: keyword.getEnd() + gap, text: "" };
  return [{ title: "Remove 'async'", edits: [edit], safe: true }];
}

/** In functions inside of it, `await` is their own. */
function waits(node: ts.Node): boolean {
  const look = (inner: ts.Node): boolean => {
    if (ts.isAwaitExpression(inner)) return true;
    if (ts.isForOfStatement(inner) && inner.awaitModifier !== undefined) return true;
    return !ts.isFunctionLike(inner) && ts.forEachChild(inner, look) === true;
  };
  return ts.forEachChild(node, look) === true;
}
