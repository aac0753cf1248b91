import type { TaskRules } from "../pool/dispatcher.js";
import type { Need } from "./limits.js";
import type { Plan, PlanTask } from "./plan.js";
import type { Pools } from "./pools.js";

export interface RunScope {
  /** Absolute path of the DAG file. */
  readonly file: string;
  /** Unlike that of every other run of the process, of other DAGs too. */
  readonly key: string;
  /** Instances at once of all runs that share it; null where the run has workers of its own. */
  readonly sharedParallelism: number | null;
}

/** In which order the instances of a run's tasks go, and what they take of what there is only so much of. */
export function dispatchRules(plan: Plan, pools: Pools, scope: RunScope): readonly TaskRules[] {
  const weights = priorityWeights(plan);
  return plan.tasks.map((task, position) => ({
    weight: weights[position] ?? 0,
    needs: needsOf(plan, task, position, pools, scope),
  }));
}

function needsOf(plan: Plan, task: PlanTask, position: number, pools: Pools, scope: RunScope): Need[] {
  const { file, key, sharedParallelism } = scope;
  const { max_active_tis_per_dagrun, max_active_tis_per_dag, pool, pool_slots } = task;
  const slots = pools.sizes.get(pool) ?? 0;
  const limits: readonly (readonly [key: readonly unknown[], amount: number, size: number | null])[] = [
    [["task of run", key, position], 1, max_active_tis_per_dagrun],
    [["task", file, plan.dag_id, task.task_id], 1, max_active_tis_per_dag],
    [["pool", pools.place, pool], pool_slots, slots],
    // As of Airflow 3: of each run, not of all runs of the DAG together.
    [["run", key], 1, plan.policy.max_active_tasks],
    [["parallelism"], 1, sharedParallelism],
  ];
  return limits.flatMap(([parts, amount, size]) =>
    size === null ? [] : [{ key: JSON.stringify(parts), amount, size }],
  );
}

/**
 * What each task weighs. Source: Airflow's `WeightRule`: its own weight, with `downstream` (the default) those of all
 * tasks that come after it, at any distance, and with `upstream` those of all that come before.
 */
export function priorityWeights({ tasks }: Pick<Plan, "tasks">): number[] {
  const sums = { downstream: new Sums(tasks, "downstream"), upstream: new Sums(tasks, "upstream") };
  return tasks.map(({ weight_rule, priority_weight }, position) =>
    weight_rule === "absolute" ? priority_weight : sums[weight_rule].of(position),
  );
}

type Direction = "downstream" | "upstream";

/** The weights of tasks together with all that are behind (or before) them. */
class Sums {
  readonly #known = new Map<number, number>();

  constructor(
    readonly tasks: readonly PlanTask[],
    readonly direction: Direction,
  ) {}

  /** What one task alone stands behind needs no search: in a chain of 5,000 tasks each sum is that of the next and one more. */
  of(position: number): number {
    const alone: number[] = [];
    let at = position;
    for (let next = this.#onlyNext(at); next !== null && !this.#known.has(at); next = this.#onlyNext(at)) {
      alone.push(at);
      at = next;
    }
    let sum = this.#known.get(at) ?? this.#search(at);
    this.#known.set(at, sum);
    for (const before of alone.toReversed()) {
      sum += this.#weight(before);
      this.#known.set(before, sum);
    }
    return sum;
  }

  #onlyNext(position: number): number | null {
    const [next, ...others] = this.tasks[position]?.[this.direction] ?? [];
    return next === undefined || others.length > 0 ? null : next;
  }

  #search(position: number): number {
    const others = reachable(this.tasks, position, this.direction);
    return others.reduce((sum, other) => sum + this.#weight(other), this.#weight(position));
  }

  #weight(position: number): number {
    return this.tasks[position]?.priority_weight ?? 0;
  }
}

function reachable(tasks: readonly PlanTask[], from: number, direction: Direction): number[] {
  const seen = new Uint8Array(tasks.length);
  const found: number[] = [];
  const open = [from];
  for (let position = open.pop(); position !== undefined; position = open.pop()) {
    for (const next of tasks[position]?.[direction] ?? []) {
      if (seen[next] === 1) continue;
      seen[next] = 1;
      found.push(next);
      open.push(next);
    }
  }
  return found;
}
