/** Part of the reference evaluator: which task waits for which, straight from the program (airflow-semantics.md §2.8). */
import {
  type Entries,
  type GroupStep,
  type Mapping,
  type Program,
  type TaskStep,
  type Value,
  isReference,
  sourcesIn,
  tasksIn,
  tasksOf,
} from "./program.js";

/** A task, with what the program says about it elsewhere. */
export interface Node {
  readonly task: TaskStep;
  /** The mapped group around it; null where there is none. */
  readonly group: string | null;
  readonly upstream: readonly string[];
  /** Setups that must have succeeded: it is work of them. */
  readonly setups: readonly string[];
  /** What it is mapped over, its group's where it is in a mapped one; null where it has just one instance. */
  readonly mapping: Mapping | null;
  /** Tasks whose results its mapping is made of. */
  readonly sources: readonly string[];
}

type Edges = Map<string, Set<string>>;

export function readNodes(program: Program): Map<string, Node> {
  const tasks = tasksOf(program).map(({ task, group }) => ({ task: group ? inGroup(task, group) : task, group }));
  const edges: Edges = new Map(tasks.map(({ task }) => [task.id, new Set<string>()]));
  const draw = (from: readonly string[], to: readonly string[]): void => {
    for (const one of to) for (const other of from) edges.get(one)?.add(other);
  };
  for (const { task, group } of tasks) {
    const values = [...task.inputs.map(([, value]) => value), ...(task.mapping ? sourcesIn(task.mapping) : [])];
    for (const value of values) draw([...tasksIn(value), ...mappedArguments(value, group)], [task.id]);
  }
  const ends = (id: string, side: "first" | "last"): readonly string[] => endsOf(program, edges, id, side);
  for (const step of program.steps) {
    // What a group is mapped over comes before the tasks that it begins with.
    if (step.type === "group" && step.mapping) draw(sourcesIn(step.mapping).flatMap(tasksIn), ends(step.id, "first"));
  }
  for (const [from, to] of program.links) draw(ends(from, "last"), ends(to, "first"));
  return new Map(
    tasks.map(({ task, group }) => {
      const mapping = group?.mapping ?? task.mapping;
      const sources = mapping ? mappedTasks(mapping) : [];
      const upstream = [...(edges.get(task.id) ?? [])];
      const setups = setupsOf(
        task,
        tasks.map((one) => one.task),
        edges,
      );
      return [task.id, { task, group: group?.mapping ? group.id : null, upstream, setups, mapping, sources }];
    }),
  );
}

/**
 * The setups before the task at any distance, of those that a teardown follows only where one of these comes after the
 * task. Teardowns and the rule `always` wait for no setup.
 */
function setupsOf(task: TaskStep, tasks: readonly TaskStep[], edges: Edges): string[] {
  if (task.kind === "teardown" || task.rule === "always") return [];
  const before = (id: string): Set<string> => {
    const direct = [...(edges.get(id) ?? [])];
    return new Set([...direct, ...direct.flatMap((one) => [...before(one)])]);
  };
  return tasks.flatMap(({ id, kind }) => {
    if (kind !== "setup" || !before(task.id).has(id)) return [];
    const teardowns = tasks.filter((one) => one.kind === "teardown" && edges.get(one.id)?.has(id) === true);
    const isWork = teardowns.length === 0 || teardowns.some((one) => before(one.id).has(task.id));
    return isWork ? [id] : [];
  });
}

/** A literal list is not made of results, but for the items of one that `expand_kwargs` takes. */
function mappedTasks(mapping: Mapping): string[] {
  return sourcesIn(mapping).flatMap((source) => {
    if (isReference(source)) return tasksIn(source);
    if (mapping.kind === "expand" || source.type !== "list") return [];
    return source.items.filter(isReference).flatMap(tasksIn);
  });
}

/** What stands for an element of the group's mapping comes from where the mapping does. */
function mappedArguments(value: Value, group: GroupStep | null): readonly string[] {
  if (!group?.mapping || !hasArgument(value)) return [];
  return sourcesIn(group.mapping).flatMap(tasksIn);
}

function hasArgument(value: Value): boolean {
  if (value.type === "list") return value.items.some(hasArgument);
  if (value.type === "dict") return value.entries.some(([, inner]) => hasArgument(inner));
  return value.type === "argument";
}

/** The tasks of a group that no other task of it comes before, or after; of a task, itself. */
function endsOf(program: Program, edges: Edges, id: string, side: "first" | "last"): readonly string[] {
  const group = program.steps.find((step) => step.type === "group" && step.id === id);
  if (group?.type !== "group") return [id];
  const members = group.tasks.map((task) => task.id);
  const inner = members.flatMap((to) => [...(edges.get(to) ?? [])].map((from) => ({ from, to })));
  const linked = inner
    .filter(({ from }) => members.includes(from))
    .map(({ from, to }) => (side === "first" ? to : from));
  return members.filter((member) => !linked.includes(member));
}

/** The task with what its group was given in place of the group's own names, as far as that is the same everywhere. */
function inGroup(task: TaskStep, group: GroupStep): TaskStep {
  const fill = (value: Value): Value => {
    if (value.type === "list") return { ...value, items: value.items.map(fill) };
    if (value.type === "dict") return { ...value, entries: fillAll(value.entries) };
    if (value.type !== "argument") return value;
    return group.inputs.find(([name]) => name === value.name)?.[1] ?? value;
  };
  const fillAll = (entries: Entries): Entries => entries.map(([name, value]) => [name, fill(value)]);
  return { ...task, inputs: fillAll(task.inputs) };
}
