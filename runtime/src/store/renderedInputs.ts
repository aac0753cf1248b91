import { isMapped, mappedGroupOf, positionsOf } from "#core/model/graph.js";
import type { DagModel, TaskNode } from "#core/model/dag.js";
import { type DescribedReference, RESULT_MARKER, UNKNOWN_INPUTS } from "../engine/resultMarker.js";
import type { InstanceRow, RunStore, TaskRow } from "./runStore.js";

/** Results that a reduce received: so many are shown. */
const SHOWN_RESULTS = 1000;

/**
 * The inputs that an instance received: the shared ones and its own, with results put where their markers are. Null where
 * nobody knows them: the shared ones alone may be templates, and are not what it received.
 */
export function renderedInputs(store: RunStore, task: TaskRow, row: InstanceRow): Record<string, unknown> | null {
  if (row.start === null || row.inputs === UNKNOWN_INPUTS || task.inputs === null) return null;
  const results = new ShownResults(store, row);
  const fill = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(fill);
    if (RESULT_MARKER in value) return results.shown(value[RESULT_MARKER] as DescribedReference);
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fill(inner)]));
  };
  const shared = fill(JSON.parse(task.inputs)) as Record<string, unknown>;
  const own = row.inputs === null ? {} : (fill(JSON.parse(row.inputs)) as Record<string, unknown>);
  return { ...shared, ...own };
}

interface ShownList {
  readonly length: number;
  /** The first of the items. */
  readonly items: readonly unknown[];
}

/** What references stood for, as far as it can be shown without running the person's code again. */
class ShownResults {
  readonly #model: DagModel;
  readonly #positions: ReadonlyMap<string, number>;

  constructor(
    readonly store: RunStore,
    /** The instance that received them. */
    readonly row: Pick<InstanceRow, "task" | "map_index">,
  ) {
    this.#model = store.run().model;
    this.#positions = positionsOf(this.#model);
  }

  shown(reference: DescribedReference): unknown {
    if (typeof reference === "object" && "get" in reference) return this.#entry(reference.get, reference.key);
    const list = this.#list(reference);
    if (list === null) return typeof reference === "string" ? this.#single(reference) : null;
    const more = list.length - list.items.length;
    return more > 0 ? [...list.items, `… ${String(more)} more`] : list.items;
  }

  /** Null where it is no list. */
  #list(reference: DescribedReference): ShownList | null {
    if (typeof reference === "string") return this.#results(reference);
    if ("get" in reference || "argument" in reference) return null;
    if ("map" in reference) {
      const list = this.#list(reference.map);
      return list && { length: list.length, items: list.items.map((item) => `map() of ${JSON.stringify(item)}`) };
    }
    const parts = ("zip" in reference ? reference.zip : reference.concat).map((part) => this.#list(part));
    if (!parts.every((part) => part !== null)) return null;
    return "zip" in reference ? zipped(parts, reference) : concatenated(parts);
  }

  #results(task_id: string): ShownList | null {
    const position = this.#positions.get(task_id);
    if (position === undefined) return null;
    const node = this.#model.tasks[position];
    if (node && (!isMapped(node, this.#model) || this.#isBeside(node))) {
      const value = this.#single(task_id);
      return Array.isArray(value) ? { length: value.length, items: value } : null;
    }
    const { texts, count } = this.store.firstResults(position, SHOWN_RESULTS);
    return { length: count, items: texts.map((text) => JSON.parse(text) as unknown) };
  }

  #single(task_id: string): unknown {
    const position = this.#positions.get(task_id);
    const node = this.#model.tasks[position ?? -1];
    const map_index = node && this.#isBeside(node) ? this.row.map_index : -1;
    const text = position === undefined ? null : (this.store.instance(position, map_index)?.xcom ?? null);
    return text === null ? null : JSON.parse(text);
  }

  /** True where it stands in the same mapped group: then the instance got what that of its own index returned. */
  #isBeside(node: TaskNode): boolean {
    const own = this.#model.tasks[this.row.task];
    const group = own ? mappedGroupOf(this.#model, own) : null;
    return group !== null && mappedGroupOf(this.#model, node) === group;
  }

  #entry(task_id: string, key: string): unknown {
    const value = this.#single(task_id);
    return typeof value === "object" && value !== null ? ((value as Record<string, unknown>)[key] ?? null) : null;
  }
}

function zipped(parts: readonly ShownList[], zip: { readonly fillvalue?: unknown }): ShownList {
  const lengths = parts.map((part) => part.length);
  const length = "fillvalue" in zip ? Math.max(...lengths) : Math.min(...lengths);
  const item = (part: ShownList, index: number): unknown => (index < part.length ? part.items[index] : zip.fillvalue);
  const items = Array.from({ length: Math.min(length, SHOWN_RESULTS) }, (_, index) =>
    parts.map((part) => item(part, index)),
  );
  return { length, items };
}

function concatenated(parts: readonly ShownList[]): ShownList {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const items: unknown[] = [];
  for (const part of parts) {
    items.push(...part.items.slice(0, SHOWN_RESULTS - items.length));
    // What stands behind results that are not shown cannot be shown in its place.
    if (items.length >= SHOWN_RESULTS || part.items.length < part.length) break;
  }
  return { length, items };
}
