import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DagModel, MapSource } from "#core/model/dag.js";
import {
  ancestors,
  countLabel,
  cycles,
  descendants,
  enclosingGroups,
  graphMark,
  isMapped,
  leaves,
  mapCount,
  roots,
  tasksInGroup,
  topologicalOrder,
} from "#core/model/graph.js";
import { group, mapped, model, task } from "../webview/support/models.js";

const diamond = model([task("a"), task("b"), task("c"), task("d")], ["a > b", "a > c", "b > d", "c > d"]);

describe("order and reach", () => {
  test("a diamond", () => {
    expect(topologicalOrder(diamond)).toEqual(["a", "b", "c", "d"]);
    expect(cycles(diamond)).toEqual([]);
    expect([roots(diamond), leaves(diamond)]).toEqual([["a"], ["d"]]);
    expect(ancestors(diamond, "d")).toEqual(["a", "b", "c"]);
    expect(descendants(diamond, "b")).toEqual(["d"]);
    expect(descendants(diamond, "unknown")).toEqual([]);
  });

  test("a cycle is told as a path along its edges; what hangs behind it has no place in the order", () => {
    const knot = model(
      [task("start"), task("x"), task("y"), task("z"), task("end"), task("self")],
      ["start > x", "x > y", "y > z", "z > x", "z > end", "self > self"],
    );
    expect(cycles(knot)).toEqual([["x", "y", "z"], ["self"]]);
    expect(topologicalOrder(knot)).toEqual(["start"]);
    expect(descendants(knot, "x")).toEqual(["y", "z", "end"]);
  });

  test("of two ways round, the shorter is told", () => {
    const knot = model([task("a"), task("b"), task("c")], ["a > b", "b > c", "c > a", "b > a"]);
    expect(cycles(knot)).toEqual([["a", "b"]]);
  });

  test("edges that name unknown tasks are ignored", () => {
    const broken = model([task("a")], ["a > ghost", "ghost > a"]);
    expect([topologicalOrder(broken), cycles(broken), leaves(broken)]).toEqual([["a"], [], ["a"]]);
  });

  test("tasks with the same id are one", () => {
    const twice = model([task("a"), task("b"), task("a")], ["a > b", "a > b"]);
    expect([topologicalOrder(twice), roots(twice), descendants(twice, "a")]).toEqual([["a", "b"], ["a"], ["b"]]);
  });

  test("a chain of 20,000 tasks does not overflow the stack", () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `t${index}`);
    const edges = ids.slice(1).map((id, index) => `t${index} > ${id}`);
    const chain = model(
      ids.map((id) => task(id)),
      [...edges, "t19999 > t0"],
    );
    expect(cycles(chain)).toEqual([ids]);
    expect(topologicalOrder(chain)).toEqual([]);
  });
});

/** Up to 12 tasks and any edges between them; with `forward` none can close a cycle. */
function graphs(forward: boolean): fc.Arbitrary<DagModel> {
  return fc.integer({ min: 1, max: 12 }).chain((size) => {
    const index = fc.nat(size - 1);
    return fc.array(fc.tuple(index, index), { maxLength: 30 }).map((pairs) => {
      const usable = forward ? pairs.filter(([from, to]) => from < to) : pairs;
      const tasks = Array.from({ length: size }, (_, at) => task(`t${at}`));
      return model(
        tasks,
        usable.map(([from, to]) => `t${from} > t${to}`),
      );
    });
  });
}

describe("properties of any graph", () => {
  test("without cycles, every task comes after all that must run before it", () => {
    fc.assert(
      fc.property(graphs(true), (dag) => {
        const order = topologicalOrder(dag);
        expect([...order].sort()).toEqual(dag.tasks.map((each) => each.task_id).sort());
        for (const { from, to } of dag.edges) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
        expect(cycles(dag)).toEqual([]);
      }),
    );
  });

  test("every cycle told is one, and there is one exactly where the order is incomplete", () => {
    fc.assert(
      fc.property(graphs(false), (dag) => {
        const told = cycles(dag);
        for (const cycle of told) {
          for (const [at, id] of cycle.entries()) {
            const next = cycle[(at + 1) % cycle.length];
            expect(dag.edges.some(({ from, to }) => from === id && to === next)).toBe(true);
          }
        }
        expect(told.length > 0).toBe(topologicalOrder(dag).length < dag.tasks.length);
      }),
    );
  });

  test("ancestors and descendants are each other's mirror", () => {
    fc.assert(
      fc.property(graphs(false), (dag) => {
        for (const { task_id } of dag.tasks) {
          for (const below of descendants(dag, task_id)) expect(ancestors(dag, below)).toContain(task_id);
        }
      }),
    );
  });
});

describe("groups", () => {
  const grouped = model([task("outer.inner.a", { group_id: "outer.inner" }), task("b")], [], {
    groups: [group("outer"), group("outer.inner", "outer")],
  });

  test("a task's groups, innermost first, and a group's tasks at any depth", () => {
    expect(enclosingGroups(grouped, "outer.inner").map((each) => each.group_id)).toEqual(["outer.inner", "outer"]);
    expect(tasksInGroup(grouped, "outer")).toEqual(["outer.inner.a"]);
  });

  test("groups that contain each other do not hang", () => {
    const circular = model([task("a", { group_id: "x" })], [], { groups: [group("x", "y"), group("y", "x")] });
    expect(enclosingGroups(circular, "x")).toHaveLength(2);
  });
});

describe("how many instances", () => {
  const literal = (length: number): MapSource => ({ type: "literal", length });
  const from = (...upstream: string[]): MapSource => ({ type: "xcom", upstream });

  test.each<[string, readonly MapSource[], string, string]>([
    ["one list", [literal(3)], "[3]", "[3]"],
    ["a cross product", [literal(3), literal(4)], "[3×4=12]", "[12]"],
    ["an upstream list", [from("list_files")], "[from list_files]", "[ ]"],
    ["two upstream lists, zipped", [from("a", "b")], "[from a, b]", "[ ]"],
    ["a list and an upstream list", [literal(2), from("list_files")], "[2×from list_files]", "[ ]"],
    ["the same upstream twice", [from("a"), from("a")], "[from a]", "[ ]"],
    ["an upstream of known length", [{ type: "xcom", upstream: ["a"], length: 5 }], "[5]", "[5]"],
    ["an empty list", [literal(0)], "[0]", "[0]"],
    ["an empty list beside an unknown one", [literal(0), from("a")], "[0]", "[0]"],
    ["what reading could not decide", [{ type: "unresolved" }], "[ ]", "[ ]"],
    ["partly undecided", [from("a"), { type: "unresolved" }], "[ ]", "[ ]"],
    ["no inputs that could be read", [], "[ ]", "[ ]"],
  ])("%s", (_what, sources, label, mark) => {
    const add = mapped("add", sources);
    const count = mapCount(add, model([add]));
    if (count === null) throw new Error("a mapped task has a count");
    expect([countLabel(count), graphMark(count)]).toEqual([label, mark]);
    expect(graphMark(count, 7)).toBe("[7]");
  });

  test("a task that is not mapped has none", () => {
    expect(mapCount(task("a"), diamond)).toBeNull();
    expect(isMapped(task("a"), diamond)).toBe(false);
  });

  test("a mapped group multiplies its tasks, before their own inputs", () => {
    const mapping = { kind: "expand", inputs: [{ name: "region", source: literal(2) }] } as const;
    const inner = mapped("regions.load", [literal(5)], { group_id: "regions" });
    const plain = task("regions.report", { group_id: "regions" });
    const dag = model([inner, plain], [], { groups: [{ group_id: "regions", parent_id: null, mapping }] });
    expect(mapCount(inner, dag)).toEqual({ type: "known", count: 10, factors: [2, 5] });
    expect(mapCount(plain, dag)).toEqual({ type: "known", count: 2, factors: [2] });
  });
});
