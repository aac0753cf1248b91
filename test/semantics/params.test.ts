import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { RUN_FILES } from "../../runtime/src/store/runFolder.js";
import { SqliteRunStore } from "../../runtime/src/store/sqliteRunStore.js";
import { Project, dagSource, refusalOf, runDag, runToEnd } from "../runtime/support/project.js";

const SHOW = `const show = task({ task_id: "show" }, (_: object, { params }) => params);`;

function source(params: string, body = "show();", definitions = SHOW): string {
  return dagSource(definitions, body)
    .replace("dag, task,", "dag, task, Param,")
    .replace('{ dag_id: "d" }', `{ dag_id: "d", params: ${params} }`);
}

describe("§2.11 params of a DAG", () => {
  it.each([
    ["the defaults", "{ n: 5, list: [1, { a: null }] }", {}, { n: 5, list: [1, { a: null }] }],
    ["what the run gives goes over them", "{ n: 5, city: 'Berlin' }", { n: 7 }, { n: 7, city: "Berlin" }],
    ["a name that nobody declared is kept", "{ n: 5 }", { more: [true] }, { n: 5, more: [true] }],
    ["a Param gives its default", "{ n: new Param(3, { type: 'integer', description: 'how many' }) }", {}, { n: 3 }],
    [
      "a Param takes what its schema allows",
      "{ n: new Param(3, { type: 'integer', minimum: 1 }) }",
      { n: 9 },
      { n: 9 },
    ],
    [
      "a Param without a default takes the run's value",
      "{ n: new Param(undefined, { type: 'integer' }) }",
      { n: 1 },
      { n: 1 },
    ],
    ["null may be a value", "{ n: new Param(null, { type: ['null', 'string'] }) }", {}, { n: null }],
    [
      "keywords for people are let pass",
      "{ n: new Param('a', { title: 'N', section: 's', enum: ['a', 'b'] }) }",
      {},
      { n: "a" },
    ],
  ] as const)("%s", async (_, params, given, expected) => {
    const run = await runToEnd(new Project({ "dag.ts": source(params) }), { params: given });
    expect(run.xcom("show")).toEqual(expected);
  });

  it.each([
    ["a value of another type", "{ n: new Param(3, { type: 'integer' }) }", { n: "x" }],
    ["a value out of its bounds", "{ n: new Param(3, { type: 'integer', minimum: 1 }) }", { n: 0 }],
    ["a value that is not in the list", "{ n: new Param('a', { enum: ['a', 'b'] }) }", { n: "c" }],
    [
      "a format that is not kept to",
      "{ n: new Param('2022-04-02', { type: 'string', format: 'date' }) }",
      { n: "soon" },
    ],
    ["an entry of a list", "{ n: new Param([], { items: { type: 'string' } }) }", { n: ["a", 1] }],
    ["a default that its own schema refuses", "{ n: new Param('x', { type: 'integer' }) }", {}],
    ["a required param that is not given", "{ n: new Param(undefined, { type: 'integer' }) }", {}],
    ["a schema that is none", "{ n: new Param(1, { type: 'whole' }) }", {}],
    [
      "an older draft",
      "{ n: new Param(1, { $schema: 'http://json-schema.org/draft-07/schema#', type: 'string' }) }",
      {},
    ],
    ["a value that JSON cannot carry", "{ n: () => 1 }", {}],
  ] as const)("is refused before the run starts: %s", async (_, params, given) => {
    const project = new Project({ "dag.ts": source(params) });
    const error = await refusalOf(runToEnd(project, { params: given }));
    expect(error.code).toBe("invalid-params");
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain("'n'");
    expect(error.at).toMatchObject({ file: project.path("dag.ts") });
    expect(project.history().runs()).toEqual([]);
  });

  it("are kept with the run as they were in force", async () => {
    const project = new Project({ "dag.ts": source("{ n: 5, m: 1 }") });
    const run = await runToEnd(project, { params: { n: 7 } });
    const store = SqliteRunStore.open(path.join(project.home, "runs", run.run_id, RUN_FILES.database));
    onTestFinished(() => store.close());
    expect(store.run().params).toEqual({ n: 7, m: 1 });
  });
});

describe("§2.11 params of a task", () => {
  const body = (options: string): string => `show.override({ params: ${options} })();`;

  it("go over those of the DAG, and what the run was given goes over both", async () => {
    const project = new Project({ "dag.ts": source("{ a: 1, b: 1, c: 1 }", body("{ b: 2, c: 2, d: 2 }")) });
    expect((await runToEnd(project, { params: { c: 3 } })).xcom("show")).toEqual({ a: 1, b: 2, c: 3, d: 2 });
  });

  it("keep the schema of the DAG's, and fail the instance where it refuses them", async () => {
    const project = new Project({ "dag.ts": source("{ n: new Param(1, { type: 'integer' }) }", body("{ n: 'x' }")) });
    const run = await runToEnd(project);
    expect(run.instance("show").error).toMatchObject({ code: "invalid-params", at: { line: 4 } });
  });

  it("may bring a schema of their own", async () => {
    const own = body("{ n: new Param('x', { type: 'string' }) }");
    const project = new Project({ "dag.ts": source("{ n: new Param(1, { type: 'integer' }) }", own) });
    expect((await runToEnd(project)).xcom("show")).toEqual({ n: "x" });
  });
});

describe("§2.11 params in expand of an operator", () => {
  const operator = `
    class Show extends BaseOperator<{ x?: number }, unknown> {
      async execute({ params }: any) { return { params, args: this.args }; }
    }`;
  const runShow = (body: string, params = "{ a: 1, b: 1 }", given = {}): ReturnType<typeof runToEnd> =>
    runToEnd(new Project({ "dag.ts": source(params, body, operator) }), { params: given });

  it("are merged per instance over those of the task and the DAG", async () => {
    const run = await runShow(
      `Show.partial({ task_id: "s", params: { b: 2 } }).expand({ params: [{ a: 3 }, { c: 4 }] });`,
    );
    expect(run.xcom("s", 0)).toEqual({ params: { a: 3, b: 2 }, args: {} });
    expect(run.xcom("s", 1)).toEqual({ params: { a: 1, b: 2, c: 4 }, args: {} });
  });

  it("count as an input like any other", async () => {
    const run = await runShow(`Show.partial({ task_id: "s" }).expand({ x: [1, 2], params: [{ a: 3 }, { a: 4 }] });`);
    expect(run.task("s").count).toBe(4);
    expect(run.xcom("s", 1)).toEqual({ params: { a: 4, b: 1 }, args: { x: 1 } });
  });

  it("come from expand_kwargs as well, and what the run was given goes over them", async () => {
    const body = `Show.partial({ task_id: "s" }).expand_kwargs([{ x: 1, params: { a: 3, b: 3 } }, { x: 2 }]);`;
    const run = await runShow(body, undefined, { b: 9 });
    expect(run.xcom("s", 0)).toEqual({ params: { a: 3, b: 9 }, args: { x: 1 } });
    expect(run.xcom("s", 1)).toEqual({ params: { a: 1, b: 9 }, args: { x: 2 } });
  });

  it("fail the instance whose params are no dict or are refused", async () => {
    const params = "{ a: new Param(1, { maximum: 5 }) }";
    const run = await runShow(`Show.partial({ task_id: "s" }).expand({ params: [3, { a: 9 }, { a: 2 }] });`, params);
    expect(run.instance("s", 0).error?.code).toBe("invalid-params");
    expect(run.instance("s", 1).error?.code).toBe("invalid-params");
    expect(run.instance("s", 2).state).toBe("success");
  });

  it("are an input of their own where a task function has one of that name", async () => {
    const run = await runDag(
      `const f = task({ task_id: "f" }, ({ params }: { params: number }) => params * 2);`,
      `f.expand({ params: [1, 2] });`,
    );
    expect([run.xcom("f", 0), run.xcom("f", 1)]).toEqual([2, 4]);
  });
});
