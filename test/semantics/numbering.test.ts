import { describe, expect, it } from "vitest";
import { runDag, states } from "../runtime/support/project.js";

const tasks = `
  const pair = task({ task_id: "pair" }, ({ number, letter }: any) => [number, letter]);
  const three = task({ task_id: "three" }, ({ a, b, c }: any) => \`\${a}\${b}\${c}\`);
  const t = task({ task_id: "t" }, () => [1, 2]);
  const show = task({ task_id: "show" }, (inputs: any) => inputs);`;

describe("§2.4 the cross product", () => {
  it("is numbered with the last-written input fastest, dicts as [key, value] in order of insertion", async () => {
    const run = await runDag(tasks, `pair.expand({ number: [1, 2], letter: { a: "x", b: "y", c: "z" } });`);
    const letters = [
      ["a", "x"],
      ["b", "y"],
      ["c", "z"],
    ];
    expect(run.xcom("pair")).toEqual([1, 2].flatMap((number) => letters.map((letter) => [number, letter])));
    expect(run.task("pair")).toMatchObject({ mapped: true, count: 6 });
  });

  it("goes by the order in which expand was written, not by that of the function", async () => {
    const run = await runDag(
      tasks,
      `pair.expand({ letter: ["x", "y"], number: [1, 2] }); three.expand({ c: [0, 1], a: [0, 1], b: [0, 1] });`,
    );
    expect(run.xcom("pair")).toEqual([
      ...[
        [1, "x"],
        [2, "x"],
        [1, "y"],
        [2, "y"],
      ],
    ]);
    expect(run.xcom("three")).toEqual(["000", "010", "100", "110", "001", "011", "101", "111"]);
  });

  it("takes one source twice", async () => {
    const run = await runDag(tasks, `const x = t(); pair.expand({ number: x, letter: x });`);
    expect(run.xcom("pair")).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ]);
  });

  it("§2.5 has no limit of its own, though each of its sources has", async () => {
    const run = await runDag(
      tasks,
      `const x = t(); pair.expand({ number: x, letter: x }); show.expand({ a: [1, 2, 3] });`,
      {
        maxMapLength: 2,
      },
    );
    expect([run.task("pair").count, run.task("show").count]).toEqual([4, 3]);
  });

  it("of something empty is empty: the task is skipped", async () => {
    const run = await runDag(tasks, `pair.expand({ number: t(), letter: [] });`);
    expect(run.task("pair")).toMatchObject({ state: "skipped", count: 0 });
    expect(run.task("pair").instances.map(({ map_index }) => map_index)).toEqual([-1]);
  });
});

describe("§2.5 instances that the code alone counts", () => {
  it("exist from the beginning, so that each ends for itself where what comes before fails", async () => {
    const run = await runDag(
      `${tasks} const bad = task({ task_id: "bad" }, () => { throw new Error("no"); });`,
      `chain(bad(), show.expand({ a: [1, 2, 3] }));`,
    );
    expect(run.task("show")).toMatchObject({ count: 3, state: "upstream_failed" });
    expect(states(run.task("show"))).toEqual(["upstream_failed", "upstream_failed", "upstream_failed"]);
  });

  it("others are one placeholder until what they are made of is there", async () => {
    const run = await runDag(
      `${tasks} const bad = task({ task_id: "bad" }, (): number[] => { throw new Error("no"); });`,
      `show.expand({ a: bad() } as any);`,
    );
    expect(run.task("show")).toMatchObject({ count: null, state: "upstream_failed" });
    expect(run.task("show").instances.map(({ map_index }) => map_index)).toEqual([-1]);
  });
});

describe("§2.11 the inputs of an instance", () => {
  it("are those of partial, with what is mapped over them", async () => {
    const run = await runDag(
      tasks,
      `show.partial({ b: 1, c: [1] }).expand({ a: [1, 2] }); show.partial({ b: 1 }).expand_kwargs([{ a: 1, c: 2 }, { a: 3 }] as any);`,
    );
    expect(run.xcom("show")).toEqual([
      { b: 1, c: [1], a: 1 },
      { b: 1, c: [1], a: 2 },
    ]);
    expect(run.xcom("show__1")).toEqual([
      { b: 1, a: 1, c: 2 },
      { b: 1, a: 3 },
    ]);
  });

  it("are copies: what one instance does to them no other sees", async () => {
    const run = await runDag(
      `const eat = task({ task_id: "eat" }, ({ list, x }: any) => { list.push(x); return list; });`,
      `eat.partial({ list: [0] }).expand({ x: [1, 2] } as any);`,
      { parallelism: 1 },
    );
    expect(run.xcom("eat")).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});

describe("§4.9 what passes between tasks is JSON", () => {
  it("undefined is left out, dates are texts, minus zero is zero, and keys keep their order", async () => {
    const run = await runDag(
      `const give = task({ task_id: "give" }, () => ({ z: 1, a: undefined, when: new Date(0), none: null, list: [null, -0], b: 2 }));
       const look = task({ task_id: "look" }, ({ v }: any) => ({ keys: Object.keys(v), text: JSON.stringify(v), zero: Object.is(v.list[1], 0) }));`,
      `look({ v: give() } as any);`,
    );
    expect(run.xcom("look")).toEqual({
      keys: ["z", "when", "none", "list", "b"],
      text: '{"z":1,"when":"1970-01-01T00:00:00.000Z","none":null,"list":[null,0],"b":2}',
      zero: true,
    });
  });

  it.each([
    "1n",
    "undefined",
    "[1, , 3]",
    "NaN",
    "Infinity",
    "new Map([[1, 2]])",
    "new Set([1])",
    "() => 1",
    "Symbol('s')",
    "new Uint8Array(2)",
  ])("%s fails the task that returned it, at any depth, and says where", async (value) => {
    const run = await runDag(
      `const give = task({ task_id: "give" }, (): any => ({ deep: [0, ${value}] }));`,
      `give();`,
    );
    const { error } = run.instance("give");
    expect(error).toMatchObject({ code: "xcom-not-serializable", at: { line: 4 } });
    expect(error?.message).toContain("result.deep[1]");
  });

  it("§4.5 undefined and null are no result", async () => {
    const run = await runDag(
      `const none = task({ task_id: "none" }, ({ x }: any) => [undefined, null, 0, "", false][x]);
       const see = task({ task_id: "see" }, ({ xs }: any) => [...xs]);`,
      `see({ xs: none.expand({ x: [0, 1, 2, 3, 4] } as any) } as any);`,
    );
    expect(run.xcom("see")).toEqual([0, "", false]);
  });
});

describe("§2.7 the list that a reducer gets", () => {
  const reduce = (text: string): string => `
    const work = task({ task_id: "work" }, ({ x }: { x: number }) => (x === 2 ? null : x * 10));
    const look = task({ task_id: "look" }, ({ xs }: any) => { ${text} });`;
  const body = `look({ xs: work.expand({ x: [1, 2, 3] }) } as any);`;

  it("is an array of the results that exist, in order: its length may be less than the number of instances", async () => {
    const run = await runDag(
      reduce(`return { isArray: Array.isArray(xs), length: xs.length, at: [xs[0], xs.at(-1), xs[2] ?? "none"], sum: xs.reduce((a: number, b: number) => a + b, 0),
        slice: xs.slice(1), text: JSON.stringify(xs), spread: [...xs], has: xs.includes(30), map: xs.map((x: number) => x + 1), keys: Object.keys(xs) };`),
      body,
    );
    expect(run.task("work").count).toBe(3);
    expect(run.xcom("look")).toEqual({
      ...{ isArray: true, length: 2, at: [10, 30, "none"], sum: 40, slice: [30], text: "[10,30]", spread: [10, 30] },
      ...{ has: true, map: [11, 31], keys: ["0", "1"] },
    });
  });

  it.each(["xs.push(1)", "xs.sort()", "xs[0] = 1", "xs.length = 0", "delete xs[0]"])(
    "cannot be changed: %s",
    async (text) => {
      const run = await runDag(reduce(`${text};`), body);
      expect(run.instance("look")).toMatchObject({ state: "failed", error: { code: "task-failed" } });
    },
  );
});
