import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { findClosingEdge } from "./cycle.js";
import type {
  DagDeclaration,
  EdgeDeclaration,
  GroupDeclaration,
  NotSupported,
  TaskDeclaration,
} from "./declaration.js";
import { checkId } from "./id.js";

/** What the `dag()` call itself says. */
export type DagHead = Pick<
  DagDeclaration,
  "dag_id" | "description" | "schedule" | "tags" | "policy" | "params" | "callbacks" | "at"
>;

/** What a call of a group says about it. */
export interface GroupRequest {
  readonly group_id: string;
  /** False: ids inside do not begin with the group's. */
  readonly prefix_group_id: boolean;
  readonly default_args: Readonly<Record<string, unknown>>;
  readonly at: SourcePoint | undefined;
}

/** A task group whose body is running. */
interface OpenGroup {
  readonly group_id: string;
  /** What ids inside begin with: empty, or ids of groups and a dot. */
  readonly prefix: string;
  readonly defaultArgs: Readonly<Record<string, unknown>>;
}

/** Everything that a `dag()` body declares, in the order in which it does. */
export class DagBuilder {
  readonly #tasks = new Map<string, TaskDeclaration>();
  /** The highest number behind `__`, by what stands before it. */
  readonly #suffixes = new Map<string, number>();
  readonly #edges = new Map<string, EdgeDeclaration>();
  readonly #groups = new Map<string, GroupDeclaration>();
  /** Ids of the tasks inside a group, at any depth. */
  readonly #members = new Map<string, Set<string>>();
  readonly #open: OpenGroup[] = [];
  readonly #notSupported: NotSupported[] = [];
  readonly #pending = new Map<object, PendingPartial>();

  constructor(
    readonly head: DagHead,
    readonly dagDefaults: Readonly<Record<string, unknown>>,
  ) {}

  /** What every task gets that does not say otherwise, here and now. */
  get defaultArgs(): Readonly<Record<string, unknown>> {
    return this.#open.at(-1)?.defaultArgs ?? this.dagDefaults;
  }

  /** The innermost group whose body is running. */
  get group_id(): string | null {
    return this.#open.at(-1)?.group_id ?? null;
  }

  /** An id as the groups around it make it. */
  childId(id: string): string {
    return `${this.#open.at(-1)?.prefix ?? ""}${id}`;
  }

  /** Everything until `closeGroup` belongs to the group. Repeated calls get `__1`, as Airflow numbers them. */
  openGroup({ group_id: own, prefix_group_id, default_args, at }: GroupRequest): string {
    checkId("group_id", own, at);
    const group_id = uniqueGroupId(this.childId(own), this.#groups);
    if (this.#tasks.has(group_id)) this.#refuseDuplicate(group_id, at, true);
    this.#groups.set(group_id, Object.freeze({ group_id, parent_id: this.group_id, mapping: null, at }));
    this.#members.set(group_id, new Set());
    const defaultArgs = { ...this.defaultArgs, ...default_args };
    this.#open.push({ group_id, prefix: prefix_group_id ? `${group_id}.` : "", defaultArgs });
    return group_id;
  }

  closeGroup(): void {
    this.#open.pop();
  }

  /** The tasks of a group that no other task of it comes before (`roots`) or after (`leaves`). */
  endsOf(group_id: string, end: "roots" | "leaves"): readonly string[] {
    const members = this.#members.get(group_id) ?? new Set<string>();
    const inner = [...this.#edges.values()].filter(({ from, to }) => members.has(from) && members.has(to));
    const linked = new Set(inner.map(({ from, to }) => (end === "roots" ? to : from)));
    return [...members].filter((task_id) => !linked.has(task_id));
  }

  /** `add`, then `add__1`, `add__2`, as Airflow names repeated calls of a task function. */
  uniqueId(task_id: string): string {
    if (!this.#tasks.has(task_id)) return task_id;
    const core = task_id.replace(/__\d+$/, "");
    return `${core}__${(this.#suffixes.get(core) ?? 0) + 1}`;
  }

  addTask(task: TaskDeclaration): void {
    checkId("task_id", task.task_id, task.at);
    if (this.#tasks.has(task.task_id) || this.#groups.has(task.task_id)) this.#refuseDuplicate(task.task_id, task.at);
    this.#tasks.set(task.task_id, Object.freeze(task));
    for (const { group_id } of this.#open) this.#members.get(group_id)?.add(task.task_id);
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
      groups: Object.freeze([...this.#groups.values()]),
      edges: Object.freeze([...this.#edges.values()]),
      notSupported: Object.freeze([...this.#notSupported]),
    });
  }

  #refuseDuplicate(id: string, at: SourcePoint | undefined, isGroup = false): never {
    const what = isGroup || this.#groups.has(id) ? "A task and a group" : "Two tasks";
    const message = `${what} of DAG '${this.head.dag_id}' are named '${id}': give one another id.`;
    throw new AuthoringError("duplicate-task-id", message, at);
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

function uniqueGroupId(id: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(id)) return id;
  const core = id.replace(/__\d+$/, "");
  const numbers = [...taken.keys()].flatMap((other) => {
    const [, before, digits] = /^(.*)__(\d+)$/.exec(other) ?? [];
    return before === core ? [Number(digits)] : [];
  });
  return `${core}__${Math.max(0, ...numbers) + 1}`;
}

/** A `partial()` that nothing has expanded yet. */
export interface PendingPartial {
  readonly name: string;
  readonly at: SourcePoint | undefined;
}
