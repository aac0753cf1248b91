import { EmptyOperator, type XComArg, chain, task, task_group } from "fanout";
import { describe, expect, it } from "vitest";
import { referenceOf } from "../../runtime/src/authoring/brand.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";
import { add, declare, loose, notify, numbers, refusal, total } from "../authoring/declare.js";

const step = (task_id: string): EmptyOperator => new EmptyOperator({ task_id });
const one = task({ task_id: "one" }, () => 1);
const dicts = task({ task_id: "dicts" }, () => [{ x: 1, y: 2 }]);
const report = task({ task_id: "report" }, () => ({ rows: [1] }));
const summed = task_group({ group_id: "g" }, ({ x, y }: { x: XComArg<number>; y: XComArg<number> }) => add({ x, y }));
const stepped = task_group({ group_id: "g" }, ({ x }: { x: XComArg<number> }) => {
  chain(step("a"), step("b"));
  add({ x, y: 1 });
});

const edges = ({ edges: drawn }: DagDeclaration): string[] => drawn.map(({ from, to }) => `${from} > ${to}`);
const inputsOf = (declaration: DagDeclaration, task_id: string): unknown => {
  const inputs = declaration.tasks.find((each) => each.task_id === task_id)?.inputs ?? {};
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, referenceOf(value) ?? value]));
};
const argument = (name: string, key: string | null = null): object => ({
  ...{ type: "mapped_argument", group_id: "g", name, key },
});

describe("§2.13 the body of a mapped group", () => {
  it("runs once, with a placeholder for what is mapped and the values that partial gave", () => {
    let runs = 0;
    const body = ({ x, y }: { x: XComArg<number>; y: XComArg<number> }): unknown => {
      runs++;
      return add({ x, y });
    };
    const declaration = declare(
      () =>
        void task_group({ group_id: "g" }, body)
          .partial({ y: 5 })
          .expand({ x: [1, 2] }),
    );
    expect(runs).toBe(1);
    expect(inputsOf(declaration, "g.add")).toEqual({ x: argument("x"), y: 5 });
    expect(declaration.groups[0]?.mapping).toEqual({ kind: "expand", inputs: { x: [1, 2] } });
    expect(declaration.tasks[0]?.mapping).toBeNull();
  });

  it("gets placeholders of expand_kwargs for every input that partial does not give, default or not", () => {
    const body = ({ x, y = one() }: { x: XComArg<number>; y?: XComArg<number> }): unknown => add({ x, y });
    const group = task_group({ group_id: "g" }, body as never);
    const whole = declare(() => void loose(group).expand_kwargs([{ x: 1 }]));
    expect(inputsOf(whole, "g.add")).toEqual({ x: argument("x"), y: argument("y") });
    expect(whole.tasks.map(({ task_id }) => task_id)).toEqual(["g.add"]);
    const given = declare(() => void loose(group).partial({ x: 1 }).expand_kwargs(dicts()));
    expect(inputsOf(given, "g.add")).toEqual({ x: 1, y: argument("y") });
  });

  it("can take an entry of a placeholder", () => {
    const pick = task_group({ group_id: "g" }, ({ pair }: { pair: XComArg<{ left: number }> }) =>
      add({ x: pair.get("left"), y: 1 }),
    );
    const declaration = declare(() => void pick.expand({ pair: [{ left: 1 }] }));
    expect(inputsOf(declaration, "g.add")).toEqual({ x: argument("pair", "left"), y: 1 });
  });

  it("gives what it returns, which stands for the results of all instances", () => {
    const declaration = declare(() => {
      const results: XComArg<number[]> = summed.partial({ y: 1 }).expand({ x: numbers() });
      total({ values: results });
    });
    expect(inputsOf(declaration, "total")).toEqual({ values: { type: "task", task_id: "g.add", key: null } });
  });

  it("gives dicts and lists of results as they are, and the group where it returns nothing", () => {
    const both = task_group({ group_id: "both" }, ({ x }: { x: XComArg<number> }) => ({
      sum: add({ x, y: 1 }),
      rest: [add({ x, y: 2 })],
    }));
    const declaration = declare(() => {
      const { sum, rest } = both.expand({ x: [1] });
      total({ values: sum });
      for (const each of rest) total({ values: each });
      chain(stepped.expand({ x: [1] }), step("after"));
    });
    expect(edges(declaration)).toEqual([
      ...["both.add > total", "both.add__1 > total__1", "g.a > g.b", "g.b > after", "g.add > after"],
    ]);
  });

  it("is called again under a number of its own, and with other options", () => {
    const declaration = declare(() => {
      summed.partial({ y: 1 }).expand({ x: [1] });
      summed.partial({ y: 1 }).expand({ x: [1, 2] });
      summed.override({ group_id: "other", default_args: { retries: 3 } }).expand({ x: [1], y: [2, 3] });
      summed({ x: 1, y: 2 });
    });
    expect(declaration.tasks.map(({ task_id, retries }) => [task_id, retries])).toEqual([
      ...[
        ["g.add", 0],
        ["g__1.add", 0],
        ["other.add", 3],
        ["g__2.add", 0],
      ],
    ]);
    expect(declaration.groups.map(({ mapping }) => mapping && Object.keys(mapping.inputs))).toEqual([
      ...[["x"], ["x"], ["x", "y"], null],
    ]);
  });
});

describe("§2.8 what a mapped group waits for", () => {
  it("its sources come before its first tasks, and before those that get something of it", () => {
    const declaration = declare(() => void stepped.expand({ x: numbers() }));
    expect(edges(declaration)).toEqual(["g.a > g.b", "numbers > g.add", "numbers > g.a"]);
  });

  it("all sources do, at any depth, wherever they are given", () => {
    const declaration = declare(() => {
      const left = one();
      summed.expand({ x: numbers().zip(one()) as never, y: [left, 1] });
    });
    expect(edges(declaration)).toEqual(["numbers > g.add", "one__1 > g.add", "one > g.add"]);
  });

  it("what partial gives comes before the tasks that take it", () => {
    const declaration = declare(() => {
      const group = task_group({ group_id: "g" }, ({ x, y }: { x: XComArg<number>; y: XComArg<number> }) => {
        chain(step("a"), add({ x, y }));
      });
      group.partial({ y: one() }).expand({ x: [1] });
    });
    expect(edges(declaration)).toEqual(["one > g.add", "g.a > g.add"]);
  });
});

describe("§3 the model of a mapped group", () => {
  it("says over what it is mapped", () => {
    const model = toModel(
      declare(() => {
        const tens = add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
        summed.expand({ x: tens, y: { a: 1, b: 2 } as never });
        summed.expand_kwargs(dicts());
      }),
    );
    expect(model.groups.map(({ mapping }) => mapping)).toEqual([
      {
        kind: "expand",
        inputs: [
          { name: "x", source: { type: "xcom", upstream: ["add"], length: 3 } },
          { name: "y", source: { type: "literal", length: 2 } },
        ],
      },
      { kind: "expand_kwargs", inputs: [{ name: "kwargs", source: { type: "xcom", upstream: ["dicts"] } }] },
    ]);
  });
});

describe("§3.6 what a mapped group refuses", () => {
  type Row = [name: string, code: string, body: () => unknown];
  const inside = (body: (x: never) => unknown): unknown =>
    loose(task_group({ group_id: "outer" }, ({ x }: { x: XComArg<number> }) => body(x as never))).expand({
      x: numbers(),
    });
  const rows: Row[] = [
    ["DTM101: nothing to expand over", "empty-expand", () => loose(stepped).expand({})],
    ["DTM201: an input that is none", "unknown-parameter", () => loose(stepped).expand({ z: [1] })],
    ["DTM201: the same of partial", "unknown-parameter", () => loose(stepped).partial({ z: 1 })],
    ["DTM201: an option as an input", "unknown-parameter", () => loose(stepped).expand({ x: [1], pool: ["p"] })],
    ["DTM203: what is no list", "not-mappable", () => loose(stepped).expand({ x: 5 })],
    ["DTM518: a group that returns nothing", "not-mappable", () => loose(stepped).expand({ x: notified() })],
    [
      "DTM206: an input that partial gave",
      "partial-and-expand",
      () =>
        loose(summed)
          .partial({ x: 1 })
          .expand({ x: [1] }),
    ],
    ["DTM112: a partial that is not expanded", "never-expanded", () => summed.partial({ x: 1 })],
    ["DTM301: kwargs that are no list", "not-mappable", () => loose(summed).expand_kwargs({ x: 1 })],
    ["DTM302: kwargs that are no dicts", "not-mappable", () => loose(summed).expand_kwargs([1])],
    [
      "DTM304: a body that takes its inputs as one object",
      "invalid-argument",
      () =>
        loose(task_group({ group_id: "g" }, (all: { x: XComArg<number> }) => add({ x: all.x, y: 1 }))).expand_kwargs([
          { x: 1 },
        ]),
    ],
    [
      "DTM304: a body with a rest",
      "invalid-argument",
      () =>
        loose(task_group({ group_id: "g" }, ({ x, ...rest }: { x: XComArg<number> }) => [x, rest])).expand_kwargs([
          { x: 1 },
        ]),
    ],
    ["DTM405: an entry", "entry-not-mappable", () => loose(stepped).expand({ x: report().get("rows") })],
    ["DTM502: a mapped task in it", "nested-mapping", () => inside(() => add.partial({ y: 1 }).expand({ x: [1] }))],
    [
      "DTM502: a mapped task over what it gets",
      "nested-mapping",
      () => inside((x) => add.partial({ y: 1 }).expand({ x })),
    ],
    ["DTM502: expand_kwargs in it", "nested-mapping", () => inside(() => add.expand_kwargs([{ x: 1, y: 1 }]))],
    [
      "DTM502: a mapped task in a group in it",
      "nested-mapping",
      () => inside(() => task_group({ group_id: "i" }, () => add.partial({ y: 1 }).expand({ x: [1] }))()),
    ],
    ["DTM503: a mapped group over what it gets", "nested-mapping", () => inside((x) => stepped.expand({ x }))],
    ["DTM504: a mapped group over a list", "nested-mapping", () => inside(() => stepped.expand({ x: [1] }))],
    [
      "DTM506: over the result of a task in it",
      "nested-mapping",
      () => inside(() => add.partial({ y: 1 }).expand({ x: numbers() })),
    ],
    [
      "DTM505: a task over its results",
      "map-over-mapped-group",
      () => add.partial({ y: 1 }).expand({ x: summed.partial({ y: 1 }).expand({ x: [1] }) }),
    ],
    [
      "DTM505: kwargs of its results",
      "map-over-mapped-group",
      () => loose(add).expand_kwargs([summed.partial({ y: 1 }).expand({ x: [1] })]),
    ],
    [
      "DTM505: through map, zip and concat",
      "map-over-mapped-group",
      () => {
        const results = summed.partial({ y: 1 }).expand({ x: [1] });
        loose(add).expand({ x: [1], y: numbers().zip(results.map((x) => x).concat(numbers())) });
      },
    ],
    [
      "DTM505: a group over its results",
      "map-over-mapped-group",
      () => loose(stepped).expand({ x: summed.partial({ y: 1 }).expand({ x: [1] }) }),
    ],
    ["DTM509: always in it", "always-with-mapping", () => inside(() => notify.override({ trigger_rule: "always" })())],
    ["map() of a placeholder", "nested-mapping", () => inside((x: XComArg<number[]>) => x.map((item) => item))],
    ["zip() with a placeholder", "nested-mapping", () => inside((x) => numbers().zip(x))],
    ["concat() of a placeholder", "nested-mapping", () => inside((x: XComArg<number[]>) => x.concat(numbers()))],
    [
      "map() of an entry of a placeholder",
      "nested-mapping",
      () => inside((x: XComArg<{ a: number[] }>) => x.get("a").map((item) => item)),
    ],
    ["an entry of an entry", "invalid-argument", () => inside((x: XComArg<{ a: { b: 1 } }>) => x.get("a").get("b"))],
    ["DTM411: a loop over a placeholder", "invalid-argument", () => inside((x) => [...(x as number[])])],
    ["DTM513: a placeholder in a text", "invalid-argument", () => inside((x) => `${String(x)}`)],
    ["DTM513: arithmetic with a placeholder", "invalid-argument", () => inside((x) => (x as number) + 1)],
    ["waiting for a placeholder", "invalid-argument", () => inside((x) => chain(step("a"), x))],
    [
      "a placeholder after its body",
      "invalid-argument",
      () => {
        const kept: XComArg<number>[] = [];
        task_group({ group_id: "g" }, ({ x }: { x: XComArg<number> }) => void kept.push(x)).expand({ x: [1] });
        for (const x of kept) add({ x, y: 1 });
      },
    ],
  ];
  const notified = task_group({ group_id: "n" }, () => void notify());

  it.each(rows)("%s: %s", (_name, code, body) => expect(refusal(() => void body())).toBe(code));

  it("DTM516: being called outside of a DAG", () => {
    expect(() => stepped.expand({ x: [1] })).toThrow(expect.objectContaining({ code: "outside-dag" }));
  });

  it("says where: the call that is wrong", () => {
    const at = (body: () => unknown): unknown => {
      try {
        declare(() => void body());
      } catch (error) {
        return (error as { at?: { file: string } }).at?.file;
      }
      return undefined;
    };
    expect(at(() => stepped.expand({} as never))).toContain("mappedGroups.test.ts");
    expect(at(() => inside(() => add.partial({ y: 1 }).expand({ x: [1] })))).toContain("mappedGroups.test.ts");
  });
});

describe("§2.13 what a mapped group allows", () => {
  it.each([
    ["reducing its results", () => total({ values: summed.partial({ y: 1 }).expand({ x: [1] }) })],
    [
      "its results in a list that is mapped over",
      () => loose(total).expand({ values: [summed.partial({ y: 1 }).expand({ x: [1] })] }),
    ],
    [
      "an un-mapped group inside",
      () =>
        task_group({ group_id: "outer" }, ({ x }: { x: XComArg<number> }) => summed({ x, y: 1 })).expand({ x: [1] }),
    ],
    [
      "standing in an un-mapped group",
      () => task_group({ group_id: "outer" }, () => stepped.expand({ x: numbers() }))(),
    ],
    ["a mapped task after it", () => [stepped.expand({ x: [1] }), add.partial({ y: 1 }).expand({ x: [1] })]],
    ["a dict", () => loose(stepped).expand({ x: { a: 1 } })],
    ["no values at all", () => stepped.expand({ x: [] })],
  ])("%s", (_name, body) => expect(refusal(() => void body())).toBe("none"));
});
