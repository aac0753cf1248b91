import { describe, expect, it } from "vitest";
import { runDag, states } from "../runtime/support/project.js";

/** `nums`, `few`, `dict` and `nothing` return once; `odd` is mapped and has results for 1, 3 and 5 of 1…5. */
const sources = `
  const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
  const few = task({ task_id: "few" }, () => ["a", "b"]);
  const dict = task({ task_id: "dict" }, () => ({ a: 1, b: 2 }));
  const nothing = task({ task_id: "nothing" }, (): any => null);
  const odd = task({ task_id: "odd" }, ({ x }: { x: number }) => (x % 2 ? x : null));
  const use = task({ task_id: "use" }, ({ x }: any) => ({ x }));
  const all = task({ task_id: "all" }, ({ x }: any) => ({ isArray: Array.isArray(x), length: x.length, x }));`;
const mapped = `const some: any = odd.expand({ x: [1, 2, 3, 4, 5] });`;

/** What each instance gets that maps over the reference, and what a task gets that takes it as it is. */
async function received(reference: string): Promise<unknown[]> {
  const run = await runDag(sources, `${mapped} const r: any = ${reference}; use.expand({ x: r }); all({ x: r });`);
  expect(run.result.state).toBe("success");
  const items = (run.xcom("use") as { x: unknown }[]).map(({ x }) => x);
  expect(run.task("use").count).toBe(items.length);
  expect(run.xcom("all")).toEqual({ isArray: true, length: items.length, x: items });
  return items;
}

describe("2.4 map", () => {
  it("leaves the length, and applies chained functions left to right", async () => {
    expect(await received("nums().map((n) => n + 1).map((n) => `<${n}>`)")).toEqual(["<2>", "<3>", "<4>"]);
    expect(await received("some.map((n: number) => n * 10)")).toEqual([10, 30, 50]);
  });

  it("passes on what the function makes of a nested value, as a copy of its own", async () => {
    const run = await runDag(
      `${sources} const lists = task({ task_id: "lists" }, () => [[1], [2]]);`,
      `use.expand({ x: lists().map((l) => (l.push(0), l)) }); use.expand({ x: lists().map((l) => l.length) });`,
      { parallelism: 1 },
    );
    expect(run.xcom("use")).toEqual([{ x: [1, 0] }, { x: [2, 0] }]);
    expect(run.xcom("use__1")).toEqual([{ x: 1 }, { x: 1 }]);
  });

  it("2.3 is evaluated in the downstream instance", async () => {
    const run = await runDag(
      sources,
      `use.expand({ x: nums().map((n) => { console.log("mapping", n); return n; }) }); `,
    );
    expect(run.log("use", 1)).toContain("mapping 2");
    expect(run.log("nums")).not.toContain("mapping");
  });

  it("fails the one instance whose function throws, with the line of the function", async () => {
    const run = await runDag(
      sources,
      `use.expand({ x: nums().map((n) => {
         if (n === 2) throw new Error("no twos");
         return n; }) });`,
    );
    expect(states(run.task("use"))).toEqual(["success", "failed", "success"]);
    expect(run.instance("use", 1).error).toMatchObject({ code: "task-failed", message: "no twos", at: { line: 12 } });
  });

  it("refuses a function that is async, which nothing could wait for", async () => {
    const run = await runDag(sources, `use.expand({ x: nums().map(async (n) => n) } as any);`);
    expect(states(run.task("use"))).toEqual(["failed", "failed", "failed"]);
    expect(run.instance("use", 0).error?.code).toBe("async-map");
  });
});

describe("2.4 zip", () => {
  it("length is the shortest", async () => {
    expect(await received("nums().zip(few())")).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
    expect(await received("few().zip(nums(), some)")).toEqual([
      ["a", 1, 1],
      ["b", 2, 3],
    ]);
  });

  it("length is the longest where a fillvalue is given, which stands for what is missing", async () => {
    const filled = [
      ["a", 1],
      ["b", 2],
    ];
    expect(await received("few().zip(nums(), { fillvalue: 0 })")).toEqual([...filled, [0, 3]]);
    expect(await received("few().zip(nums(), { fillvalue: null })")).toEqual([...filled, [null, 3]]);
    expect(await received("few().zip(nums(), { fillvalue: undefined })")).toEqual([...filled, [null, 3]]);
    expect(await received("few().zip(nums(), { fillvalue: { deep: [] } })")).toEqual([...filled, [{ deep: [] }, 3]]);
  });

  it("of itself and of nothing", async () => {
    expect(await received("few().zip()")).toEqual([["a"], ["b"]]);
    expect(await received("((s: any) => s.zip(s))(few())")).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });
});

describe("2.4 concat", () => {
  it("length is the sum, in order, and the number of its parts does not matter", async () => {
    expect(await received("nums().concat(few(), some)")).toEqual([1, 2, 3, "a", "b", 1, 3, 5]);
    expect(await received("nums().concat()")).toEqual([1, 2, 3]);
  });

  it("flattens, and takes negative indexes and slices where a task receives it", async () => {
    const run = await runDag(
      `${sources} const ends = task({ task_id: "ends" }, ({ x }: any) => [x.at(-1), x.slice(-2), x.slice(1, 4)]);`,
      `const r: any = (nums() as any).concat(few().concat(few())); ends({ x: r });`,
    );
    expect(run.xcom("ends")).toEqual(["b", ["a", "b"], [2, 3, "a"]]);
  });

  it("2.3 of a dict are its keys", async () => {
    expect(await received("dict().concat(few())")).toEqual(["a", "b", "a", "b"]);
  });
});

describe("2.4 nesting", () => {
  it("works in any order", async () => {
    expect(await received("few().zip(nums().map((n) => -n).concat(some)).map(([a, n]: any) => a + n)")).toEqual([
      "a-1",
      "b-2",
    ]);
    expect(await received("nums().zip(few()).concat(few().zip(some, { fillvalue: 9 }) as any)")).toEqual([
      [1, "a"],
      [2, "b"],
      ["a", 1],
      ["b", 3],
      [9, 5],
    ]);
  });

  it("numbers a cross product with the last input fastest, whatever its inputs are made of", async () => {
    const run = await runDag(
      `${sources} const pair = task({ task_id: "pair" }, ({ a, b }: any) => [a, b]);`,
      `pair.expand({ b: few().concat(few()).map((t) => t), a: few().zip(nums()) } as any);`,
    );
    const as = [
      ["a", 1],
      ["b", 2],
    ];
    expect(run.xcom("pair")).toEqual(["a", "b", "a", "b"].flatMap((b) => as.map((a) => [a, b])));
  });

  it("works inside lists, dicts and partial, where the whole of it is one value", async () => {
    const run = await runDag(
      `${sources} const pair = task({ task_id: "pair" }, ({ a, b }: any) => [a, b]);`,
      `const r: any = few().zip(nums());
       pair.partial({ b: { deep: [r] } }).expand({ a: [r.map((p: any) => p[0]), 5] });`,
    );
    const b = {
      deep: [
        [
          ["a", 1],
          ["b", 2],
        ],
      ],
    };
    expect(run.xcom("pair")).toEqual([
      [["a", "b"], b],
      [5, b],
    ]);
  });
});

describe("2.5 and 2.7 lengths of mapped sources", () => {
  it("count the results that exist: null results are absent before anything is made of them", async () => {
    const run = await runDag(sources, `${mapped} use.expand({ x: some.zip(nums()) });`);
    expect(run.task("odd")).toMatchObject({ count: 5 });
    expect(run.task("use").count).toBe(3);
    expect(run.instance("use", 2).rendered).toEqual({ x: [5, 3] });
  });

  it("of zero skip the task, and are no result of it", async () => {
    const run = await runDag(
      `${sources} const none = task({ task_id: "none" }, (): number[] => []);
       const last = task({ task_id: "last", trigger_rule: "none_failed" }, ({ x }: any) => x);`,
      `const r: any = use.expand({ x: nums().zip(none()) }); last({ x: r.map((y: any) => y) });`,
    );
    expect(run.task("use")).toMatchObject({ count: 0, state: "skipped" });
    expect(run.xcom("last")).toEqual([]);
  });

  it("are unknown where one part has none: the task is upstream_failed", async () => {
    const run = await runDag(
      `${sources} const fails = task({ task_id: "fails" }, (): number[] => { throw new Error("no"); });
       const anyway = task({ task_id: "anyway", trigger_rule: "all_done" }, ({ x }: any) => x);`,
      `anyway.expand({ x: nums().concat(fails()) });`,
    );
    expect(run.task("anyway")).toMatchObject({ state: "upstream_failed", count: null });
  });
});

describe("2.9 the extra dependency on every source of a mapping", () => {
  const skips = `${sources}
    const skips = task({ task_id: "skips" }, (): number[] => { throw new SkipException(); });
    const fails = task({ task_id: "fails" }, (): number[] => { throw new FailException(); });
    const kwargs = task({ task_id: "kwargs" }, (): any => { throw new SkipException(); });
    const anyway = task({ task_id: "anyway", trigger_rule: "all_done" }, ({ x }: any) => x);`;

  it.each([
    ["map", "skips().map((n) => n)", "skipped"],
    ["zip", "nums().zip(skips(), { fillvalue: 0 })", "skipped"],
    ["concat", "nums().concat(nums().concat(skips()))", "skipped"],
    ["map, failed", "fails().map((n) => n)", "upstream_failed"],
    ["zip and map, failed", "nums().zip(fails().map((n) => n))", "upstream_failed"],
  ])("holds through %s, whatever the trigger rule says", async (_, reference, state) => {
    const run = await runDag(skips, `anyway.expand({ x: ${reference} } as any);`);
    expect(run.task("anyway")).toMatchObject({ state, count: null });
  });

  it("holds for an item of a list that expand_kwargs takes, and not for one that expand takes", async () => {
    const run = await runDag(
      skips,
      `anyway.expand_kwargs([{ x: 1 }, kwargs()]); anyway.expand({ x: [1, skips()] } as any);`,
    );
    expect(run.task("anyway")).toMatchObject({ state: "skipped" });
    expect(run.task("anyway__1")).toMatchObject({ state: "success", count: 2 });
  });
});

describe("2.11 skipping and nothing in map", () => {
  it("SkipException skips that instance", async () => {
    const run = await runDag(
      sources,
      `use.expand({ x: nums().zip(few().concat(few()).map((t) => {
         if (t === "b") throw new SkipException("no b"); return t; })) } as any);`,
    );
    expect(states(run.task("use"))).toEqual(["success", "skipped", "success"]);
    expect(run.log("use", 1)).toContain("no b");
  });

  it("SkipException skips a task that takes the whole list, once it touches the item", async () => {
    const run = await runDag(
      `${sources} const first = task({ task_id: "first" }, ({ x }: any) => x[0]);`,
      `const r: any = nums().map((n) => { if (n === 2) throw new SkipException(); return n; }); all({ x: r }); first({ x: r });`,
    );
    expect(run.task("all").state).toBe("skipped");
    expect(run.xcom("first")).toBe(1);
  });

  it("null does not skip: expand passes it on", async () => {
    expect(await received("nums().map((n) => (n === 2 ? null : n))")).toEqual([1, null, 3]);
    expect(await received("nums().map((n) => { if (n !== 2) return n; })")).toEqual([1, null, 3]);
  });

  it("DTM306 null does not skip: expand_kwargs fails", async () => {
    const run = await runDag(sources, `use.expand_kwargs(nums().map((n): any => (n === 2 ? null : { x: n })));`);
    expect(states(run.task("use"))).toEqual(["success", "failed", "success"]);
    expect(run.instance("use", 1).error?.code).toBe("not-mappable");
  });
});

describe("3.5 what results cannot give", () => {
  it.each([
    ["DTM419 map", "dict().map((e) => e)", 2],
    ["DTM420 zip", "nums().zip(dict())", 2],
    ["DTM420 zip with a fillvalue", "dict().zip(nums(), { fillvalue: 0 })", 3],
    ["DTM420 zip deep inside", "nums().concat(few().zip(dict().map((e) => e)) as any)", 5],
  ])("%s of a dict fails every instance, where Airflow gives junk", async (_, reference, count) => {
    const run = await runDag(sources, `use.expand({ x: ${reference} } as any);`);
    expect(states(run.task("use"))).toEqual(Array(count).fill("failed"));
    expect(run.instance("use", 0).error).toMatchObject({ code: "not-a-list", at: { line: 11 } });
  });

  it.each([
    ["a text", `"abc"`],
    ["nothing", "null"],
  ])("DTM417 map needs a list where a task takes it as it is, not %s", async (_, value) => {
    const run = await runDag(
      `${sources} const given = task({ task_id: "given" }, (): any => ${value});`,
      `all({ x: given().map((x: any) => x) }); `,
    );
    expect(run.task("given").state).toBe("success");
    expect(run.instance("all").error?.code).toBe("not-mappable");
  });
});

describe("3.5 get", () => {
  it("gives an entry of a dict as an input, shared or inside of others", async () => {
    const run = await runDag(
      `${sources} const town = task({ task_id: "town" }, () => ({ name: "Oslo", size: { km: 3 }, none: null }));
       const pair = task({ task_id: "pair" }, ({ a, b }: any) => ({ a, b }));`,
      `const t = town(); pair({ a: t.get("name"), b: [t.get("size"), { c: t.get("none") }] });
       pair.partial({ a: t.get("size") } as any).expand({ b: [1] });`,
    );
    expect(run.xcom("pair")).toEqual({ a: "Oslo", b: [{ km: 3 }, { c: null }] });
    expect(run.instance("pair").rendered).toEqual({ a: "Oslo", b: [{ km: 3 }, { c: null }] });
    expect(run.xcom("pair__1")).toEqual([{ a: { km: 3 }, b: 1 }]);
  });

  it.each([
    ["DTM421 of a key that is not there", "dict().get('z')", "xcom-not-found"],
    ["DTM421 of an inherited name", "dict().get('toString')", "xcom-not-found"],
    ["DTM421 of a task that returned nothing", "nothing().get('a')", "xcom-not-found"],
    ["of a list", "nums().get('length')", "not-a-dict"],
    ["of a mapped task", "some.get('a')", "not-a-dict"],
  ])("fails %s", async (_, reference, code) => {
    const run = await runDag(
      sources,
      `${mapped} all({ x: ${reference.replace(".get", " as any).get").replace(/^/, "(")} });`,
    );
    expect(run.instance("all").error).toMatchObject({ code, at: { line: 11 } });
  });
});

describe("what is shown of the inputs", () => {
  it("is what they were, as far as no function has to run again", async () => {
    const run = await runDag(
      sources,
      `${mapped} all({ x: few().zip(nums(), { fillvalue: 0 }) }); all({ x: some.concat(few()) }); all({ x: few().map((t) => t) });`,
    );
    expect(run.instance("all").rendered).toEqual({
      x: [
        ["a", 1],
        ["b", 2],
        [0, 3],
      ],
    });
    expect(run.instance("all__1").rendered).toEqual({ x: [1, 3, 5, "a", "b"] });
    expect(run.instance("all__2").rendered).toEqual({ x: [`map() of "a"`, `map() of "b"`] });
  });
});
