import path from "node:path";
import type { FileListing } from "#core/model/listing.js";
import type { SourceSpan } from "#core/model/source.js";

export interface WorkspaceEntry {
  /** The id that the code and the command line name it by, and nothing else: it is what people type. */
  readonly name: string;
  readonly kind: "dag" | "task";
  /** The DAG of a task, the file of a DAG. */
  readonly container: string;
  readonly span: SourceSpan;
}

/** More than these nobody reads; whoever looks for another types one more letter. */
const MOST_ENTRIES = 500;

/** DAGs and tasks whose name holds the query's letters in their order, the closest matches first. */
export function workspaceSymbols(files: readonly FileListing[], query: string): readonly WorkspaceEntry[] {
  const found: { entry: WorkspaceEntry; rank: number }[] = [];
  for (const entry of entriesOf(files)) {
    const rank = rankOf(entry.name.toLowerCase(), query.toLowerCase());
    if (rank !== undefined) found.push({ entry, rank });
  }
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, MOST_ENTRIES).map(({ entry }) => entry);
}

function* entriesOf(files: readonly FileListing[]): Generator<WorkspaceEntry> {
  for (const { file, dags } of files) {
    for (const dag of dags) {
      yield { name: dag.dag_id, kind: "dag", container: path.posix.basename(file), span: dag.span };
      for (const { task_id: name, span } of dag.tasks) {
        if (span !== undefined) yield { name, kind: "task", container: dag.dag_id, span };
      }
    }
  }
}

/** Less is closer; undefined where it does not match. */
function rankOf(name: string, query: string): number | undefined {
  if (name === query) return 0;
  if (name.startsWith(query)) return 1;
  if (name.includes(query)) return 2;
  let at = -1;
  for (const letter of query) {
    at = name.indexOf(letter, at + 1);
    if (at < 0) return undefined;
  }
  return 3;
}
