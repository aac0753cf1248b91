import type { DagModel } from "../model/dag.js";
import type { FileListing } from "../model/listing.js";
import type { Answer } from "./engine.js";
import { notification, request } from "./descriptor.js";

/** What reading found in one file. */
export interface FileModels {
  readonly uri: string;
  /** The document version that was read, or null for a file that is not open. */
  readonly version: number | null;
  readonly dags: readonly DagModel[];
  /** True while the text does not parse: `dags` is then the last good reading. */
  readonly broken: boolean;
  /** What executing the file gave when it was saved; null where it was not, or anything was edited since. */
  readonly exact: Answer<readonly DagModel[]> | null;
}

/** What executing a saved file gave. */
export interface ExactGraph {
  readonly uri: string;
  /** The document's version that was saved: what executing says of an older one counts for nothing. */
  readonly version: number;
  readonly answer: Answer<readonly DagModel[]>;
}

/** The DAGs of the workspace's files, as far as they were read. */
export interface WorkspaceDags {
  /** Files with at least one DAG, by path. */
  readonly files: readonly FileListing[];
  /** False while there are files that were not looked at yet. */
  readonly complete: boolean;
}

/** Client → server, beyond standard LSP. */
export const clientToServer = {
  /** The DAGs of one file, for the preview. */
  dagModels: request<{ uri: string }, FileModels>("fanout/dagModels"),
  /** The DAGs of all files of the workspace, open or not. */
  listDags: request<null, WorkspaceDags>("fanout/listDags"),
  /** What was looked for in the file and why something was not recognised; Markdown for a document. */
  explain: request<{ uri: string }, { markdown: string }>("fanout/explain"),
  /** A file was saved and executed: in trusted workspaces only, by the engine's process. */
  exactGraph: notification<ExactGraph>("fanout/exactGraph"),
} as const;

/** Server → client, beyond standard LSP. */
export const serverToClient = {
  /** The DAGs of a file changed (or their text broke): views that show it ask again. */
  dagModelsChanged: notification<{ uri: string }>("fanout/dagModelsChanged"),
  /** The list of the workspace's DAGs changed: views that show it ask again. */
  dagsChanged: notification<null>("fanout/dagsChanged"),
} as const;
