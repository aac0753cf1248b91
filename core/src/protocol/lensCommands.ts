/** Commands of the extension that the server's code lenses name; each takes one `DagTarget` as its only argument. */
export const LENS_COMMANDS = { run: "fanout.runDag", preview: "fanout.previewGraph" } as const;

/** The DAG that a code lens stands on. */
export interface DagTarget {
  readonly uri: string;
  readonly dag_id: string;
}
