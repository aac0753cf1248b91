import type { DagModel } from "#core/model/dag.js";

/** Without what only one of reading and executing can know: where things end, and in which order edges were found. */
export function comparableModel(model: DagModel): unknown {
  const edges = model.edges.map(({ from, to }) => `${from} -> ${to}`).sort();
  return { ...withoutSpans({ ...model, origin: undefined }), edges };
}

export function withoutSpans<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === "span" ? undefined : inner))) as T;
}
