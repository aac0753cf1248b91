import type { DagModel } from "#core/model/dag.js";
import { topologicalOrder } from "#core/model/graph.js";

/** As people follow a run: what something waits for stands before it, wherever the code calls it. */
export function inRunningOrder<T extends { readonly task_id: string }>(tasks: readonly T[], model: DagModel): T[] {
  const places = new Map(topologicalOrder(model).map((task_id, place) => [task_id, place]));
  return [...tasks].sort((a, b) => (places.get(a.task_id) ?? 0) - (places.get(b.task_id) ?? 0));
}
