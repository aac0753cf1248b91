import { type Axis, type Plan, type PlanTask, sourcesOf } from "./plan.js";

/** Upstream tasks, by where they stand. */
export interface Upstream {
  /** In the same mapped group: an instance looks at those of its own index. */
  readonly inner: readonly number[];
  /** An instance looks at all of their instances. */
  readonly outer: readonly number[];
}

/** What the scheduler asks of a task's place in the plan. Tasks are named by their position. */
export interface TaskLinks {
  readonly task: PlanTask;
  readonly upstream: Upstream;
  /** Setups that must have succeeded, whatever the trigger rule. */
  readonly setups: Upstream;
  /** Of a teardown: the setups right before it. */
  readonly ownSetups: Upstream;
  /** The task's own or its group's; null where it has no instances. */
  readonly axes: readonly Axis[] | null;
  /** Tasks whose results it, or its group, maps over. */
  readonly sources: readonly number[];
  /** Tasks that may be affected when something of this one ends. */
  readonly dependents: readonly number[];
}

/** The links of every task of the plan, by position. */
export function linksOf(plan: Plan): readonly TaskLinks[] {
  const setups = constrainingSetups(plan);
  const links = plan.tasks.map((task, position): Omit<TaskLinks, "dependents"> => {
    const axes = task.group === null ? task.axes : (plan.groups[task.group]?.axes ?? null);
    const own = task.role === "teardown" ? task.upstream.filter((one) => plan.tasks[one]?.role === "setup") : [];
    return {
      ...{ task, axes, sources: (axes ?? []).flatMap(sourcesOf) },
      upstream: divide(plan, task, task.upstream),
      setups: divide(plan, task, setups[position] ?? []),
      ownSetups: divide(plan, task, own),
    };
  });
  const dependents = plan.tasks.map((task) => new Set(task.downstream));
  for (const [position, { sources }] of links.entries()) {
    for (const before of [...sources, ...(setups[position] ?? [])]) dependents[before]?.add(position);
  }
  return links.map((link, position) => ({ ...link, dependents: [...(dependents[position] ?? [])] }));
}

/** Whether nothing that ends, or is skipped, comes before its start. */
export function startsAtOnce({ task, setups, sources }: TaskLinks): boolean {
  const needsNothing = setups.inner.length + setups.outer.length + sources.length === 0;
  return task.role !== "teardown" && task.trigger_rule === "always" && needsNothing;
}

function divide({ tasks }: Plan, { group }: PlanTask, upstream: readonly number[]): Upstream {
  const isInner = (position: number): boolean => group !== null && tasks[position]?.group === group;
  return { inner: upstream.filter(isInner), outer: upstream.filter((position) => !isInner(position)) };
}

/**
 * Positions so that each stands behind those that it depends on: what settles a task has then done so before an early
 * rule looks at it, in whatever order the code was written.
 */
export function scheduleOrder(links: readonly TaskLinks[]): readonly number[] {
  const waitsFor = links.map(() => 0);
  for (const { dependents } of links) for (const next of dependents) waitsFor[next] = (waitsFor[next] ?? 0) + 1;
  const order = [...links.keys()].filter((position) => waitsFor[position] === 0);
  // A list that grows while it is walked is walked to its end.
  for (const position of order) {
    for (const next of links[position]?.dependents ?? []) {
      const left = (waitsFor[next] ?? 0) - 1;
      waitsFor[next] = left;
      if (left === 0) order.push(next);
    }
  }
  return order;
}

/**
 * The tasks whose states decide the run's: those that nothing follows. Teardowns do not count, so the tasks before them
 * do, unless they ask for it with `on_failure_fail_dagrun`. Source: airflow-core `DagRun._tis_for_dagrun_state`.
 */
export function decidingTasks({ tasks }: Plan): readonly number[] {
  const isIgnored = (task: PlanTask | undefined): boolean => task?.role === "teardown" && !task.on_failure_fail_dagrun;
  const effective = [...tasks.keys()].filter((position) => {
    const task = tasks[position];
    return !isIgnored(task) && task?.downstream.every((next) => isIgnored(tasks[next])) === true;
  });
  if (effective.length > 0) return effective;
  return [...tasks.keys()].filter((position) => tasks[position]?.downstream.length === 0);
}

/**
 * By position: the setups upstream, at any distance, that the task is work of. A setup that no teardown follows is one
 * for everything behind it; else what lies between the two. Source: airflow-core `TriggerRuleDep`'s setup constraint
 * and `get_upstreams_only_setups`, which do not apply to teardowns and the rule `always`.
 */
function constrainingSetups({ tasks }: Plan): readonly (readonly number[])[] {
  const found = tasks.map((): number[] => []);
  for (const [setup, { role, downstream }] of tasks.entries()) {
    if (role !== "setup") continue;
    const teardowns = downstream.filter((next) => tasks[next]?.role === "teardown");
    const behind = reach(tasks, setup, "downstream");
    const between = new Set(teardowns.flatMap((teardown) => [...reach(tasks, teardown, "upstream")]));
    for (const position of behind) {
      const { role: kind, trigger_rule } = tasks[position] ?? {};
      if (kind === "teardown" || trigger_rule === "always") continue;
      if (teardowns.length === 0 || between.has(position)) found[position]?.push(setup);
    }
  }
  return found;
}

function reach(tasks: readonly PlanTask[], from: number, direction: "upstream" | "downstream"): Set<number> {
  const found = new Set(tasks[from]?.[direction]);
  // A set that grows while it is walked is walked to its end.
  for (const position of found) for (const next of tasks[position]?.[direction] ?? []) found.add(next);
  return found;
}
