import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import type { Handle } from "./brand.js";

/** Makes every task of `downstream` wait for every task of `upstream`: of groups, the first wait for the last. */
export function drawEdges(upstream: Handle, downstream: Handle, at: SourcePoint | undefined): void {
  const { builder } = downstream;
  if (upstream.builder !== builder) {
    const [one, other] = [upstream, downstream].map((handle) => handle.builder.head.dag_id);
    const message = `Tasks of two DAGs, '${one}' and '${other}', cannot depend on each other.`;
    throw new AuthoringError("invalid-argument", message, at);
  }
  const last = upstream.group_id === undefined ? upstream.task_ids : builder.endsOf(upstream.group_id, "leaves");
  const first = downstream.group_id === undefined ? downstream.task_ids : builder.endsOf(downstream.group_id, "roots");
  for (const from of last) for (const to of first) builder.addEdge(from, to, at);
}
