import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DagModel, MODEL_VERSION } from "#core/model/dag.js";
import { drawGraph } from "../../runtime/src/cli/svg/drawGraph.js";
import { type Box, layOut } from "../../runtime/src/cli/svg/layout.js";

const span = { file: "/project/a.dag.ts", line: 1, column: 1 };

interface Sketch {
  readonly names: readonly string[];
  /** By task: the group's number, or none. */
  readonly groupOf: readonly number[];
  /** By group: the number of a group before it, or none. */
  readonly parentOf: readonly number[];
  readonly edges: readonly (readonly [number, number])[];
  readonly lengths: readonly (number | null)[];
}

function modelOf({ names, groupOf, parentOf, edges, lengths }: Sketch): DagModel {
  const groupId = (index: number | undefined, below: number) =>
    index !== undefined && index < below ? `group ${index}` : null;
  const ids = names.map((name, index) => `${name}-${index}`);
  const tasks = ids.map((task_id, index) => {
    const length = lengths[index] ?? null;
    const mapping = { kind: "expand", inputs: [{ name: "x", source: { type: "literal", length } }] } as const;
    return {
      ...{ task_id, operator: "task", trigger_rule: "all_success", span },
      group_id: groupId(groupOf[index], parentOf.length),
      mapping: length === null ? null : mapping,
      certainty: index % 5 === 4 ? "maybe" : "exact",
    } as const;
  });
  const groups = parentOf.map((parent, index) => ({
    ...{ group_id: `group ${index}`, parent_id: groupId(parent, index), mapping: null, span },
  }));
  return {
    ...{ modelVersion: MODEL_VERSION, origin: "read", dag_id: "drawn", schedule: null, tags: [], unresolved: [], span },
    ...{ tasks, groups },
    edges: edges.map(([from, to]) => ({ from: ids[from] ?? "nobody", to: ids[to] ?? "nobody" })),
  } as DagModel;
}

const index = fc.nat(12);
const sketch: fc.Arbitrary<Sketch> = fc.record({
  names: fc.array(fc.string({ unit: "binary", maxLength: 80 }), { maxLength: 10 }),
  groupOf: fc.array(index, { maxLength: 10 }),
  parentOf: fc.array(index, { maxLength: 4 }),
  edges: fc.array(fc.tuple(index, index), { maxLength: 15 }),
  lengths: fc.array(fc.option(fc.nat(2000)), { maxLength: 10 }),
});

const overlaps = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

const holds = (outer: Box, inner: Box) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

describe("a drawn graph", () => {
  test("keeps tasks apart, and in the frames of their groups", () => {
    fc.assert(
      fc.property(sketch, (given) => {
        const { tasks, groups, edges } = layOut(modelOf(given));
        expect(tasks).toHaveLength(given.names.length);
        for (const [at, one] of tasks.entries()) {
          for (const other of tasks.slice(at + 1)) expect(overlaps(one.box, other.box)).toBe(false);
          const group = groups.find((each) => each.group.group_id === one.task.group_id);
          if (one.task.group_id !== null) expect(group && holds(group.box, one.box)).toBe(true);
        }
        const inGroups = groups.filter(({ group }) => group.parent_id !== null);
        for (const { group, box } of inGroups) {
          const parent = groups.find((each) => each.group.group_id === group.parent_id);
          expect(parent && holds(parent.box, box)).toBe(true);
        }
        for (const points of edges) expect(points.length).toBeGreaterThan(1);
      }),
    );
  });

  test("is well-formed whatever a task is named", () => {
    fc.assert(
      fc.property(sketch, (given) => {
        const svg = drawGraph(modelOf(given));
        const open: string[] = [];
        for (const [, close, name = "", , selfClosing] of svg.matchAll(
          /<(\/?)(\w+)((?:\s+[\w:-]+="[^"<]*")*)(\/?)>/g,
        )) {
          if (close === "/") expect(open.pop()).toBe(name);
          else if (selfClosing === "") open.push(name);
        }
        expect(open).toEqual([]);
        expect(svg.replace(/<[^<>]*>/g, "")).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#10;)/);
        expect(svg).not.toMatch(/NaN|undefined|Infinity|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(svg.match(/<path class="edge"/g)?.length ?? 0).toBe(layOut(modelOf(given)).edges.length);
      }),
    );
  });

  test("shows marks of mappings, and double sides", () => {
    const names = ["list", "<add>"];
    const model = modelOf({ names, groupOf: [], parentOf: [], edges: [[0, 1]], lengths: [null, 3] });
    const svg = drawGraph(model);
    expect([...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual(["list-0", "&lt;add&gt;-1 [3]"]);
    expect(svg.match(/<path class="task"/g)).toHaveLength(2);
  });

  test("has room for a DAG without tasks", () => {
    expect(drawGraph(modelOf({ names: [], groupOf: [], parentOf: [0], edges: [], lengths: [] }))).toContain(
      'viewBox="',
    );
  });
});
