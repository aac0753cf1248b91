import { describe, expect, it } from "vitest";
import type { FileFacts, InputFacts, TaskFacts } from "../../server/src/analysis/facts.js";
import { createMemoryProject } from "../support/memoryProject.js";

function read(source: string): FileFacts {
  const { workspace, fixture } = createMemoryProject(source);
  return workspace.analyze(fixture.main);
}

function readBody(body: string): FileFacts {
  return read(`
    import { BaseOperator, chain, dag, task } from "fanout";
    import { make, shared } from "./helper.js";
    interface Base { readonly sql: string }
    interface LoadArgs extends Base { limit?: number }
    class Load extends BaseOperator<Readonly<LoadArgs> & { mode?: string }, number[]> {
      execute() { return [1]; }
    }
    class BigLoad extends Load {}
    const add = task({ task_id: "add", retries: 2 }, ({ x, y }: { x: number; y: number; z?: number }) => x + y);
    export default dag({ dag_id: "facts" }, () => {
      ${body}
    });
    //- /helper.ts
    import { task } from "fanout";
    const inner = task(function inner({ n }: { n: number }) { return n; });
    export const make = (n: number) => inner({ n });
    export const shared = { y: 10 };
  `);
}

function onlyTask(facts: FileFacts): TaskFacts {
  const [task] = facts.dags[0]?.tasks ?? [];
  if (task === undefined) throw new Error("no task was read");
  return task;
}

const texts = (inputs: readonly InputFacts[] | undefined): string[] | undefined =>
  inputs?.map(({ name, property, expression, nameNode }) =>
    [name, property.getText(), expression.getText(), nameNode.getText()].join(" | "),
  );

describe("facts of a task", () => {
  it("hold its inputs, options and where things are written", () => {
    const task = onlyTask(readBody(`add({ x: 1, "y": 2 });`));
    expect(task).toMatchObject({ kind: "task", baseId: "add", mapping: null });
    expect(task.site.getText()).toBe(`add({ x: 1, "y": 2 })`);
    expect(task.idNode?.getText()).toBe(`"add"`);
    expect(task.definition?.getText()).toMatch(/^task\(\{ task_id: "add"/);
    expect(texts(task.inputs)).toEqual(["x | x: 1 | 1 | x", `y | "y": 2 | 2 | "y"`]);
    expect(texts(task.options)).toEqual([
      `task_id | task_id: "add" | "add" | task_id`,
      "retries | retries: 2 | 2 | retries",
    ]);
  });

  it("hold what is expanded and what partial gave", () => {
    const { mapping } = onlyTask(readBody(`const y = 3; add.partial({ y }).expand({ x: [1, 2] });`));
    expect(mapping).toMatchObject({ kind: "expand", complete: true });
    expect(mapping?.call.getText()).toBe("add.partial({ y }).expand({ x: [1, 2] })");
    expect(mapping?.nameNode.getText()).toBe("expand");
    expect(texts(mapping?.inputs)).toEqual(["x | x: [1, 2] | [1, 2] | x"]);
    expect(mapping?.partial?.name).toBe("add");
    expect(mapping?.partial?.call.getText()).toBe("add.partial({ y })");
    expect(texts(mapping?.partial?.inputs)).toEqual(["y | y | y | y"]);
  });

  it("follow inputs through constants, spreads and other files", () => {
    const { mapping } = onlyTask(readBody(`const xs = { x: [1] }; add.partial({ ...shared }).expand(xs);`));
    expect(texts(mapping?.inputs)).toEqual(["x | x: [1] | [1] | x"]);
    expect(texts(mapping?.partial?.inputs)).toEqual(["y | y: 10 | 10 | y"]);
    expect(mapping?.partial?.inputs[0]?.property.getSourceFile().fileName).toBe("/helper.ts");
  });

  it("are incomplete behind what cannot be read", () => {
    const hidden = `const more: object = JSON.parse("{}"); add.expand({ x: [1], ...more });`;
    expect(onlyTask(readBody(hidden)).mapping?.complete).toBe(false);
    const added = `const more: { x?: number[] } = {}; more.x = [1]; add.expand(more);`;
    expect(onlyTask(readBody(added)).mapping).toMatchObject({ complete: false, inputs: [] });
  });

  it("tell the place in this file from the place in a helper", () => {
    const task = onlyTask(readBody(`make(1);`));
    expect(task.site.getText()).toBe("make(1)");
    expect(task.origin.getText()).toBe("inner({ n })");
    expect(task.idNode?.getText()).toBe("inner");
    expect(task.node.span?.file).toBe("/helper.ts");
  });

  it("count lines and columns from 1", () => {
    const { workspace, fixture } = createMemoryProject(
      `import { dag, task } from "fanout";\nexport default dag({ dag_id: "d" }, () => {\n  task(function a() {})();\n});`,
    );
    const [dag] = workspace.analyze(fixture.main).dags;
    expect(dag?.model.span).toMatchObject({ line: 2, column: 16, endLine: 4, endColumn: 3 });
    expect(dag?.model.tasks[0]?.span).toMatchObject({ line: 3, column: 3, endLine: 3, endColumn: 26 });
  });
});

describe("parameters", () => {
  const parameters = (body: string): string[] | undefined => {
    const names = onlyTask(readBody(body)).parameters;
    return names && [...names].sort();
  };

  it("of a task are what its function takes apart, else what its type names", () => {
    expect(parameters(`add({ x: 1, y: 2 });`)).toEqual(["x", "y"]);
    expect(parameters(`task({ task_id: "a" }, (given: { p: number } & LoadArgs) => given)({} as never);`)).toEqual([
      "limit",
      "p",
      "sql",
    ]);
    expect(parameters(`task({ task_id: "a" }, () => 1)();`)).toEqual([]);
    expect(parameters(`task({ task_id: "a" }, ({ a, ...rest }: { a: 1; b: 2 }) => rest)({} as never);`)).toEqual([
      "a",
      "b",
    ]);
  });

  it("are unknown where any name could be right", () => {
    expect(parameters(`task({ task_id: "a" }, (given: Record<string, number>) => given)({});`)).toBeUndefined();
    expect(parameters(`task({ task_id: "a" }, (given: { [key: string]: number }) => given)({});`)).toBeUndefined();
  });

  it("of an operator are its own arguments", () => {
    expect(parameters(`new Load({ task_id: "a", sql: "b" });`)).toEqual(["limit", "mode", "sql"]);
    expect(parameters(`new BigLoad({ task_id: "a", sql: "b" });`)).toEqual(["limit", "mode", "sql"]);
  });
});

describe("partials", () => {
  const unexpanded = (body: string): string[] => readBody(body).unexpanded.map(({ call }) => call.getText());

  it("that are never expanded are told, wherever the value goes", () => {
    expect(unexpanded(`add.partial({ y: 1 });`)).toEqual(["add.partial({ y: 1 })"]);
    expect(unexpanded(`const p = add.partial({ y: 1 }); const q = [p];`)).toEqual(["add.partial({ y: 1 })"]);
    expect(unexpanded(`Load.partial({ task_id: "a", sql: "b" });`)).toEqual([
      `Load.partial({ task_id: "a", sql: "b" })`,
    ]);
  });

  it("that are expanded once, later or perhaps are not", () => {
    expect(unexpanded(`const p = add.partial({ y: 1 }); p.expand({ x: [1] }); p.expand({ x: [2] });`)).toEqual([]);
    expect(
      unexpanded(`const e = (p: ReturnType<typeof add.partial>) => p.expand({ x: [] }); e(add.partial({ y: 1 }));`),
    ).toEqual([]);
    expect(unexpanded(`const p = add.partial({ y: 1 }); if (Math.random() > 0.5) p.expand({ x: [1] });`)).toEqual([]);
  });

  it("outside a DAG may be there for other files", () => {
    const facts = read(`
      import { dag, task } from "fanout";
      const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
      export const add_ten = add.partial({ y: 10 });
    `);
    expect(facts.unexpanded).toEqual([]);
  });
});

describe("dependencies", () => {
  it("are drawn by the argument or call that makes them, also those that close a cycle", () => {
    const facts = readBody(`
      const a = add.override({ task_id: "a" })({ x: 1, y: 1 });
      const b = add.override({ task_id: "b" })({ x: a, y: 1 });
      chain(b, a);
      a.set_downstream(a);`);
    const edges = facts.dags[0]?.edges.map(({ from, to, node }) => `${from} -> ${to} by ${node.getText()}`);
    expect(edges).toEqual(["a -> b by x: a", "b -> a by chain(b, a)", "a -> a by a.set_downstream(a)"]);
  });
});

describe("a file", () => {
  it("that does not parse is told, and read all the same", () => {
    const facts = readBody(`add({ x: 1, y: 2 }`);
    expect(facts.broken).toBe(true);
    expect(facts.dags[0]?.tasks).toHaveLength(1);
  });

  it("depends on itself and on what it imports, directly or not", () => {
    const facts = read(`
      //- /flows/a.dag.ts
      import { b } from "./b.js";
      export default b;
      //- /flows/b.ts
      export * from "./c.js";
      //- /flows/c.ts
      export const b = 1;
    `);
    const own = facts.dependencies.filter((file) => file.startsWith("/flows/"));
    expect(own.sort()).toEqual(["/flows/a.dag.ts", "/flows/b.ts", "/flows/c.ts"]);
  });

  it("has the DAGs that its own code makes, in helpers too, but not those of files that it imports", () => {
    const facts = read(`
      //- /a.dag.ts
      import { build, other } from "./b.js";
      export const one = build("one");
      export { other };
      //- /b.ts
      import { dag } from "fanout";
      export const build = (dag_id: string) => dag({ dag_id }, () => {});
      export const other = build("other");
    `);
    expect(facts.dags.map(({ model }) => model.dag_id)).toEqual(["one"]);
    expect(facts.dags[0]?.call.getText()).toBe(`build("one")`);
  });

  it("without a DAG says why", () => {
    const notes = (source: string): (string | undefined)[] => read(source).notes.map(({ node }) => node?.getText());
    expect(notes(`import { task } from "fanout"; export const a = task(function a() {});`)).toEqual([undefined]);
    expect(notes(`import * as f from "fanout"; export const make = () => f.dag({ dag_id: "d" }, () => {});`)).toEqual([
      `f.dag({ dag_id: "d" }, () => {})`,
    ]);
    expect(notes(`import { dag } from "fanout"; import { id } from "./no.js"; dag({ dag_id: id }, () => {});`)).toEqual(
      ["id"],
    );
  });

  it("that makes a task outside every DAG says so in a note", () => {
    const facts = read(`import { task } from "fanout"; task(function a() {})();`);
    expect(facts.dags).toEqual([]);
    expect(facts.notes.map(({ node }) => node?.getText())).toContain("task(function a() {})()");
  });
});
