import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { lazyList } from "../../runtime/src/worker/lazyList.js";
import { Results } from "../../runtime/src/worker/results.js";
import { runDag } from "./support/project.js";

describe("lazyList", () => {
  const make = (length = 5) => {
    const read: number[] = [];
    const list = lazyList(length, (index) => {
      read.push(index);
      return { index };
    }) as { index: number }[];
    return { list, read };
  };

  it("is an array to everything that asks", () => {
    const { list } = make();
    expect(Array.isArray(list)).toBe(true);
    expect(list.length).toBe(5);
    expect(JSON.stringify(list)).toBe('[{"index":0},{"index":1},{"index":2},{"index":3},{"index":4}]');
    expect([...list]).toHaveLength(5);
    expect(list.map((item) => item.index)).toEqual([0, 1, 2, 3, 4]);
    expect(list.filter((item) => item.index > 2).concat([{ index: 9 }])).toHaveLength(3);
    expect(list.slice(-2).map((item) => item.index)).toEqual([3, 4]);
    expect(list.at(-1)).toEqual({ index: 4 });
    expect(list.reduceRight((sum, item) => sum * 10 + item.index, 0)).toBe(43210);
    expect(list.toSorted((a, b) => b.index - a.index)[0]).toEqual({ index: 4 });
    expect(Object.keys(list)).toEqual(["0", "1", "2", "3", "4"]);
    expect(3 in list && !(5 in list)).toBe(true);
    expect(list[5]).toBeUndefined();
    expect(structuredClone([...list])).toHaveLength(5);
    expect(Math.max(...list.map((item) => item.index))).toBe(4);
  });

  it("reads only what is touched, once", () => {
    const { list, read } = make(1_000_000);
    expect(list[10]).toBe(list[10]);
    expect(list.length).toBe(1_000_000);
    expect(list.at(-1)).toEqual({ index: 999_999 });
    expect(read).toEqual([10, 999_999]);
  });

  it("keeps few of its items where they are long", () => {
    let textRead = 0;
    let reads = 0;
    const read = (): unknown => {
      textRead += 10_000_000;
      return { read: ++reads };
    };
    const list = lazyList(10, read, () => textRead);
    expect(list[0]).toBe(list[0]);
    expect([list[1], list[2], list[0]]).toEqual([{ read: 2 }, { read: 3 }, { read: 4 }]);
  });

  it("throws on every way to write", () => {
    const { list } = make();
    const ways = [
      () => list.push({ index: 1 }),
      () => list.sort(),
      () => list.reverse(),
      () => list.splice(0, 1),
      () => void (list[0] = { index: 1 }),
      () => void (list.length = 0),
      () => delete (list as Record<number, unknown>)[0],
      () => Object.freeze(list),
    ];
    for (const way of ways) expect(way).toThrow(TypeError);
  });

  it("prints its items", () => {
    expect(inspect(make(2).list)).toBe("[ { index: 0 }, { index: 1 } ]");
    expect(inspect(make(200).list, { maxArrayLength: null })).toContain("100 more");
  });
});

describe("results of a mapped task", () => {
  it.each([
    ["forwards", (count: number) => Array.from({ length: count }, (_, index) => index)],
    ["backwards", (count: number) => Array.from({ length: count }, (_, index) => count - 1 - index)],
  ])("are asked for about once each where four of them fill an answer, %s", (_, order) => {
    let sent = 0;
    let asked: readonly [number, number, number] = [0, 0, 0];
    const results = new Results({
      report: (line) => (asked = JSON.parse(line.slice(1)) as typeof asked),
      readAnswer: () => {
        const [, from, count] = asked;
        const answer = Array.from({ length: Math.min(4, count) }, (_, offset) => String(from + offset));
        sent += answer.length;
        return answer.join("\t");
      },
      logSize: () => 0,
      endLog: () => 0,
    });
    const positions = order(600);
    expect(positions.map((position) => Number(results.row(0, position)))).toEqual(positions);
    // Backwards, an answer brings one that is new: what an answer holds is the most that it costs.
    expect(sent).toBeLessThanOrEqual(600 * 4 + 3 * 4);
  });
});

describe("a reduce", () => {
  it("sees the results that exist, in order, over many pages", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, ({ x }: { x: number }) => (x % 3 === 0 ? undefined : { x }));
       const sum = task({ task_id: "sum" }, ({ values }: { values: readonly any[] }) => ({
         isArray: Array.isArray(values), length: values.length, first: values[0], last: values.at(-1),
         sum: values.reduce((total, value) => total + value.x, 0),
         backwards: values.findLast((value) => value.x < 10), json: JSON.stringify(values).length }));`,
      `sum({ values: work.expand({ x: Array.from({ length: 2000 }, (_, index) => index) }) } as any);`,
    );
    const xs = Array.from({ length: 2000 }, (_, index) => index).filter((x) => x % 3 !== 0);
    expect(run.xcom("sum")).toEqual({
      ...{ isArray: true, length: xs.length, first: { x: 1 }, last: { x: 1999 } },
      ...{ sum: xs.reduce((a, b) => a + b), backwards: { x: 8 }, json: JSON.stringify(xs.map((x) => ({ x }))).length },
    });
    expect(run.instance("sum").rendered?.["values"]).toHaveLength(1001);
  });

  it("may return the list itself, and gets long results in parts", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work" }, ({ x }: { x: number }) => String(x).repeat(1_000_000));
       const all = task({ task_id: "all" }, ({ values }: { values: readonly string[] }) => values);
       const lengths = task({ task_id: "lengths" }, ({ values }: { values: readonly string[] }) => values.map((v) => v[0] + v.length));`,
      `const values = work.expand({ x: [1, 2, 3, 4, 5, 6, 7, 8, 9] }); all({ values }); lengths({ values });`,
    );
    expect(run.xcom("lengths")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((x) => `${String(x)}1000000`));
    expect(run.xcom("all")).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((x) => String(x).repeat(1_000_000)));
  });
});
