import { isMapped } from "#core/model/graph.js";
import type { SourceSpan } from "#core/model/source.js";
import type { DagFacts, FileFacts } from "../analysis/facts.js";
import { spanOf } from "../analysis/spans.js";

export interface OutlineEntry {
  readonly name: string;
  readonly detail: string;
  readonly kind: "dag" | "task";
  readonly span: SourceSpan;
  readonly children: readonly OutlineEntry[];
}

/** DAGs with the tasks that this file creates in them. */
export function documentSymbols(facts: FileFacts): readonly OutlineEntry[] {
  return facts.dags.map((dag) => ({
    name: dag.model.dag_id,
    detail: "DAG",
    kind: "dag",
    span: spanOf(dag.call),
    children: taskEntries(dag, facts),
  }));
}

/** A protocol rule: a symbol lies within the one it belongs to, so tasks made outside of the `dag()` call are left out. */
function taskEntries(dag: DagFacts, facts: FileFacts): readonly OutlineEntry[] {
  return dag.tasks.flatMap(({ node, site }) => {
    const isInside = site.getSourceFile() === facts.sourceFile && site.pos >= dag.call.pos && site.end <= dag.call.end;
    if (!isInside) return [];
    const name = !isMapped(node, dag.model) ? node.task_id : `${node.task_id} [ ]`;
    return { name, detail: node.operator, kind: "task" as const, span: spanOf(site), children: [] };
  });
}
