import { mappedGroupOf } from "#core/model/graph.js";
import type { DagDeclaration, GroupDeclaration } from "../authoring/declaration.js";

/** Tasks of a DAG by their ids, as positions in its plan. */
export class TaskNames {
  readonly #positions: ReadonlyMap<string, number>;
  readonly #mapped: readonly boolean[];
  readonly #groups: readonly (GroupDeclaration | null)[];

  constructor(dag: DagDeclaration) {
    this.#positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
    this.#groups = dag.tasks.map((task) => mappedGroupOf(dag, task));
    this.#mapped = dag.tasks.map((task, position) => task.mapping !== null || this.#groups[position] !== null);
  }

  positionOf(task_id: string): number | undefined {
    return this.#positions.get(task_id);
  }

  /** True where the task has instances 0…n-1, because it or a group around it is mapped. */
  isMapped(position: number): boolean {
    return this.#mapped[position] === true;
  }

  /** The mapped group around the task; null where there is none. */
  mappedGroupOf(position: number): GroupDeclaration | null {
    return this.#groups[position] ?? null;
  }

  /** The id that was meant where somebody left out the groups around a task. */
  similarTo(task_id: string): string | undefined {
    return [...this.#positions.keys()].find((known) => known.endsWith(`.${task_id}`));
  }
}
