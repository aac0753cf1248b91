import { describe, expect, it } from "vitest";
import { describeDags } from "../support/describeDags.js";
import { createMemoryProject } from "../support/memoryProject.js";

function read(body: string): string[] {
  const { workspace, fixture } = createMemoryProject(`
    import { chain, dag, task } from "fanout";
    declare const process: { env: Record<string, string> };
    const add = task({ task_id: "add" }, ({ x, y }: { x: unknown; y?: number }) => [x, y]);
    export default dag({ dag_id: "limits" }, () => {
      add.override({ task_id: "before" })({ x: 1 });
      ${body}
    });
  `);
  const facts = workspace.analyze(fixture.main);
  expect(facts.notes.map(({ node }) => node)).toEqual(facts.stopped === undefined ? [] : [facts.stopped.node]);
  return describeDags(facts);
}

const TOLD = "unresolved: call";

describe("reading ends, and says what it left out", () => {
  it.each([
    ["a loop without end", `while (true) { const a = 1; }`, ["limits", "before", TOLD]],
    ["a recursion without end", `const f = (n: number): number => f(n + 1); f(0);`, ["limits", "before", TOLD]],
    [
      "a getter that reads itself",
      `class A { get a(): number { return this.a; } } new A().a;`,
      ["limits", "before", TOLD],
    ],
    ["a class that extends itself", `class A extends A {} new A();`, ["limits", "before"]],
    [
      "a sum of thousands",
      `add.override({ task_id: "t" })({ x: ${"1+".repeat(3000)}1 });`,
      ["limits", "before", "t", TOLD],
    ],
    [
      "calls in calls",
      `const f = (x: number) => x; ${"f(".repeat(800)}1${")".repeat(800)};`,
      ["limits", "before", TOLD],
    ],
  ])("%s", (_name, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  it("lists that grow without end", () => {
    const doubling = `let s = [1]; for (let i = 0; i < 100; i++) s = [...s, ...s]; add.expand({ x: s });`;
    expect(read(doubling)).toEqual(["limits", "before", "add[x=unknown]", "unresolved: mapping"]);
    const huge = `Array.from({ length: 1e9 }, (_, i) => add({ x: i }));`;
    expect(read(huge).at(-1)).toBe("unresolved: loop");
  });

  it("texts that grow without end", () => {
    const body = `let s = "a"; for (let i = 0; i < 100; i++) s = s + s; add.override({ task_id: s })({ x: 1 });`;
    expect(read(body).at(-1)).toBe("unresolved: task_id");
  });

  it("values that contain themselves", () => {
    expect(read(`const s: unknown[] = []; s.push(s); add.expand({ x: s });`)).toContain("add[x=1]");
    expect(read(`const s: { s?: unknown } = {}; s.s = s; add({ x: s });`)).toContain("add");
    expect(read(`const s = [1, 2]; for (const x of s) s.push(x); add.expand({ x: s });`).length).toBe(3);
  });
});

describe("a file of 20,000 lines", () => {
  const HEAD = `import { dag, task } from "fanout"; const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);`;
  const lines = (line: (index: number) => string, count = 20_000): string =>
    Array.from({ length: count }, (_, index) => line(index)).join("\n");

  function readAll(source: string) {
    const { workspace, fixture } = createMemoryProject("export {};");
    workspace.changeDocument(fixture.main, source, 2);
    const facts = workspace.analyze(fixture.main);
    return { dags: facts.dags.length, tasks: facts.dags[0]?.model.tasks.length ?? 0, stopped: facts.stopped };
  }

  it("is read to its end where its lines do little", () => {
    const source = `${HEAD}\n${lines((index) => `function f${index}() {}`)}\ndag({ dag_id: "d" }, () => add({ x: 1 }));`;
    expect(readAll(source)).toEqual({ dags: 1, tasks: 1, stopped: undefined });
  });

  it("ends in a notice where they do too much, whatever had been found", () => {
    const tasks = lines((index) => `add.override({ task_id: "t${index}" })({ x: 1 });`);
    const inOne = readAll(`${HEAD}\ndag({ dag_id: "d" }, () => {\n${tasks}\n});`);
    expect(inOne).toMatchObject({ dags: 1, stopped: { why: "steps" } });
    expect(inOne.tasks).toBeGreaterThan(1000);
    const dags = readAll(`${HEAD}\n${lines((index) => `dag({ dag_id: "d${index}" }, () => add({ x: 1 }));`)}`);
    expect(dags.stopped?.why).toBe("steps");
    expect(dags.dags).toBeGreaterThan(1000);
    const sums = lines((index) => `const v${index + 1} = v${index} + 1;`);
    expect(readAll(`${HEAD}\nconst v0 = 1;\n${sums}\ndag({ dag_id: "d" }, () => add({ x: v20000 }));`)).toMatchObject({
      dags: 0,
      stopped: { why: "steps" },
    });
  });
});
