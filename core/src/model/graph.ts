import { memo } from "../memo.js";
import type { DagModel, GroupNode, MapSource, Mapping, TaskNode } from "./dag.js";

/**
 * Pure questions over the graph of a model. Edges that name unknown tasks are ignored: a model of broken code may
 * have them, and every answer must still be one.
 */
interface Neighbours {
  readonly downstream: ReadonlyMap<string, readonly string[]>;
  readonly upstream: ReadonlyMap<string, readonly string[]>;
}

/** Where tasks stand in the model, by their ids. Found once for a model: a report asks with each of its tasks. */
export const positionsOf = memo(
  ({ tasks }: DagModel): ReadonlyMap<string, number> => new Map(tasks.map(({ task_id }, index) => [task_id, index])),
);

/** Ids in an order in which they can run; ties in the model's own order. Tasks in or behind a cycle are left out. */
export function topologicalOrder(model: DagModel): readonly string[] {
  const { downstream, upstream } = neighbours(model);
  const waitingFor = new Map(model.tasks.map((task) => [task.task_id, upstream.get(task.task_id)?.length ?? 0]));
  const order = taskIds(model).filter((id) => waitingFor.get(id) === 0);
  for (const id of order) {
    for (const next of downstream.get(id) ?? []) {
      const left = (waitingFor.get(next) ?? 0) - 1;
      waitingFor.set(next, left);
      if (left === 0) order.push(next);
    }
  }
  return order;
}

/**
 * One shortest cycle for each knot of the graph, as ids along the edges: the last one leads back to the first, which
 * is the knot's earliest task in the model. Empty: the graph can run.
 */
export function cycles(model: DagModel): readonly (readonly string[])[] {
  const graph = neighbours(model);
  const found: string[][] = [];
  for (const knot of stronglyConnected(model, graph)) {
    const first = model.tasks.find((task) => knot.has(task.task_id))?.task_id;
    const cycle = first === undefined ? null : shortestCycle(first, knot, graph);
    if (cycle !== null) found.push(cycle);
  }
  return found;
}

/** Ids of all tasks that must run before `id`, itself left out, in the model's order. */
export function ancestors(model: DagModel, id: string): readonly string[] {
  return reachable(model, id, neighbours(model).upstream);
}

/** Ids of all tasks that run after `id`, itself left out, in the model's order. */
export function descendants(model: DagModel, id: string): readonly string[] {
  return reachable(model, id, neighbours(model).downstream);
}

/** Ids of the tasks that nothing has to run before. */
export function roots(model: DagModel): readonly string[] {
  const { upstream } = neighbours(model);
  return taskIds(model).filter((id) => (upstream.get(id) ?? []).length === 0);
}

/** Ids of the tasks that nothing runs after: their states decide the run's. */
export function leaves(model: DagModel): readonly string[] {
  const { downstream } = neighbours(model);
  return taskIds(model).filter((id) => (downstream.get(id) ?? []).length === 0);
}

type GroupPlace = Pick<GroupNode, "group_id" | "parent_id">;
type TaskPlace = Pick<TaskNode, "task_id" | "group_id">;

/** Tasks in groups: of a model, or of anything else that says as much of them. */
interface Grouped<G extends GroupPlace> {
  readonly tasks: readonly TaskPlace[];
  readonly groups: readonly G[];
}

/** The groups around a task or group, innermost first. */
export function enclosingGroups<G extends GroupPlace>(
  { groups }: Pick<Grouped<G>, "groups">,
  groupId: string | null,
): readonly G[] {
  const around: G[] = [];
  let id = groupId;
  while (id !== null) {
    const group = groups.find((candidate) => candidate.group_id === id);
    if (group === undefined || around.includes(group)) break;
    around.push(group);
    id = group.parent_id;
  }
  return around;
}

/** The innermost mapped group around a task; null where there is none. */
export function mappedGroupOf<G extends GroupPlace & { readonly mapping: unknown }>(
  dag: Pick<Grouped<G>, "groups">,
  task: Pick<TaskPlace, "group_id">,
): G | null {
  return enclosingGroups(dag, task.group_id).find((group) => group.mapping !== null) ?? null;
}

/** Ids of the tasks inside a group, at any depth, in the model's order. */
export function tasksInGroup(dag: Grouped<GroupPlace>, groupId: string): readonly string[] {
  return dag.tasks
    .filter((task) => enclosingGroups(dag, task.group_id).some((group) => group.group_id === groupId))
    .map((task) => task.task_id);
}

/** True where a task has instances: it is mapped itself, or stands in a mapped group. */
export function isMapped(task: TaskNode, model: DagModel): boolean {
  return mappingsOf(task, model).length > 0;
}

/** What is known before a run of how many instances a mapped task will have. */
export type MapCount =
  /** `count` is the product of `factors`, one for each mapped input in source order; 0: the task will be skipped. */
  | { readonly type: "known"; readonly count: number; readonly factors: readonly number[] }
  /** It depends on what the tasks `upstream` return; `factors` are the lengths that are known. */
  | { readonly type: "upstream"; readonly upstream: readonly string[]; readonly factors: readonly number[] }
  /** Reading could not tell. */
  | { readonly type: "unknown" };

/** Null where the task is not mapped. */
export function mapCount(task: TaskNode, model: DagModel): MapCount | null {
  const mappings = mappingsOf(task, model);
  return mappings.length === 0 ? null : product(mappings.flatMap((mapping) => mapping.inputs));
}

/** The same for a group that is mapped over, or stands in one that is. */
export function groupMapCount(group: GroupNode, model: DagModel): MapCount | null {
  const mappings = enclosingGroups(model, group.group_id)
    .flatMap((each) => each.mapping ?? [])
    .reverse();
  return mappings.length === 0 ? null : product(mappings.flatMap((mapping) => mapping.inputs));
}

/** What hovers and inlay hints show: `[3]`, `[3×4=12]`, `[from list_files]`, `[2×from list_files]`, `[0]`, `[ ]`. */
export function countLabel(count: MapCount): string {
  switch (count.type) {
    case "known":
      return count.factors.length > 1 ? `[${count.factors.join("×")}=${count.count}]` : `[${count.count}]`;
    case "upstream":
      return `[${count.factors.map((factor) => `${factor}×`).join("")}from ${count.upstream.join(", ")}]`;
    case "unknown":
      return "[ ]";
  }
}

/** What a graph shows behind a mapped task's name: `[3]` when the number is known, from the run or before it, else `[ ]`. */
export function graphMark(count: MapCount, runCount: number | null = null): string {
  if (runCount !== null) return `[${runCount}]`;
  return count.type === "known" ? `[${count.count}]` : "[ ]";
}

function product(inputs: readonly { readonly source: MapSource }[]): MapCount {
  const lengths = inputs.map(({ source }) => lengthOf(source));
  const factors = lengths.filter((length) => length !== null);
  if (factors.includes(0) || (factors.length === lengths.length && factors.length > 0)) {
    return { type: "known", count: factors.reduce((total, factor) => total * factor, 1), factors };
  }
  const open = inputs.filter(({ source }) => lengthOf(source) === null);
  const upstream = open.flatMap(({ source }) => (source.type === "xcom" ? source.upstream : []));
  const allNamed = open.length > 0 && open.every(({ source }) => source.type === "xcom" && source.upstream.length > 0);
  return allNamed ? { type: "upstream", upstream: [...new Set(upstream)], factors } : { type: "unknown" };
}

function lengthOf(source: MapSource): number | null {
  return source.type === "unresolved" ? null : (source.length ?? null);
}

/** Outermost first: an instance's number counts the groups before the task's own inputs. */
function mappingsOf(task: TaskNode, model: DagModel): readonly Mapping[] {
  const own = task.mapping === null ? [] : [task.mapping];
  const groups = enclosingGroups(model, task.group_id).flatMap((group) => group.mapping ?? []);
  return [...own, ...groups].reverse();
}

/** Each id once, in the model's order: while code is being written, two tasks may have the same. */
function taskIds(model: DagModel): readonly string[] {
  return [...new Set(model.tasks.map((task) => task.task_id))];
}

function neighbours(model: DagModel): Neighbours {
  const downstream = new Map<string, Set<string>>(model.tasks.map((task) => [task.task_id, new Set()]));
  const upstream = new Map<string, Set<string>>(model.tasks.map((task) => [task.task_id, new Set()]));
  for (const { from, to } of model.edges) {
    if (!downstream.has(from) || !upstream.has(to)) continue;
    downstream.get(from)?.add(to);
    upstream.get(to)?.add(from);
  }
  return { downstream: listed(downstream), upstream: listed(upstream) };
}

function listed(sets: ReadonlyMap<string, ReadonlySet<string>>): Map<string, readonly string[]> {
  return new Map([...sets].map(([id, ids]) => [id, [...ids]]));
}

function reachable(model: DagModel, id: string, next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const seen = new Set<string>();
  const queue = [...(next.get(id) ?? [])];
  for (const current of queue) {
    if (seen.has(current)) continue;
    seen.add(current);
    queue.push(...(next.get(current) ?? []));
  }
  seen.delete(id);
  return taskIds(model).filter((task) => seen.has(task));
}

/** Kosaraju's algorithm without recursion: a chain of 100,000 tasks must not overflow the stack. */
function stronglyConnected(model: DagModel, graph: Neighbours): readonly ReadonlySet<string>[] {
  const finished = finishingOrder(taskIds(model), graph.downstream);
  const assigned = new Set<string>();
  const components: Set<string>[] = [];
  for (const start of finished.reverse()) {
    if (assigned.has(start)) continue;
    const component = new Set([start]);
    assigned.add(start);
    for (const id of component) {
      for (const before of graph.upstream.get(id) ?? []) {
        if (assigned.has(before)) continue;
        assigned.add(before);
        component.add(before);
      }
    }
    components.push(component);
  }
  const position = new Map(taskIds(model).map((id, index) => [id, index]));
  const earliest = (ids: ReadonlySet<string>): number => Math.min(...[...ids].map((id) => position.get(id) ?? 0));
  return components
    .filter((ids) => ids.size > 1 || [...ids].some((id) => graph.downstream.get(id)?.includes(id) === true))
    .sort((a, b) => earliest(a) - earliest(b));
}

function finishingOrder(ids: readonly string[], next: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  const finished: string[] = [];
  for (const start of ids) {
    if (seen.has(start)) continue;
    seen.add(start);
    const path = [{ id: start, at: 0 }];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = next.get(top.id)?.[top.at];
      top.at += 1;
      if (child === undefined) finished.push(path.pop()?.id ?? top.id);
      else if (!seen.has(child)) {
        seen.add(child);
        path.push({ id: child, at: 0 });
      }
    }
  }
  return finished;
}

/** Breadth first from `start` back to itself, inside the knot. */
function shortestCycle(start: string, knot: ReadonlySet<string>, graph: Neighbours): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const id of queue) {
    for (const next of graph.downstream.get(id) ?? []) {
      if (next === start) return pathTo(id, start, cameFrom);
      if (!knot.has(next) || cameFrom.has(next)) continue;
      cameFrom.set(next, id);
      queue.push(next);
    }
  }
  return null;
}

function pathTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let id = end; id !== start;) {
    id = cameFrom.get(id) ?? start;
    path.push(id);
  }
  return path.reverse();
}
