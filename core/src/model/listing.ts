import { isMapped } from "./graph.js";
import type { DagModel } from "./dag.js";
import type { SourceSpan } from "./source.js";

/** What trees, searches and choices show of a DAG: its graph is read when somebody wants to see it. */
export interface ListedDag {
  /** Parts that reading could not decide are written as `*`. */
  readonly dag_id: string;
  readonly schedule: string | null;
  /** In the order in which the code creates them. */
  readonly tasks: readonly ListedTask[];
  /** The `dag()` call. */
  readonly span: SourceSpan;
}

export interface ListedTask {
  readonly task_id: string;
  readonly operator: string;
  /** Itself, or as part of a mapped group. */
  readonly mapped: boolean;
  /** The call that creates the task. */
  readonly span?: SourceSpan;
}

/** The DAGs of one file. */
export interface FileListing {
  /** Absolute path. */
  readonly file: string;
  readonly dags: readonly ListedDag[];
}

/** `file`: where the DAGs were looked for, should one not know its place. */
export function listDags(file: string, models: readonly DagModel[]): FileListing {
  return { file, dags: models.map((model) => listDag(file, model)) };
}

function listDag(file: string, model: DagModel): ListedDag {
  const { dag_id, schedule, tasks, span = { file, line: 1, column: 1 } } = model;
  return {
    dag_id,
    schedule,
    span,
    tasks: tasks.map((task) => ({
      task_id: task.task_id,
      operator: task.operator,
      mapped: isMapped(task, model),
      ...(task.span === undefined ? {} : { span: task.span }),
    })),
  };
}
