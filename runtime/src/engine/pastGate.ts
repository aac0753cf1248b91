import { type InstanceState, type RunError, UNMAPPED_INDEX, instanceName, isFinished } from "#core/model/run.js";
import { type Instance, type InstanceSpan, spansOf } from "./instances.js";
import type { Past, PastTask } from "./past.js";
import type { Plan, PlanTask } from "./plan.js";

/** `never`: what it waits for can no longer come. */
type PastVerdict = "met" | "wait" | "never";

/**
 * Lets an instance of a task that depends on the past run only when the same instance of the run before has succeeded or
 * was skipped; with `wait_for_downstream`, what directly follows it too. A run without one before it passes.
 * Source: airflow-core `PrevDagrunDep`; by map index, as docs/semantics.md §2.9 says.
 */
export class PastGate {
  #held: Instance[] = [];
  readonly #heldSkips = new Set<number>();

  constructor(
    readonly plan: Plan,
    /** Null where there is no run before. */
    readonly past: Past | null,
  ) {}

  /** True where something waits for the run before. */
  get isHolding(): boolean {
    return this.#held.length > 0 || this.#heldSkips.size > 0;
  }

  /** Tasks that were about to be skipped and wait. */
  get heldSkips(): readonly number[] {
    return [...this.#heldSkips];
  }

  /** Which of the instances may run now; the others are kept. */
  admit(span: InstanceSpan): readonly InstanceSpan[] {
    const { task, from, count } = span;
    if (!this.past || this.plan.tasks[task]?.depends_on_past !== true) return [span];
    const instances = Array.from({ length: count }, (_, offset) => ({ task, map_index: from + offset }));
    return this.#divide(instances);
  }

  /** Which of those that were kept may run now. */
  release(): readonly InstanceSpan[] {
    const held = this.#held;
    this.#held = [];
    return this.#divide(held);
  }

  /** Forgets what waits of the tasks of which that holds, and returns the instances that were to run. */
  drop(isMeant: (task: number) => boolean): readonly InstanceSpan[] {
    const dropped = this.#held.filter(({ task }) => isMeant(task));
    this.#held = this.#held.filter(({ task }) => !isMeant(task));
    for (const task of this.heldSkips.filter(isMeant)) this.#heldSkips.delete(task);
    return spansOf(dropped);
  }

  /** Whether a task that is about to be skipped has to wait for its past before it is. */
  holdsSkip(position: number): boolean {
    const task = this.plan.tasks[position];
    const isMet = task?.wait_for_past_depends_before_skipping !== true || this.#judgeAll(position) === "met";
    if (isMet) this.#heldSkips.delete(position);
    else this.#heldSkips.add(position);
    return !isMet;
  }

  /** Why what waits waits for ever; null where the run before may still let it run. */
  problem(): RunError | null {
    const waiting = [...this.#held, ...this.heldSkips.map((task) => ({ task, map_index: UNMAPPED_INDEX }))];
    const verdicts = waiting.map((one) => this.#judgeHeld(one));
    const [first] = waiting;
    const task = first && this.plan.tasks[first.task];
    if (!task || !this.past || verdicts.includes("wait")) return null;
    const name = instanceName(task.task_id, first.map_index);
    return {
      code: "depends-on-past",
      message: `'${name}' depends on the past, and in the run '${this.past.run_id}' it did not succeed.`,
      ...(task.at && { at: task.at }),
      advice: `'fanout show ${this.past.run_id}' tells why; run that date again, and then this one.`,
    };
  }

  #divide(instances: readonly Instance[]): InstanceSpan[] {
    const admitted: Instance[] = [];
    for (const instance of instances) {
      const isMet = this.#judge(instance.task, instance.map_index) === "met";
      (isMet ? admitted : this.#held).push(instance);
    }
    return spansOf(admitted);
  }

  #judgeHeld({ task, map_index }: Instance): PastVerdict {
    return this.#heldSkips.has(task) ? this.#judgeAll(task) : this.#judge(task, map_index);
  }

  #judge(position: number, map_index: number): PastVerdict {
    const task = this.plan.tasks[position];
    const { past } = this;
    if (task?.depends_on_past !== true || !past) return "met";
    const before = past.task(task.task_id);
    if (!before) return this.#judgeFirst(task, past);
    // An index that the run before did not have has nothing to wait for, once its number is known.
    const isNew = before.count !== null && map_index >= before.count;
    const own = isNew ? "met" : verdictOf([before.stateOf(indexIn(before, map_index))], past);
    return own === "met" && task.wait_for_downstream ? this.#judgeDownstream(task, past) : own;
  }

  /** Of all instances of a task together. */
  #judgeAll(position: number): PastVerdict {
    const task = this.plan.tasks[position];
    const { past } = this;
    if (task?.depends_on_past !== true || !past) return "met";
    const before = past.task(task.task_id);
    if (!before) return this.#judgeFirst(task, past);
    const own = verdictOf(statesOf(before), past);
    return own === "met" && task.wait_for_downstream ? this.#judgeDownstream(task, past) : own;
  }

  #judgeFirst(task: PlanTask, past: Past): PastVerdict {
    return task.ignore_first_depends_on_past && !past.hadBefore(task.task_id) ? "met" : "never";
  }

  #judgeDownstream(task: PlanTask, past: Past): PastVerdict {
    const verdicts = task.downstream.map((position) => {
      const before = past.task(this.plan.tasks[position]?.task_id ?? "");
      return before ? verdictOf(statesOf(before), past) : "met";
    });
    if (verdicts.includes("never")) return "never";
    return verdicts.includes("wait") ? "wait" : "met";
  }
}

/** Where the run before had no instances, or the task was not mapped, the one that it had stands for all. */
function indexIn({ count }: PastTask, map_index: number): number {
  return count === null ? UNMAPPED_INDEX : Math.max(0, map_index);
}

function statesOf(task: PastTask): InstanceState[] {
  if (task.count === null) return [task.stateOf(UNMAPPED_INDEX)];
  return Array.from({ length: task.count }, (_, index) => task.stateOf(index));
}

function verdictOf(states: readonly InstanceState[], { isOver }: Past): PastVerdict {
  const open = states.filter((state) => state !== "success" && state !== "skipped");
  if (open.length === 0) return "met";
  return isOver || open.some(isFinished) ? "never" : "wait";
}
