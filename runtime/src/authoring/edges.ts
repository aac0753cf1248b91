import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import type { Handle } from "./brand.js";

/** Makes every task of `downstream` wait for every task of `upstream`. */
export function drawEdges(upstream: Handle, downstream: Handle, at: SourcePoint | undefined): void {
  const { builder } = downstream;
  if (upstream.builder !== builder) {
    const [one, other] = [upstream, downstream].map((handle) => handle.builder.head.dag_id);
    const message = `Tasks of two DAGs, '${one}' and '${other}', cannot depend on each other.`;
    throw new AuthoringError("invalid-argument", message, at);
  }
  for (const from of upstream.task_ids) for (const to of downstream.task_ids) builder.addEdge(from, to, at);
}
