import { memo } from "#core/memo.js";
import type { DagDeclaration } from "../authoring/declaration.js";

/** By task id, the ids of the tasks right before and right behind it, in the order in which the edges were drawn. */
export interface Neighbours {
  readonly upstream: ReadonlyMap<string, readonly string[]>;
  readonly downstream: ReadonlyMap<string, readonly string[]>;
}

/** Found once for a DAG: every one of its tasks asks. */
export const neighboursOf = memo(({ edges }: DagDeclaration): Neighbours => {
  const [upstream, downstream] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const { from, to } of edges) {
    push(upstream, to, from);
    push(downstream, from, to);
  }
  return { upstream, downstream };
});

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
