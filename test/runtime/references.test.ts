import { describe, expect, it } from "vitest";
import type { Reference } from "../../runtime/src/authoring/declaration.js";
import { scopeOf } from "../../runtime/src/worker/inputs.js";
import { ReferenceReader } from "../../runtime/src/worker/references.js";

const ROWS = 100_000;

/** Two mapped tasks with 100,000 results each, and what was read of them. */
function reader() {
  const read: [number, number][] = [];
  const results = {
    textRead: 0,
    single: () => null,
    parsed: () => null,
    pushed: () => [],
    at: () => null,
    pushedAt: () => undefined,
    row: (task: number, position: number) => {
      read.push([task, position]);
      return JSON.stringify({ task, position });
    },
  };
  const references = new ReferenceReader(
    results,
    (task_id) => ["a", "b"].indexOf(task_id),
    () => null,
  );
  const facts = {
    count: null,
    rows: { 0: ROWS, 1: ROWS },
    own: [],
    isMappingSource: false,
    isEarly: false,
    baseTries: [],
  };
  const scope = scopeOf(facts, -1);
  const items = (reference: Reference) => references.items(reference, scope);
  return { read, items, value: (reference: Reference) => references.value(reference, scope) as unknown[] };
}

const a: Reference = { type: "task", task_id: "a", key: null };
const b: Reference = { type: "task", task_id: "b", key: null };

describe("references over 100,000 results", () => {
  it("read only the items that are asked for", () => {
    const { read, items } = reader();
    const both: Reference = { type: "concat", of: [a, { type: "map", of: b, fn: (item: unknown) => [item] }] };
    expect(items(both).length).toBe(2 * ROWS);
    expect(items(both).at(2 * ROWS - 1)).toEqual([{ task: 1, position: ROWS - 1 }]);
    const pairs = items({ type: "zip", of: [a, both], fillvalue: null });
    expect(pairs.length).toBe(2 * ROWS);
    expect(pairs.at(ROWS)).toEqual([null, [{ task: 1, position: 0 }]]);
    expect(read).toEqual([
      [1, ROWS - 1],
      [1, 0],
    ]);
  });

  it("stay lazy where a task receives them", () => {
    const { read, value } = reader();
    const list = value({ type: "zip", of: [{ type: "concat", of: [a, b] }, b] });
    expect([Array.isArray(list), list.length, read.length]).toEqual([true, ROWS, 0]);
    expect(list.at(-1)).toEqual([
      { task: 0, position: ROWS - 1 },
      { task: 1, position: ROWS - 1 },
    ]);
    expect(read).toHaveLength(2);
  });
});
