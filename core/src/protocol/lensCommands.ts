/** Commands of the extension that the server's code lenses name; each takes one `LensTarget` as its only argument. */
export const LENS_COMMANDS = {
  run: "fanout.runDag",
  preview: "fanout.previewGraph",
  runOnly: "fanout.runOnly",
} as const;

/** The DAG that a code lens stands on. */
export interface DagTarget {
  readonly uri: string;
  readonly dag_id: string;
}

/** The tasks that a code lens stands on: several where one line makes several, in a loop for instance. */
export interface TasksTarget {
  readonly type: "tasks";
  readonly uri: string;
  readonly tasks: readonly TargetTask[];
  /** Whether the whole task is to run or one instance of it; `ask`: the person says so, where it is mapped. */
  readonly which: "all" | "one" | "ask";
}

export interface TargetTask {
  readonly dag_id: string;
  readonly task_id: string;
  /** Itself, or as part of a mapped group. */
  readonly mapped: boolean;
}

export type LensTarget = DagTarget | TasksTarget;
