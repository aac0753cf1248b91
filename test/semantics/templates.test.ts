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

describe("§2.11 rendered values", () => {
  it("are kept with the instance, with what the mapping gave and what was rendered of the shared inputs", async () => {
    const definitions = `const show = task({ task_id: "show" }, ({ x, y, z: _ }: { x: string; y: unknown; z: number }) => [x, y]);`;
    const body = `show.partial({ y: ["{{ ds }}", produce()], z: 1 }).expand({ x: ["{{ ti.map_index }}", "plain"] });`;
    const done = await runDag(ECHO + definitions, body, { logical_date: DATE });
    const y = ["2022-04-02", ["{{ ds }}", "plain"]];
    expect(done.instance("show", 0).rendered).toEqual({ x: "0", y, z: 1 });
    expect(done.instance("show", 1).rendered).toEqual({ x: "plain", y, z: 1 });
  });

  it("are kept of a task that is not mapped", async () => {
    const done = await run(`echo({ x: "{{ ds_nodash }}" });`);
    expect(done.instance("echo").rendered).toEqual({ x: "20220402" });
  });

  it("see the params of their own instance", async () => {
    const body = `Load.partial({ task_id: "l", sql: "{{ params.n }}" }).expand({ params: [{ n: 1 }, { n: 2 }] });`;
    const done = await run(body);
    expect([done.xcom("l", 0), done.xcom("l", 1)]).toEqual([{ sql: "1" }, { sql: "2" }]);
  });

  it("hold what an upstream task returned, whose reference is a text", async () => {
    const body = `const up = produce(); const down = echo({ x: \`\${up.toString()}\` }); chain(up, down);`;
    expect((await run(body)).xcom("echo")).toBe("['{{ ds }}', 'plain']");
  });

  it("draw no edge, as in Airflow", async () => {
    const done = await run("echo({ x: `${produce().toString()}` });");
    expect(done.run.tasks.map(({ task_id }) => task_id)).toEqual(["produce", "echo"]);
    const events = done.events.flatMap((event) => (event.type === "run_started" ? event.model.edges : []));
    expect(events).toEqual([]);
  });
});

describe("§2.11 a template that fails", () => {
  it.each([
    ["an unknown name", `echo({ x: "a\\nb {{ nobody }}" });`, 2],
    ["a template that cannot be read", `echo({ x: "{{ ds" });`, 1],
    ["an unknown filter", `echo({ x: "{{ ds | nobody }}" });`, 1],
    ["a template file that is not there", `new Load({ task_id: "echo", sql: "nowhere.sql" });`, null],
    ["a template file outside of the folders", `new Load({ task_id: "echo", sql: "../secret.sql" });`, null],
  ])("fails its instance alone: %s", async (_, body, line) => {
    const done = await run(`${body} produce();`);
    const { error } = done.instance("echo");
    expect(error).toMatchObject({ code: "template-failed", at: { line: expect.any(Number) as number } });
    expect(error?.advice).toBeTruthy();
    if (line !== null) expect(error?.message).toContain(`line ${line}`);
    expect(done.instance("produce").state).toBe("success");
  });

  it("keeps what a variable or connection says that is not there", async () => {
    const done = await run(`echo({ x: "{{ var.value.nobody }}" }); produce.override({ task_id: "p" })();`);
    expect(done.instance("echo").error?.code).toBe("missing-variable");
    expect(done.instance("p").state).toBe("success");
  });

  it("names the file and the line of a template file", async () => {
    const project = new Project({
      "dag.ts": dagSource(ECHO, `new Load({ task_id: "l", sql: "a.sql" });`),
      "a.sql": "select 1\n{% include 'b.sql' %}",
      "b.sql": "\n\n{{ nobody }}",
    });
    const { error } = (await runToEnd(project)).instance("l");
    expect(error?.message).toContain("'b.sql'");
    expect(error?.message).toContain("line 3");
  });
});

describe("§2.11 options of templates", () => {
  const within = (options: string, body: string, files = {}): Project =>
    new Project({ "dag.ts": dagSource(ECHO, body).replace('dag_id: "d"', `dag_id: "d", ${options}`), ...files });

  it.each([
    ["{{ params.n }}", 5],
    ["{{ [1, none, true] }}", [1, null, true]],
    ["{{ params.n }}-", "5-"],
    ["{{ '[1, 2]' }}", [1, 2]],
    ["{'a': {{ params.n }} }", { a: 5 }],
    ["{{ logical_date }}", DATE.toJSON()],
    ["{{ ds }}", "2022-04-02"],
  ])("render_template_as_native_obj: %s gives a value", async (template, expected) => {
    const options = "render_template_as_native_obj: true, params: { n: 5 }";
    const project = within(options, `echo({ x: ${JSON.stringify(template)} });`);
    expect((await runToEnd(project, { logical_date: DATE })).xcom("echo")).toEqual(expected);
  });

  it("template_searchpath: files lie beside the DAG file first, then in these folders", async () => {
    const files = { "lib/a.sql": "{% extends 'base.sql' %}{% block b %}{{ super() }}, child{% endblock %}" };
    const more = {
      "lib/deep/base.sql": "[{% block b %}base{% endblock %}]",
      "lib/deep/own.sql": "no",
      "own.sql": "own",
    };
    const body = `new Load({ task_id: "l", sql: ["a.sql", "own.sql"] });`;
    const project = within(`template_searchpath: ["lib", "lib/deep"]`, body, { ...files, ...more });
    expect((await runToEnd(project)).xcom("l")).toEqual({ sql: ["[base, child]", "own"] });
  });

  it.each(["bad.sql", "lib/bad.sql"])(
    "a file that fails is named as the person names it, not by where it lies: %s",
    async (place) => {
      const files = { [place]: "select 1\nfrom {{ nobody }}" };
      const project = within(`template_searchpath: "lib"`, `new Load({ task_id: "l", sql: "bad.sql" });`, files);
      const { error } = (await runToEnd(project)).instance("l");
      expect(error?.code).toBe("template-failed");
      expect(error?.message).toContain(`'${place}'`);
      expect(error?.message).toContain("line 2");
    },
  );
});

describe("§2.2 templates of bash", () => {
  it("are the command, the environment and the folder of a BashOperator", async () => {
    const definitions = `import { BashOperator } from "fanout";`;
    const body = `new BashOperator({ task_id: "b", bash_command: "echo {{ ds }} $NAME; pwd", env: { NAME: "{{ dag.dag_id }}" }, append_env: true, cwd: "{{ '/' }}" });`;
    const done = await runDag(definitions, body, { logical_date: DATE });
    expect(done.xcom("b")).toBe("/");
    expect(done.log("b")).toContain("2022-04-02 d");
  });

  it("are script files by their ending", async () => {
    const body = `new BashOperator({ task_id: "b", bash_command: "run.sh" });`;
    const source = dagSource(`import { BashOperator } from "fanout";`, body);
    const project = new Project({ "dag.ts": source, "run.sh": "echo one\necho {{ ds }}\n" });
    expect((await runToEnd(project, { logical_date: DATE })).xcom("b")).toBe("2022-04-02");
  });

  it("are what the function of a task.bash returns, with the function's inputs as names", async () => {
    const definitions = `const say = task.bash({ task_id: "say" }, ({ x: _ }: { x: number }) => "echo {{ x }} {{ ds }}");`;
    const done = await runDag(definitions, `say.expand({ x: [1, 2] });`, { logical_date: DATE });
    expect([done.xcom("say", 0), done.xcom("say", 1)]).toEqual(["1 2022-04-02", "2 2022-04-02"]);
  });
});
