import type { DagDeclaration, GroupDeclaration } from "../authoring/declaration.js";

/** Tasks of a DAG by their ids, as positions in its plan. */
export class TaskNames {
  readonly #positions: ReadonlyMap<string, number>;
  readonly #mapped: readonly boolean[];
  readonly #groups: readonly (GroupDeclaration | null)[];

  constructor(dag: DagDeclaration) {
    this.#positions = new Map(dag.tasks.map((task, position) => [task.task_id, position]));
    const groups = new Map(dag.groups.map((group) => [group.group_id, group]));
    const mappedAround = (id: string | null): GroupDeclaration | null => {
      const group = id === null ? undefined : groups.get(id);
      if (group === undefined) return null;
      return group.mapping === null ? mappedAround(group.parent_id) : group;
    };
    this.#groups = dag.tasks.map((task) => mappedAround(task.group_id));
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
