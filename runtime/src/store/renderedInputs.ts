import { RESULT_MARKER } from "../engine/resultMarker.js";
import type { InstanceRow, RunStore, TaskRow } from "./runStore.js";

/** Results that a reduce received: so many are shown. */
const SHOWN_RESULTS = 1000;

/** The inputs that an instance received: the shared ones and its own, with results put where their markers are. */
export function renderedInputs(store: RunStore, task: TaskRow, row: InstanceRow): Record<string, unknown> | null {
  if (row.start === null || task.inputs === null) return null;
  const positions = new Map(store.run().model.tasks.map((node, position) => [node.task_id, position]));
  const fill = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(fill);
    if (RESULT_MARKER in value) return resultOf(store, positions.get(String(value[RESULT_MARKER])));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]));
  };
  const shared = fill(JSON.parse(task.inputs)) as Record<string, unknown>;
  const own = row.inputs === null ? {} : (fill(JSON.parse(row.inputs)) as Record<string, unknown>);
  return { ...shared, ...own };
}

function resultOf(store: RunStore, position: number | undefined): unknown {
  if (position === undefined) return null;
  const isMapped = store.run().model.tasks[position]?.mapping !== null;
  if (!isMapped) {
    const text = store.instance(position, -1)?.xcom ?? null;
    return text === null ? null : JSON.parse(text);
  }
  const rows = store.instances(position).filter((row) => row.xcom !== null);
  const shown = rows.slice(0, SHOWN_RESULTS).map((row) => JSON.parse(row.xcom ?? "null") as unknown);
  const more = rows.length - shown.length;
  return more > 0 ? [...shown, `… ${String(more)} more`] : shown;
}
