import { describe, expect, it } from "vitest";
import { Project, dagSource, runDag, runToEnd } from "../runtime/support/project.js";

const DATE = new Date("2022-04-02T10:30:00Z");
const ECHO = `
  const echo = task({ task_id: "echo" }, ({ x }: { x: unknown }) => x);
  const produce = task({ task_id: "produce" }, () => ["{{ ds }}", "plain"]);
  const produceDicts = task({ task_id: "produce_dicts" }, () => [{ x: "{{ ds }}" }, { x: ["{{ ds }}"] }]);
  class Load extends BaseOperator<{ sql?: unknown; raw?: unknown }, unknown> {
    static override readonly template_fields = ["sql"];
    static override readonly template_ext = [".sql"];
    async execute() { return this.args; }
  }`;

const run = (body: string): ReturnType<typeof runDag> => runDag(ECHO, body, { logical_date: DATE });

describe("§2.11 templating: the value of a task function's input", () => {
  it.each([
    ["given to a call: rendered", `echo({ x: "{{ ds }}" });`, "2022-04-02"],
    ["nested in lists and dicts: rendered", `echo({ x: [{ a: "{{ ds }}" }, "b"] });`, [{ a: "2022-04-02" }, "b"]],
    ["a key of a dict: not rendered", `echo({ x: { "{{ ds }}": 1 } });`, { "{{ ds }}": 1 }],
    ["a result of another task: not rendered", `echo({ x: produce() });`, ["{{ ds }}", "plain"]],
    ["a result beside a template", `echo({ x: [produce(), "{{ ds }}"] });`, [["{{ ds }}", "plain"], "2022-04-02"]],
  ])("%s", async (_, body, expected) => {
    expect((await run(body)).xcom("echo")).toEqual(expected);
  });

  it.each([
    ["partial: rendered", `echo2.partial({ x: "{{ ds }}" }).expand({ y: [1] });`, "2022-04-02"],
    ["a literal in expand: rendered", `echo.expand({ x: ["{{ ds }}"] });`, "2022-04-02"],
    ["a literal in expand, nested: rendered", `echo.expand({ x: [{ a: ["{{ ds }}"] }] });`, { a: ["2022-04-02"] }],
    [
      "a literal dict in expand: key and value rendered",
      `echo.expand({ x: { "{{ ds }}": "{{ ds }}" } });`,
      ["2022-04-02", "2022-04-02"],
    ],
    ["an element from a result in expand: not rendered", `echo.expand({ x: produce() });`, "{{ ds }}"],
    [
      "an element that was mapped: not rendered",
      `echo.expand({ x: produce().map((one: string) => one + "!") });`,
      "{{ ds }}!",
    ],
    [
      "a result as one item of a literal list: not rendered",
      `echo.expand({ x: [produce(), "{{ ds }}"] });`,
      ["{{ ds }}", "plain"],
    ],
    ["a literal in expand_kwargs: rendered", `echo.expand_kwargs([{ x: ["{{ ds }}"] }]);`, ["2022-04-02"]],
    ["a result in expand_kwargs: rendered", `echo.expand_kwargs(produceDicts());`, "2022-04-02"],
    [
      "a result as a value in expand_kwargs: not rendered",
      `echo.expand_kwargs([{ x: produce() }]);`,
      ["{{ ds }}", "plain"],
    ],
  ])("%s", async (_, body, expected) => {
    const definitions = `const echo2 = task({ task_id: "echo" }, ({ x, y: _ }: { x: unknown; y: number }) => x);`;
    const done = await runDag(ECHO + definitions, body, { logical_date: DATE });
    expect(done.xcom("echo", 0)).toEqual(expected);
  });

  it("is rendered in every item of a result in expand_kwargs, at any depth", async () => {
    expect((await run(`echo.expand_kwargs(produceDicts());`)).xcom("echo", 1)).toEqual(["2022-04-02"]);
  });
});

describe("§2.11 templating: the value of an operator's argument", () => {
  it.each([
    ["given, template field: rendered", `new Load({ task_id: "l", sql: "{{ ds }}" });`, -1, { sql: "2022-04-02" }],
    ["given, no template field: not rendered", `new Load({ task_id: "l", raw: "{{ ds }}" });`, -1, { raw: "{{ ds }}" }],
    [
      "partial, template field: rendered",
      `Load.partial({ task_id: "l", sql: "{{ ds }}" }).expand({ raw: [1] });`,
      0,
      { sql: "2022-04-02", raw: 1 },
    ],
    [
      "partial, no template field: not rendered",
      `Load.partial({ task_id: "l", raw: "{{ ds }}" }).expand({ sql: ["a"] });`,
      0,
      { sql: "a", raw: "{{ ds }}" },
    ],
    [
      "expand, literal, template field: rendered",
      `Load.partial({ task_id: "l" }).expand({ sql: ["{{ ds }}"] });`,
      0,
      { sql: "2022-04-02" },
    ],
    [
      "expand, literal, no template field: not rendered",
      `Load.partial({ task_id: "l" }).expand({ raw: ["{{ ds }}"] });`,
      0,
      { raw: "{{ ds }}" },
    ],
    [
      "expand, from a result: not rendered",
      `Load.partial({ task_id: "l" }).expand({ sql: produce() });`,
      0,
      { sql: "{{ ds }}" },
    ],
    [
      "expand_kwargs: rendered in template fields only",
      `Load.partial({ task_id: "l" }).expand_kwargs([{ sql: "{{ ds }}", raw: "{{ ds }}" }]);`,
      0,
      { sql: "2022-04-02", raw: "{{ ds }}" },
    ],
  ])("%s", async (_, body, index, expected) => {
    expect((await run(body)).xcom("l", index)).toEqual(expected);
  });

  it.each([
    ["given", `new Load({ task_id: "l", sql: "sql/query.sql" });`, -1, "select '2022-04-02' -- shared"],
    [
      "in partial",
      `Load.partial({ task_id: "l", sql: "sql/query.sql" }).expand({ raw: [1] });`,
      0,
      "select '2022-04-02' -- shared",
    ],
    [
      "a literal in expand",
      `Load.partial({ task_id: "l" }).expand({ sql: ["sql/query.sql"] });`,
      0,
      "select '2022-04-02' -- shared",
    ],
    [
      "an element from a result in expand is no file",
      `Load.partial({ task_id: "l" }).expand({ sql: files() });`,
      0,
      "sql/query.sql",
    ],
    ["of no template field is no file", `new Load({ task_id: "l", raw: "sql/query.sql" });`, -1, undefined],
  ])("a file by its ending: %s", async (_, body, index, expected) => {
    const definitions = `${ECHO} const files = task({ task_id: "files" }, () => ["sql/query.sql"]);`;
    const project = new Project({
      "dag.ts": dagSource(definitions, body),
      "sql/query.sql": "select '{{ ds }}' {% include 'sql/shared.sql' %}\n",
      "sql/shared.sql": "-- shared\n",
    });
    const done = await runToEnd(project, { logical_date: DATE });
    expect((done.xcom("l", index) as { sql?: string }).sql).toEqual(expected);
  });
});
