import type { DagModel } from "../model/dag.js";
import type { InstanceState, RunState, RunSummary, StateCounts } from "../model/run.js";
import { notification } from "./descriptor.js";

/** State of one task in the run that the graph shows. */
export interface TaskOverlay {
  readonly task_id: string;
  readonly state: InstanceState;
  /** Number of instances once expanded: the `[3]` behind the name. Null before, and for unmapped tasks. */
  readonly count: number | null;
  readonly counts: StateCounts;
  /** How many of those that failed were cancelled with the run; left out: none. */
  readonly cancelled?: number;
}

export interface RunOverlay {
  readonly run_id: string;
  readonly state: RunState;
  readonly stopped: RunSummary["stopped"];
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number | null;
  readonly tasks: readonly TaskOverlay[];
}

/** The whole of what the page shows; sent when the page is ready, shown again, or missed a delta. */
export interface PreviewSnapshot {
  readonly revision: number;
  /** Null: the file has no DAG, `notice` says so. */
  readonly model: DagModel | null;
  /** Ids of the file's DAGs, where there are several to choose from. */
  readonly dagIds: readonly string[];
  /** One sentence above the graph, e.g. that it is the last good one while the code is broken. */
  readonly notice: { readonly severity: "info" | "warning" | "error"; readonly text: string } | null;
  readonly run: RunOverlay | null;
  /** The task the cursor is in. */
  readonly selected: string | null;
  /** False in Restricted Mode: the page then says why nothing can be run. */
  readonly canRun: boolean;
  /** Text of the file's own name, for the header. */
  readonly fileName: string;
}

/**
 * What a node of the graph says of itself where its context menu is opened: `data-vscode-context` in the page, whose keys
 * `when` clauses of menus read, and the argument of the command that is chosen.
 */
export interface PageTask {
  readonly webviewSection: "task";
  readonly task_id: string;
  /** `failed`: something of it can be tried again. */
  readonly fanoutTask: "failed" | "other";
}

/** The same of the whole graph. `live`: the shown run is under way; `stopped`: it can be changed. */
export interface PageGraph {
  readonly fanoutRun: "none" | "live" | "stopped";
  readonly preventDefaultContextMenuItems: true;
}

/** Extension host → page. */
export const hostToPage = {
  /** Everything that the page shows; it replaces what was shown. */
  snapshot: notification<PreviewSnapshot>("snapshot"),
  /** New states of the shown run. `revision` is one more than the last message's, or the page asks for a snapshot. */
  runDelta: notification<Omit<RunOverlay, "run_id"> & { readonly revision: number }>("runDelta"),
  /** The cursor moved to another task, or away from all. */
  selectTask: notification<{ readonly task_id: string | null }>("selectTask"),
} as const;

/** Page → extension host. Untrusted: the host validates every message (`parse.ts`). */
export const pageToHost = {
  /** The page listens: send everything. */
  ready: notification<null>("ready"),
  /** The page missed a revision. */
  resync: notification<null>("resync"),
  /** Reveal the task's call in the editor. */
  revealTask: notification<{ readonly task_id: string }>("revealTask"),
  /** The person wants to see another DAG of the file. */
  chooseDag: notification<{ readonly dag_id: string }>("chooseDag"),
  /** Run the shown DAG. */
  run: notification<null>("run"),
  /** Stop the shown run. */
  cancel: notification<null>("cancel"),
  /** Open the newest log of a task as a document: of its first failed instance where there is one. */
  openLog: notification<{ readonly task_id: string }>("openLog"),
} as const;
