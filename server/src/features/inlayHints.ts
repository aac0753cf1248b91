import { countLabel, mapCount } from "#core/model/graph.js";
import type { FileFacts } from "../analysis/facts.js";
import type { SourcePoint } from "#core/model/source.js";
import { spanOf } from "../analysis/spans.js";
import { tasksOf } from "./tasks.js";

export interface InlayCount {
  readonly at: SourcePoint;
  readonly label: string;
}

/** How many instances each `expand` gives, behind its call; nothing where that is not known or differs from turn to turn. */
export function inlayHints(facts: FileFacts): readonly InlayCount[] {
  const byCall = new Map<string, { at: SourcePoint; labels: Set<string> }>();
  for (const { task, dag } of tasksOf(facts)) {
    const call = task.mapping?.call;
    const count = mapCount(task.node, dag.model);
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
