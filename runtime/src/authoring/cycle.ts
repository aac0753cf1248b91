import type { EdgeDeclaration } from "./declaration.js";

export interface ClosingEdge {
  readonly edge: EdgeDeclaration;
  /** The circle, beginning and ending with the same task. */
  readonly path: readonly string[];
}

/** The first edge, in the order in which they were drawn, that closes a circle. */
export function findClosingEdge(edges: readonly EdgeDeclaration[]): ClosingEdge | undefined {
  if (isAcyclic(edges)) return undefined;
  const downstream = new Map<string, string[]>();
  for (const edge of edges) {
    const back = pathBetween(downstream, edge.to, edge.from);
    if (back !== undefined) return { edge, path: [edge.from, ...back] };
    push(downstream, edge.from, edge.to);
  }
  return undefined;
}

/** Kahn's algorithm: linear, so that only graphs that have a circle pay for finding its edge. */
function isAcyclic(edges: readonly EdgeDeclaration[]): boolean {
  const waiting = new Map<string, number>();
  const downstream = new Map<string, string[]>();
  for (const { from, to } of edges) {
    waiting.set(from, waiting.get(from) ?? 0);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    push(downstream, from, to);
  }
  const ready = [...waiting.keys()].filter((task_id) => waiting.get(task_id) === 0);
  let done = 0;
  for (let task_id = ready.pop(); task_id !== undefined; task_id = ready.pop()) {
    done++;
    for (const next of downstream.get(task_id) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return done === waiting.size;
}

function pathBetween(downstream: ReadonlyMap<string, string[]>, from: string, to: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  const queue = [from];
  for (let task_id = queue.shift(); task_id !== undefined; task_id = queue.shift()) {
    if (task_id === to) return trace(cameFrom, to);
    for (const next of downstream.get(task_id) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, task_id);
      queue.push(next);
    }
  }
  return undefined;
}

function trace(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const path: string[] = [];
  for (let at: string | undefined = end; at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
