import type { SourcePoint } from "#core/model/source.js";
import { DEFAULT_TRIGGER_RULE } from "#core/model/triggerRule.js";
import { groupEnds } from "#core/model/groupEnds.js";
import { AuthoringError } from "./authoringError.js";
import { findClosingEdge } from "./cycle.js";
import type { DagDeclaration, EdgeDeclaration, TaskDeclaration } from "./declaration.js";
import { type GroupRequest, GroupStack } from "./groupStack.js";
import { checkId } from "./id.js";

/** What the `dag()` call itself says. */
export type DagHead = Pick<
  DagDeclaration,
  "dag_id" | "description" | "schedule" | "tags" | "policy" | "params" | "callbacks" | "at"
>;

type Role = TaskDeclaration["role"];

/** What `as_setup` and `as_teardown` say about a task; undefined where it stays as it is. */
interface Mark {
  readonly role: "setup" | "teardown";
  readonly on_failure_fail_dagrun?: boolean | undefined;
}

/** When a teardown runs its role decides, so no rule stands beside it. */
export const TEARDOWN_OPTIONS = { trigger_rule: DEFAULT_TRIGGER_RULE } as const;

/** Everything that a `dag()` body declares, in the order in which it does. */
export class DagBuilder {
  readonly #tasks = new Map<string, TaskDeclaration>();
  /** The highest number behind `__`, by what stands before it. */
  readonly #suffixes = new Map<string, number>();
  readonly #edges = new Map<string, EdgeDeclaration>();
  readonly #pending = new Map<object, PendingPartial>();
  /** Ids of the tasks whose own options say a `trigger_rule`. */
  readonly #ownRules = new Set<string>();

  #isFinished = false;
  readonly groups: GroupStack;

  constructor(
    readonly head: DagHead,
    dagDefaults: Readonly<Record<string, unknown>>,
  ) {
    this.groups = new GroupStack(dagDefaults);
  }

  /** Everything until `closeGroup` belongs to the group; returns its id. */
  openGroup(request: GroupRequest): string {
    const group_id = this.groups.nextId(request.group_id, request.at);
    if (this.#tasks.has(group_id)) this.#refuseDuplicate(group_id, request.at, true);
    this.groups.open(group_id, request);
    return group_id;
  }

  /** The innermost mapped group around a task; null where there is none. */
  mappedGroupOf(task_id: string): string | null {
    return this.groups.mappedGroupAround(this.#tasks.get(task_id)?.group_id ?? null);
  }

  /** The tasks that stand for a group in dependencies, first (`roots`) or last (`leaves`). */
  endsOf(group_id: string, end: "roots" | "leaves"): readonly string[] {
    const members = [...this.groups.membersOf(group_id)];
    const roleOf = (task_id: string): Role | undefined => this.#tasks.get(task_id)?.role;
    return groupEnds({ members, edges: this.#edges.values(), roleOf }, end);
  }

  /** `add`, then `add__1`, `add__2`, as Airflow names repeated calls of a task function. */
  uniqueId(task_id: string): string {
    if (!this.#tasks.has(task_id)) return task_id;
    const core = task_id.replace(/__\d+$/, "");
    return `${core}__${(this.#suffixes.get(core) ?? 0) + 1}`;
  }

  /** `hasOwnRule`: its `trigger_rule` is its own, and not one of `default_args`. */
  addTask(task: TaskDeclaration, hasOwnRule: boolean): void {
    checkId("task_id", task.task_id, task.at);
    if (this.#tasks.has(task.task_id) || this.groups.has(task.task_id)) this.#refuseDuplicate(task.task_id, task.at);
    this.#tasks.set(task.task_id, Object.freeze(task));
    if (hasOwnRule) this.#ownRules.add(task.task_id);
    this.groups.addMember(task.task_id);
    this.#noteSuffix(task.task_id);
  }

  /** Makes a task a setup or teardown. Until the body ends, this can be said of tasks that are there already. */
  mark(task_id: string, { role, on_failure_fail_dagrun }: Mark, at: SourcePoint | undefined): void {
    this.#refuseLate(at);
    const task = this.#tasks.get(task_id);
    if (task === undefined) return;
    if (task.role !== null && task.role !== role) {
      const message = `'${task_id}' cannot be a ${role}: it is a ${task.role} already.`;
      throw new AuthoringError("invalid-argument", message, at);
    }
    if (role === "setup") {
      this.#tasks.set(task_id, Object.freeze({ ...task, role }));
      return;
    }
    if (this.#ownRules.has(task_id)) throw teardownRule(task_id, at);
    const fails = on_failure_fail_dagrun ?? task.on_failure_fail_dagrun;
    this.#tasks.set(task_id, Object.freeze({ ...task, role, ...TEARDOWN_OPTIONS, on_failure_fail_dagrun: fails }));
  }

  /** The first call that draws an edge is the one that is shown for it. */
  addEdge(from: string, to: string, at: SourcePoint | undefined): void {
    this.#refuseLate(at);
    const key = JSON.stringify([from, to]);
    if (!this.#edges.has(key)) this.#edges.set(key, Object.freeze({ from, to, at }));
  }

  addPartial(partial: object, pending: PendingPartial): void {
    this.#pending.set(partial, pending);
  }

  usePartial(partial: object): void {
    this.#pending.delete(partial);
  }

  finish(): DagDeclaration {
    this.#isFinished = true;
    this.#refuseUnexpanded();
    this.#refuseCycles();
    this.#refuseSlowRules();
    return Object.freeze({
      ...this.head,
      tasks: Object.freeze([...this.#tasks.values()]),
      groups: Object.freeze([...this.groups.all]),
      edges: Object.freeze([...this.#edges.values()]),
    });
  }

  #refuseDuplicate(id: string, at: SourcePoint | undefined, isGroup = false): never {
    const what = isGroup || this.groups.has(id) ? "A task and a group" : "Two tasks";
    const message = `${what} of DAG '${this.head.dag_id}' are named '${id}': give one another id.`;
    throw new AuthoringError("duplicate-task-id", message, at);
  }

  #noteSuffix(task_id: string): void {
    const [, core, digits] = /^(.*)__(\d+)$/.exec(task_id) ?? [];
    if (core === undefined) return;
    this.#suffixes.set(core, Math.max(this.#suffixes.get(core) ?? 0, Number(digits)));
  }

  /** What is said of a DAG after its body would be lost. */
  #refuseLate(at: SourcePoint | undefined): void {
    if (!this.#isFinished) return;
    const message = `The body of DAG '${this.head.dag_id}' has ended: say this in it.`;
    throw new AuthoringError("outside-dag", message, at);
  }

  #refuseUnexpanded(): void {
    for (const { name, at } of this.#pending.values()) {
      const message = `'${name}.partial()' makes no task: call expand() or expand_kwargs() on it.`;
      throw new AuthoringError("never-expanded", message, at);
    }
  }

  /** Airflow's `FailFastDagInvalidTriggerRule`: a rule that looks at failures makes no sense where the first ends all. */
  #refuseSlowRules(): void {
    if (!this.head.policy.fail_fast) return;
    for (const { task_id, trigger_rule, role, at } of this.#tasks.values()) {
      if (role === "teardown" || trigger_rule === "all_success") continue;
      const message = `'${task_id}' has the trigger rule '${trigger_rule}', but a DAG with 'fail_fast' takes only 'all_success'.`;
      throw new AuthoringError("fail-fast-trigger-rule", message, at);
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

/** As Airflow: a teardown runs when all is done and a setup of it has succeeded. */
export function teardownRule(task_id: string, at: SourcePoint | undefined): AuthoringError {
  const message = `'${task_id}' is a teardown, whose trigger_rule cannot be chosen: leave it out.`;
  return new AuthoringError("invalid-argument", message, at);
}
