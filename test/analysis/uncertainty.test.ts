import { describe, expect, it } from "vitest";
import { describeDags } from "../support/describeDags.js";
import { createMemoryProject } from "../support/memoryProject.js";

function read(body: string): string[] {
  const { workspace, fixture } = createMemoryProject(`
    import { chain, dag, setup, task, task_group, teardown, type XComArg } from "fanout";
    import { helper, elsewhere } from "package";
    declare const process: { env: Record<string, string> };
    const run = task({ task_id: "run" }, ({ x }: { x?: unknown }) => x);
    const named = (task_id: string) => run.override({ task_id });
    const group = (body: (x: XComArg<unknown>) => unknown) =>
      task_group({ group_id: "g" }, ({ x }: { x: XComArg<unknown> }) => void body(x));
    const secret = process.env["SECRET"];
    export default dag({ dag_id: "unsure" }, () => {
      ${body}
    });
    //- /node_modules/package/package.json
    { "name": "package", "version": "1.0.0", "types": "index.d.ts" }
    //- /node_modules/package/index.d.ts
    export declare function helper(...args: unknown[]): string[];
    export declare const elsewhere: { readonly names: string[] };
  `);
  return describeDags(workspace.analyze(fixture.main)).slice(1);
}

describe("what depends on something unknown", () => {
  it("is a task that may be there, and the condition is told", () => {
    expect(read(`if (secret) named("a")(); named("b")();`)).toEqual(["a?", "b", "unresolved: condition"]);
  });

  it("is the same group where two ways call it, and perhaps another where both may", () => {
    const call = (task_id: string): string => `group((x) => named("${task_id}")({ x }))({ x: 1 });`;
    expect(read(`if (secret) ${call("a")} else ${call("b")}`)).toEqual(["g.a?", "g.b?", "unresolved: condition"]);
    expect(read(`if (secret) ${call("a")} ${call("b")}`)).toEqual(["g.a?", "g__1.b?", "unresolved: condition"]);
    expect(read(`${call("a")} if (secret) ${call("b")} named("c")();`)).toEqual([
      ...["g.a", "g__1.b?", "c", "unresolved: condition"],
    ]);
  });

  it("may make a task a setup, whose node is then not certain", () => {
    expect(read(`const a = named("a")(); if (secret) a.as_setup();`)).toEqual(["a?", "unresolved: condition"]);
    expect(read(`if (secret) named("a")().as_setup(); named("b")().as_teardown();`)).toEqual([
      ...["a?", "b", "unresolved: condition"],
    ]);
  });

  it("is told where setups are not known", () => {
    expect(read(`named("a")().as_teardown(JSON.parse("{}"));`)).toEqual(["a", "unresolved: edge"]);
    expect(read(`named("a")().as_teardown({ setups: JSON.parse("[]") });`)).toEqual(["a", "unresolved: edge"]);
  });

  it("is told where it is not known over what a group is mapped", () => {
    const mapped = (how: string): string[] => read(`group((x) => named("a")({ x })).${how};`);
    expect(mapped(`expand({ x: helper() })`)).toEqual(["g.a", "unresolved: mapping"]);
    expect(mapped(`expand(JSON.parse("{}"))`)).toEqual(["g.a", "unresolved: mapping"]);
    expect(mapped(`expand_kwargs(JSON.parse("[]"))`)).toEqual(["g.a", "unresolved: mapping"]);
  });

  it("is not what follows a check that fails otherwise: then there would be no DAG", () => {
    expect(read(`if (secret === undefined) throw new Error("no secret"); named("a")();`)).toEqual(["a"]);
    const body = `
      const fail = (): never => { throw new Error("no secret"); };
      const known = secret ?? fail();
      if (known === "") fail();
      named("a")();`;
    expect(read(body)).toEqual(["a"]);
  });

  it("is whether code that is not read fails, where something catches it", () => {
    expect(read(`try { named("a")(); helper("x"); named("b")(); } catch { named("c")(); } named("d")();`)).toEqual([
      ...["a", "b?", "c?", "d", "unresolved: condition"],
    ]);
    expect(read(`try { named("a")(); } catch { named("b")(); }`)).toEqual(["a"]);
  });

  it("is not told where it does not matter to the graph", () => {
    expect(read(`if (secret) console.log("on"); const level = secret ? 1 : 2; named("b")({ x: level });`)).toEqual([
      "b",
    ]);
  });

  it("is the same task where two ways make it", () => {
    expect(read(`if (secret) run({ x: 1 }); else run({ x: 2 });`)).toEqual(["run?", "unresolved: condition"]);
    expect(read(`const t = secret ? run({ x: 1 }) : run({ x: 2 }); named("after")({ x: t });`)).toEqual([
      "run?",
      "after <- run",
      "unresolved: condition",
    ]);
    expect(read(`if (secret) run({ x: 1 }); if (!secret) run({ x: 2 });`)).toEqual([
      "run?",
      "run__1?",
      "unresolved: condition",
    ]);
  });

  it("spreads to what follows a return, but not beyond the function", () => {
    const body = `
      const build = () => { if (secret) return named("a")(); return named("b")(); };
      named("c")({ x: build() });`;
    expect(read(body)).toEqual(["a?", "b?", "c <- a, b", "unresolved: condition"]);
  });

  it("spreads to the rest of a turn by continue, and of a loop by break", () => {
    expect(read(`for (const n of ["a", "b"]) { if (secret) continue; named(n)(); } named("c")();`)).toEqual([
      "a?",
      "b?",
      "c",
      "unresolved: condition",
    ]);
    expect(read(`for (const n of ["a", "b"]) { named(n)(); if (secret) break; } named("c")();`)).toEqual([
      "a",
      "b?",
      "c",
      "unresolved: loop",
    ]);
  });

  it("leaves variables and lists with both values", () => {
    expect(read(`let id = "a"; if (secret) id = "b"; named(id)();`)).toEqual(["**", "unresolved: task_id"]);
    expect(read(`const xs = [1]; if (secret) xs.push(2); run.expand({ x: xs });`)).toEqual([
      "run[x=unknown]",
      "unresolved: mapping",
    ]);
    expect(read(`const xs = [1]; if (secret) { const own = [1]; own.push(2); run.expand({ x: own }); }`)).toEqual([
      "run[x=2]?",
      "unresolved: condition",
    ]);
  });

  it("is a list of another package: one turn stands for all", () => {
    const body = `for (const name of elsewhere.names) named(\`load_\${name}\`)();`;
    expect(read(body)).toEqual(["load_**", "unresolved: loop, task_id"]);
  });

  it("is a function of another package, where it is given tasks", () => {
    expect(read(`helper("x"); named("a")();`)).toEqual(["a"]);
    expect(read(`helper(named("a")());`)).toEqual(["a", "unresolved: call"]);
    expect(read(`helper((n: string) => named(n)());`)).toEqual(["**", "unresolved: loop, task_id"]);
    expect(read(`const xs = ["a"]; helper(xs); run.expand({ x: xs });`)).toEqual([
      "run[x=unknown]",
      "unresolved: mapping",
    ]);
  });

  it("is what stands behind a spread", () => {
    expect(read(`const rest: object = JSON.parse("{}"); run({ ...rest });`)).toEqual(["run", "unresolved: inputs"]);
    expect(read(`const rest = JSON.parse("{}"); run.expand({ ...rest });`)).toEqual([
      "run[*=unknown]",
      "unresolved: mapping",
    ]);
  });

  it("is a dependency on something unknown", () => {
    expect(read(`chain(named("a")(), helper("x"));`)).toEqual(["a", "unresolved: edge"]);
  });

  it("names a DAG, a group and a trigger rule", () => {
    const { workspace, fixture } = createMemoryProject(`
      import { dag, task } from "fanout";
      declare const process: { env: Record<string, string> };
      export default dag({ dag_id: \`dag_\${process.env["X"]}\` }, () => {
        task({ task_id: "a", trigger_rule: process.env["Y"] as "all_success" }, () => 1)();
      });
    `);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["dag_*", "a", "unresolved: dag_id, value"]);
  });
});

describe("half-typed code", () => {
  it.each([
    ["a missing argument", `named("a")(); run.expand({ x: })`, ["a", "run[x=unknown]", "unresolved: mapping"]],
    ["a missing name", `named("a")(); run.`, ["a"]],
    ["an open call", `named("a")(); run.partial({`, ["a"]],
    ["an open string", `named("a")(); named("b`, ["a"]],
  ])("is read as far as it goes: %s", (_name, body, expected) => {
    expect(read(body)).toEqual(expected);
  });
});
