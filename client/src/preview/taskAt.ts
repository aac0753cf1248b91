import type { DagModel } from "#core/model/dag.js";
import type { SourcePoint, SourceSpan } from "#core/model/source.js";

/** The DAG and the task that a point in the source belongs to; each null where there is none. */
export interface Place {
  readonly dag_id: string | null;
  readonly task_id: string | null;
}

/** Finds the innermost task call around the point, else a task on the point's line, else only the DAG. */
export function placeAt(dags: readonly DagModel[], point: SourcePoint): Place {
  const spans = dags.flatMap((dag) =>
    dag.tasks.map((task) => ({ dag_id: dag.dag_id, task_id: task.task_id, span: task.span })),
  );
  const inFile = spans.filter((entry): entry is typeof entry & { span: SourceSpan } => entry.span?.file === point.file);
  const around = inFile.filter(({ span }) => contains(span, point)).sort((a, b) => extent(a.span) - extent(b.span));
  const task = around[0] ?? inFile.find(({ span }) => onLine(span, point.line));
  if (task !== undefined) return { dag_id: task.dag_id, task_id: task.task_id };
  const dag = dags.find(({ span }) => span !== undefined && contains(span, point));
  return { dag_id: dag?.dag_id ?? null, task_id: null };
}

function contains(span: SourceSpan, { file, line, column }: SourcePoint): boolean {
  if (span.file !== file || span.endLine === undefined || span.endColumn === undefined) return false;
  const afterStart = line > span.line || (line === span.line && column >= span.column);
  return afterStart && (line < span.endLine || (line === span.endLine && column <= span.endColumn));
}

function onLine(span: SourceSpan, line: number): boolean {
  return line >= span.line && line <= (span.endLine ?? span.line);
}

/** Lines first, columns only among equals; good enough to tell an inner call from an outer one. */
function extent(span: SourceSpan): number {
  const lines = (span.endLine ?? span.line) - span.line;
  return lines * 1_000_000 + (span.endColumn ?? 0) - (lines === 0 ? span.column : 0);
}
