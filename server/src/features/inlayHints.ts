import type { ts } from "ts-morph";
import { type MapCount, countLabel, groupMapCount, mapCount } from "#core/model/graph.js";
import type { FileFacts } from "../analysis/facts.js";
import type { SourcePoint } from "#core/model/source.js";
import { spanOf } from "../analysis/spans.js";
import { type GroupInDag, type TaskInDag, groupsOf, tasksOf } from "./tasks.js";

export interface InlayCount {
  readonly at: SourcePoint;
  readonly label: string;
}

/** How many instances each `expand` gives, behind its call; nothing where that is not known or differs from turn to turn. */
export function inlayHints(facts: FileFacts): readonly InlayCount[] {
  const byCall = new Map<string, { at: SourcePoint; labels: Set<string> }>();
  for (const { call, count } of [...tasksOf(facts)].map(taskCount).concat([...groupsOf(facts)].map(groupCount))) {
    if (call === undefined || count === null || call.getSourceFile() !== facts.sourceFile) continue;
    const span = spanOf(call);
    const at = { file: span.file, line: span.endLine, column: span.endColumn };
    const known = byCall.get(`${at.line}:${at.column}`) ?? { at, labels: new Set<string>() };
    known.labels.add(count.type === "known" && count.count === 0 ? "[0: skipped]" : countLabel(count));
    byCall.set(`${at.line}:${at.column}`, known);
  }
  return [...byCall.values()].flatMap(({ at, labels }) => {
    const [label, ...others] = labels;
    return label === undefined || others.length > 0 || label === "[ ]" ? [] : [{ at, label }];
  });
}

interface Counted {
  readonly call: ts.CallExpression | undefined;
  readonly count: MapCount | null;
}

function taskCount({ task, dag }: TaskInDag): Counted {
  return { call: task.mapping?.call, count: mapCount(task.node, dag.model) };
}

function groupCount({ group, dag }: GroupInDag): Counted {
  return { call: group.mapping?.call, count: groupMapCount(group.node, dag.model) };
}
