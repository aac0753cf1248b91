import { ts } from "ts-morph";
import type { Edge, Unresolved } from "#core/model/dag.js";
import { cycles } from "#core/model/graph.js";
import type { DagFacts, EdgeFacts } from "../analysis/facts.js";
import { offsetAt } from "../analysis/spans.js";
import { createRule, type Fix, type OffsetEdit } from "./createRule.js";

/** More ids than these would not fit in a message; the related places show all. */
const shownIds = 8;

export const cycle = createRule({
  meta: {
    name: "cycle",
    category: "graph",
    defaultSeverity: "error",
    description: "Tasks must not wait for each other in a circle.",
    messages: {
      cycle: "These tasks wait for each other, so none can start: {path}. Remove one of these dependencies.",
      edge: "'{from}' runs before '{to}' here.",
    },
    fixable: true,
    options: [],
    prevents: "cycle",
    phases: [1],
    dtm: ["DTM422"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      const edges = certainEdges(dag);
      for (const ids of cycles({ ...dag.model, edges: edges.map(toEdge) })) {
        const around = edgesAlong(ids, edges);
        const closing = lastWritten(around);
        if (closing === undefined) continue;
        yield {
          messageId: "cycle",
          data: { path: pathOf(ids) },
          node: closing.node,
          site: dag.call,
          related: around.map((edge) => ({
            messageId: "edge" as const,
            data: { from: edge.from, to: edge.to },
            node: edge.node,
          })),
          fixes: fixesFor(closing),
        };
      }
    }
  },
});

function toEdge({ from, to }: EdgeFacts): Edge {
  return { from, to };
}

function pathOf(ids: readonly string[]): string {
  const shown = ids.length > shownIds ? [...ids.slice(0, shownIds - 1), "…"] : ids;
  return [...shown, ids[0]].map((id) => (id === "…" ? id : `'${id}'`)).join(" → ");
}

function edgesAlong(ids: readonly string[], edges: readonly EdgeFacts[]): readonly EdgeFacts[] {
  return ids.flatMap((from, index) => {
    const to = ids[(index + 1) % ids.length];
    return edges.find((edge) => edge.from === from && edge.to === to) ?? [];
  });
}

/** The one that closed the circle, as far as the text can tell. */
function lastWritten(edges: readonly EdgeFacts[]): EdgeFacts | undefined {
  return edges.reduce<EdgeFacts | undefined>(
    (last, edge) => (last === undefined || edge.node.getStart() > last.node.getStart() ? edge : last),
    undefined,
  );
}

/** Without those between tasks that may not exist, or drawn under a condition that reading cannot decide. */
function certainEdges(dag: DagFacts): readonly EdgeFacts[] {
  const certain = new Set(dag.tasks.flatMap(({ node }) => (node.certainty === "exact" ? node.task_id : [])));
  const undecided = dag.model.unresolved.filter(({ what }) => what === "condition" || what === "loop");
  return dag.edges.filter(
    ({ from, to, node }) => certain.has(from) && certain.has(to) && !isUndecided(node, dag.call, undecided),
  );
}

function isUndecided(drawing: ts.Node, within: ts.Node, undecided: readonly Unresolved[]): boolean {
  for (let node = drawing; node !== within && !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    if (branches(parent) && undecided.some((each) => isIn(each, parent) && !isIn(each, node))) return true;
  }
  return false;
}

function branches(node: ts.Node): boolean {
  return (
    ts.isIfStatement(node) ||
    ts.isConditionalExpression(node) ||
    ts.isSwitchStatement(node) ||
    ts.isBinaryExpression(node) ||
    ts.isIterationStatement(node, false)
  );
}

function isIn({ span }: Unresolved, node: ts.Node): boolean {
  const sourceFile = node.getSourceFile();
  if (span.file !== sourceFile.fileName) return false;
  const offset = offsetAt(sourceFile, span);
  return offset >= node.getStart() && offset < node.getEnd();
}

/** Only a statement that draws nothing else can go. */
function fixesFor(edge: EdgeFacts): readonly Fix[] {
  const call = edge.node;
  if (!ts.isCallExpression(call) || !ts.isExpressionStatement(call.parent)) return [];
  const [first, second, ...others] = call.arguments;
  const isChain = ts.isIdentifier(call.expression) && second !== undefined && others.length === 0;
  const isMethod = ts.isPropertyAccessExpression(call.expression) && second === undefined;
  const drawsOne = [first, second].every((end) => end === undefined || !ts.isArrayLiteralExpression(end));
  if (first === undefined || !drawsOne || !(isChain || isMethod)) return [];
  return [{ title: "Remove this dependency", edits: [removeStatement(call.parent)] }];
}

function removeStatement(statement: ts.Statement): OffsetEdit {
  const { text } = statement.getSourceFile();
  const lineStart = text.lastIndexOf("\n", statement.getStart() - 1) + 1;
  const lineEnd = text.indexOf("\n", statement.getEnd());
  const isAlone =
    lineEnd >= 0 &&
    text.slice(lineStart, statement.getStart()).trim() === "" &&
    text.slice(statement.getEnd(), lineEnd).trim() === "";
  return isAlone
    ? { start: lineStart, end: lineEnd + 1, text: "" }
    : { start: statement.getStart(), end: statement.getEnd(), text: "" };
}
