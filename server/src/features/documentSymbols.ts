import { graphMark, groupMapCount, type MapCount, mapCount } from "#core/model/graph.js";
import { groupLabel, taskLabel } from "#core/model/mermaid.js";
import type { SourceSpan } from "#core/model/source.js";
import type { DagFacts, FileFacts } from "../analysis/facts.js";
import { spanOf } from "../analysis/spans.js";

export interface OutlineEntry {
  /** What people type to find it. */
  readonly name: string;
  /** Behind the name: how often it is mapped, and what it is. */
  readonly detail: string;
  readonly kind: "dag" | "group" | "task";
  readonly span: SourceSpan;
  readonly children: readonly OutlineEntry[];
}

/** DAGs with the groups and tasks that this file creates in them, named as in the graph, with its marks behind. */
export function documentSymbols(facts: FileFacts): readonly OutlineEntry[] {
  return facts.dags.map((dag) => ({
    name: dag.model.dag_id,
    detail: "DAG",
    kind: "dag",
    span: spanOf(dag.call),
    children: entriesIn(null, dag, facts),
  }));
}

/**
 * What stands in a group, or in none. A group is often defined before the DAG that calls it, so its tasks may be written
 * outside of both: a symbol belongs to another by what it is, wherever it is written.
 */
function entriesIn(groupId: string | null, dag: DagFacts, facts: FileFacts): readonly OutlineEntry[] {
  const isHere = ({ site }: { readonly site: DagFacts["tasks"][number]["site"] }): boolean =>
    site.getSourceFile() === facts.sourceFile;
  const groups = dag.groups.filter((group) => group.node.parent_id === groupId && isHere(group));
  const tasks = dag.tasks.filter((task) => task.node.group_id === groupId && isHere(task));
  return [
    ...groups.map(({ node, site }) => ({
      name: groupLabel(node),
      detail: marked("task group", groupMapCount(node, dag.model)),
      kind: "group" as const,
      span: spanOf(site),
      children: entriesIn(node.group_id, dag, facts),
    })),
    ...tasks.map(({ node, site }) => ({
      name: taskLabel(node),
      detail: marked(node.operator, mapCount(node, dag.model)),
      kind: "task" as const,
      span: spanOf(site),
      children: [],
    })),
  ];
}

function marked(what: string, count: MapCount | null): string {
  return count === null ? what : `${graphMark(count)} · ${what}`;
}
