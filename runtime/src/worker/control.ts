import { tasksInGroup } from "#core/model/graph.js";
import { groupEnds } from "#core/model/groupEnds.js";
import type { Control, DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { describe } from "../authoring/values.js";
import { FanoutError } from "../errors.js";
import type { TaskNames } from "./taskNames.js";

/** The DAG that a decision is made in. */
export interface Surroundings {
  readonly dag: DagDeclaration;
  readonly names: TaskNames;
}

/**
 * The tasks, by position in the plan, that the result of a branch or short circuit decides to skip; one in a mapped
 * group decides, for its own index, on tasks of that group only: what is outside follows by its trigger rules.
 * Source: Airflow's `SkipMixin`. Throws where a branch returns something else than ids of tasks.
 */
export function decideSkips(around: Surroundings, task: TaskDeclaration, control: Control, value: unknown): number[] {
  const { dag, names } = around;
  const graph = downstreamOf(dag);
  const group = names.mappedGroupOf(names.positionOf(task.task_id) ?? -1);
  const behind =
    control.type === "branch" ? skipOthers(around, graph, task, value) : cutShort(graph, task, control, value);
  const isNear = (id: string): boolean => names.mappedGroupOf(names.positionOf(id) ?? -1) === group;
  const skipped = group === null ? behind : new Set([...behind].filter(isNear));
  if (skipped.size > 0) console.log(`Skipping: ${[...skipped].join(", ")}`);
  return dag.tasks.flatMap(({ task_id }, position) => (skipped.has(task_id) ? [position] : []));
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Of the tasks right behind the branch, those that are neither followed nor come after what is followed: a task that
 * joins the ways again must not be skipped because the branch leads to it directly as well.
 */
function skipOthers(around: Surroundings, graph: Graph, task: TaskDeclaration, value: unknown): Set<string> {
  const ids = readIds(around, task, value);
  const kept = new Set([...ids, ...ids.flatMap((id) => [...descendants(graph, id)])]);
  console.log(`Following: ${ids.length === 0 ? "nothing" : ids.join(", ")}`);
  return new Set([...(graph.get(task.task_id) ?? [])].filter((id) => !kept.has(id)));
}

function cutShort(
  graph: Graph,
  { task_id }: TaskDeclaration,
  { ignore_downstream_trigger_rules }: Extract<Control, { type: "short_circuit" }>,
  value: unknown,
): Set<string> {
  if (value) return new Set();
  return ignore_downstream_trigger_rules ? descendants(graph, task_id) : new Set(graph.get(task_id) ?? []);
}

function readIds(around: Surroundings, { task_id, at }: TaskDeclaration, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  const other = ids.findIndex((id) => typeof id !== "string");
  if (other >= 0) {
    const message = `'${task_id}' must return the id of a task, a list of ids or null, not ${describe(ids[other])}.`;
    throw new FanoutError("branch-not-task-ids", message, { at, advice: "Return ids as texts." });
  }
  return ids.flatMap((id) => readId(around, task_id, id as string, at));
}

function readId({ dag, names }: Surroundings, branch: string, id: string, at: TaskDeclaration["at"]): string[] {
  if (names.positionOf(id) !== undefined) return [id];
  if (dag.groups.some(({ group_id }) => group_id === id)) return rootsOf(dag, id);
  const meant = names.similarTo(id);
  const advice = meant === undefined ? "Return ids of tasks of this DAG." : `Did you mean '${meant}'?`;
  throw new FanoutError("branch-unknown-task", `'${branch}' returned '${id}', which is no task of the DAG.`, {
    at,
    advice,
  });
}

/** A branch may name a group: what it follows are the tasks that the group begins with. */
function rootsOf(dag: DagDeclaration, group_id: string): string[] {
  const roleOf = (task_id: string): TaskDeclaration["role"] =>
    dag.tasks.find((task) => task.task_id === task_id)?.role ?? null;
  return [...groupEnds({ members: tasksInGroup(dag, group_id), edges: dag.edges, roleOf }, "roots")];
}

function descendants(graph: Graph, task_id: string): Set<string> {
  const found = new Set(graph.get(task_id) ?? []);
  // A set that grows while it is walked is walked to its end.
  for (const id of found) for (const next of graph.get(id) ?? []) found.add(next);
  return found;
}

function downstreamOf(dag: DagDeclaration): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of dag.edges) {
    const known = graph.get(from);
    if (known) known.add(to);
    else graph.set(from, new Set([to]));
  }
  return graph;
}
