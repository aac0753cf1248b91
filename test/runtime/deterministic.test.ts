import { describe, expect, it } from "vitest";
import { chain, task, task_group } from "../../runtime/src/index.js";
import type { XComArg } from "../../runtime/src/index.js";
import { disagreement } from "../../runtime/src/pool/workerErrors.js";
import { buildPlan } from "../../runtime/src/worker/buildPlan.js";
import { declare } from "../authoring/declare.js";

const one = task({ task_id: "one" }, ({ x }: { x: unknown }) => x);
const two = task({ task_id: "two" }, ({ x, y }: { x: unknown; y?: string }) => [x, y]);
const both = task_group({ group_id: "both" }, ({ x }: { x: XComArg<number> }) => {
  two({ x: one({ x }) });
});

/** Bodies that depend on which execution it is, and the task at which their graphs first differ. */
const bodies: readonly [string, string, (execution: number) => void][] = [
  ["an id", "one_1", (n) => one.override({ task_id: `one_${n}` })({ x: 1 })],
  ["a task more", "two", (n) => (n === 1 ? one({ x: 1 }) : chain(one({ x: 1 }), two({ x: 1 })))],
  ["a task less", "two", (n) => (n === 2 ? one({ x: 1 }) : chain(one({ x: 1 }), two({ x: 1 })))],
  ["an edge", "two", (n) => (n === 1 ? [one({ x: 1 }), two({ x: 1 })] : two({ x: one({ x: 1 }) }))],
  ["the length of a list", "one", (n) => one.expand({ x: Array.from({ length: n }, () => 0) })],
  ["a value of a list", "one", (n) => one.expand({ x: [n] })],
  ["the keys of a dict", "one", (n) => one.expand_kwargs([n === 1 ? { x: 1 } : { x: 2 }])],
  ["an option", "two", (n) => [one({ x: 1 }), two.override({ retries: n })({ x: 1 })]],
  ["a template of names", "one", (n) => one.override({ map_index_template: `{{ ${n} }}` }).expand({ x: [1] })],
  ["the values of a mapped group", "both.one", (n) => both.expand({ x: [n] })],
  ["the id of a group", "both_1.one", (n) => both.override({ group_id: `both_${n}` }).expand({ x: [1] })],
  ["a group that is mapped or not", "both.one", (n) => (n === 1 ? both.expand({ x: [1] }) : both({ x: 1 }))],
  ["the order of tasks", "one", (n) => (n === 1 ? [one({ x: 1 }), two({ x: 1 })] : [two({ x: 1 }), one({ x: 1 })])],
];

describe("a graph that differs between two executions", () => {
  it.each(bodies)("in %s is told by the node %s", (_, task_id, body) => {
    const [first, second] = [1, 2].map((execution) => buildPlan(declare(() => void body(execution))));
    if (!first || !second) throw new Error("no plan");
    const error = disagreement(first, second);
    expect(error?.code).toBe("graph-not-deterministic");
    expect(error?.message).toContain(`'${task_id}'`);
    expect(error?.at?.file).toBe(import.meta.filename);
    expect(error?.at?.line).toBeGreaterThan(8);
  });

  it("in nothing but values that all instances share is none: they may hold the time", () => {
    const [first, second] = [1, 2].map((n) =>
      buildPlan(declare(() => two.partial({ y: `{{ ds }} ${String(n)}` }).expand({ x: [1] }))),
    );
    expect(first && second && disagreement(first, second)).toBeNull();
  });
});
