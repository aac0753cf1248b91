import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { findClosingEdge } from "./cycle.js";
import type { DagDeclaration, EdgeDeclaration, NotSupported, TaskDeclaration } from "./declaration.js";
import { checkId } from "./id.js";

/** What the `dag()` call itself says. */
export type DagHead = Pick<DagDeclaration, "dag_id" | "description" | "schedule" | "tags" | "at">;

/** Everything that a `dag()` body declares, in the order in which it does. */
export class DagBuilder {
  readonly #tasks = new Map<string, TaskDeclaration>();
  /** The highest number behind `__`, by what stands before it. */
  readonly #suffixes = new Map<string, number>();
  readonly #edges = new Map<string, EdgeDeclaration>();
  readonly #notSupported: NotSupported[] = [];
  readonly #pending = new Map<object, PendingPartial>();

  constructor(
    readonly head: DagHead,
    readonly defaultArgs: Readonly<Record<string, unknown>>,
  ) {}

  /** `add`, then `add__1`, `add__2`, as Airflow names repeated calls of a task function. */
  uniqueId(task_id: string): string {
    if (!this.#tasks.has(task_id)) return task_id;
    const core = task_id.replace(/__\d+$/, "");
    return `${core}__${(this.#suffixes.get(core) ?? 0) + 1}`;
  }

  addTask(task: TaskDeclaration): void {
    checkId("task_id", task.task_id, task.at);
    if (this.#tasks.has(task.task_id)) {
      const message = `Two tasks of DAG '${this.head.dag_id}' are named '${task.task_id}': give one another task_id.`;
      throw new AuthoringError("duplicate-task-id", message, task.at);
    }
    this.#tasks.set(task.task_id, Object.freeze(task));
    this.#noteSuffix(task.task_id);
  }

  /** The first call that draws an edge is the one that is shown for it. */
  addEdge(from: string, to: string, at: SourcePoint | undefined): void {
    const key = JSON.stringify([from, to]);
    if (!this.#edges.has(key)) this.#edges.set(key, Object.freeze({ from, to, at }));
  }

  addNotSupported(feature: string, at: SourcePoint | undefined): void {
    this.#notSupported.push(Object.freeze({ feature, at }));
  }

  addPartial(partial: object, pending: PendingPartial): void {
    this.#pending.set(partial, pending);
  }

  usePartial(partial: object): void {
    this.#pending.delete(partial);
  }

  finish(): DagDeclaration {
    this.#refuseUnexpanded();
    this.#refuseCycles();
    return Object.freeze({
      ...this.head,
      tasks: Object.freeze([...this.#tasks.values()]),
      edges: Object.freeze([...this.#edges.values()]),
      notSupported: Object.freeze([...this.#notSupported]),
    });
  }

  #noteSuffix(task_id: string): void {
    const [, core, digits] = /^(.*)__(\d+)$/.exec(task_id) ?? [];
    if (core === undefined) return;
    this.#suffixes.set(core, Math.max(this.#suffixes.get(core) ?? 0, Number(digits)));
  }

  #refuseUnexpanded(): void {
    for (const { name, at } of this.#pending.values()) {
      const message = `'${name}.partial()' makes no task: call expand() or expand_kwargs() on it.`;
      throw new AuthoringError("never-expanded", message, at);
    }
  }

  #refuseCycles(): void {
    const closing = findClosingEdge([...this.#edges.values()]);
    if (closing === undefined) return;
    const { edge, path } = closing;
    const way = path.map((task_id) => `'${task_id}'`).join(" → ");
    throw new AuthoringError("cycle", `The tasks depend on each other in a circle: ${way}.`, edge.at);
  }
}

/** A `partial()` that nothing has expanded yet. */
export interface PendingPartial {
  readonly name: string;
  readonly at: SourcePoint | undefined;
}
