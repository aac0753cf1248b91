import type { DagDeclaration } from "../authoring/declaration.js";

/** Tasks of a DAG by their ids, as positions in its plan. */
export class TaskNames {
  readonly #positions: ReadonlyMap<string, number>;
  readonly #mapped: readonly boolean[];

  constructor(dag: DagDeclaration) {
    this.#positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
    const groups = new Map(dag.groups.map((group) => [group.group_id, group]));
    const isInMapped = (id: string | null): boolean => {
      const group = id === null ? undefined : groups.get(id);
      return group !== undefined && (group.mapping !== null || isInMapped(group.parent_id));
    };
    this.#mapped = dag.tasks.map((task) => task.mapping !== null || isInMapped(task.group_id));
  }

  positionOf(task_id: string): number | undefined {
    return this.#positions.get(task_id);
  }

  /** True where the task has instances 0…n-1, because it or a group around it is mapped. */
  isMapped(position: number): boolean {
    return this.#mapped[position] === true;
  }

  /** The id that was meant where somebody left out the groups around a task. */
  similarTo(task_id: string): string | undefined {
    return [...this.#positions.keys()].find((known) => known.endsWith(`.${task_id}`));
  }
}
