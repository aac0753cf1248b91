import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { task } from "fanout";
import type { RunErrorCode } from "#core/errorCodes.js";
import { loose, refusal } from "../authoring/declare.js";
import { Project, type FinishedRun, dagSource, runToEnd } from "../runtime/support/project.js";

/** One row of airflow-semantics §3 that shows only when the DAG runs. */
interface Row {
  /** Row, and what is wrong. */
  readonly of: string;
  /** The instance that fails: task, or task and index. */
  readonly fails: readonly [task_id: string, map_index?: number];
  readonly code: RunErrorCode;
  readonly definitions: string;
  /** The line to blame ends in `// here`, in either of both. */
  readonly body: string;
  /** Beside the one that fails. */
  readonly states?: Readonly<Record<string, string>>;
}

const tasks = `
const use = task({ task_id: "use" }, ({ a, b = 0 }: any) => ({ a, b }));
const any = task({ task_id: "any" }, (inputs: any) => inputs);
const few = task({ task_id: "few" }, () => ["a", "b"]);
class Load extends BaseOperator<{ sql: string; n?: number }, string> {
  execute() { return this.args.sql; }
}
const give = (value: any, options: any = {}) => task({ task_id: "give", ...options }, (): any => value);`;

const given = (value: string, rest: string): string => `const g: any = give(${value})(); // source\n${rest}`;
const kwargs = (value: string): string => given(value, `use.partial({ b: 1 }).expand_kwargs(g); // here`);
const source = (value: string, options = "{}"): string =>
  `const g: any = give(${value}, ${options})(); // here\nuse.expand({ a: g });`;

const kwargsRows: readonly (readonly [string, string, RunErrorCode])[] = [
  ["DTM305 a dict", "{ a: 1 }", "not-mappable"],
  ["DTM306 a number", "[5]", "not-mappable"],
  ["DTM306 null", "[null]", "not-mappable"],
  ["DTM307 a name that is a number", "[{ 5: 1 }]", "invalid-argument"],
  ["DTM309 a name of partial", "[{ a: 1, b: 2 }]", "partial-and-expand"],
  ["DTM310 an unknown name", "[{ a: 1, q: 2 }]", "unknown-parameter"],
  ["§3.4 an argument of all operators", "[{ a: 1, pool: 'p' }]", "unmappable-parameter"],
];

const sourceRows: readonly (readonly [string, string, RunErrorCode, string?])[] = [
  ["DTM601 nothing", "null", "xcom-not-pushed"],
  ["DTM602 a text", "'abc'", "not-mappable"],
  ["DTM602 a number", "5", "not-mappable"],
  ["DTM602 true", "true", "not-mappable"],
  ["DTM602 a Set", "new Set([1])", "xcom-not-serializable"],
  ["DTM603 with do_xcom_push false", "[1]", "xcom-not-pushed", "{ do_xcom_push: false }"],
  ["DTM604 too long", "Array(2000).fill(0)", "xcom-too-long"],
  ["DTM608 no dict for multiple_outputs", "[1]", "multiple-outputs", "{ multiple_outputs: true }"],
  ["DTM609 a BigInt", "[1n]", "xcom-not-serializable"],
];

const ROWS: readonly Row[] = [
  ...kwargsRows.map(([of, value, code]): Row => {
    return { of: `${of} in expand_kwargs`, fails: ["use", 0], code, definitions: tasks, body: kwargs(value) };
  }),
  ...sourceRows.map(([of, value, code, options]): Row => {
    const states = { use: "upstream_failed" };
    return {
      of: `${of}, mapped over`,
      fails: ["give"],
      code,
      definitions: tasks,
      body: source(value, options),
      states,
    };
  }),
  {
    ...{
      of: "DTM308 a name of partial, of an operator",
      fails: ["l", 0],
      code: "partial-and-expand",
      definitions: tasks,
    },
    body: given("[{ sql: 's', n: 2 }]", `Load.partial({ task_id: "l", n: 1 }).expand_kwargs(g); // here`),
  },
  {
    ...{
      of: "DTM312 an input of a group that is missing",
      fails: ["g.use", 0],
      code: "missing-input",
      definitions: tasks,
    },
    body: given(
      "[{ y: 1 }]",
      `const group = task_group({ group_id: "g" }, ({ x, y }: any) => void use({ a: x, b: y }));
       group.expand_kwargs(g); // here`,
    ),
  },
  {
    ...{ of: "DTM223 the task's own error", fails: ["own"], code: "task-failed" },
    definitions: `const own = task({ task_id: "own" }, ({ n }: any) =>
      n.length); // here`,
    body: `own({ n: null } as any);`,
  },
  {
    ...{ of: "DTM417 map over a text", fails: ["use"], code: "not-mappable", definitions: tasks },
    body: given("'abc'", `use({ a: g.map((x: any) => x) }); // here`),
  },
  {
    ...{ of: "DTM418 a function of map that throws", fails: ["use", 0], code: "task-failed", definitions: tasks },
    body: given("[{}]", `use.expand({ a: g.map((x: any) =>\n x.no.length) }); // here`),
  },
  {
    ...{ of: "DTM418 a function of map that is async", fails: ["use", 0], code: "async-map", definitions: tasks },
    body: `use.expand({ a: few().map(async (x) => x) }); // here`,
  },
  {
    ...{ of: "DTM419 map of a dict", fails: ["use", 0], code: "not-a-list", definitions: tasks },
    body: given("{ a: 1 }", `use.expand({ a: g.map((x: any) => x) }); // here`),
  },
  {
    ...{ of: "DTM420 zip with a dict", fails: ["use", 0], code: "not-a-list", definitions: tasks },
    body: given("{ a: 1 }", `use.expand({ a: few().zip(g) }); // here`),
  },
  {
    ...{ of: "DTM421 an entry that is not there", fails: ["use"], code: "xcom-not-found", definitions: tasks },
    body: given("{ a: 1 }", `use({ a: g.get("z") }); // here`),
  },
  {
    ...{ of: "DTM409 an entry of a list", fails: ["use"], code: "not-a-dict", definitions: tasks },
    body: given("[1]", `use({ a: g.get("0") }); // here`),
  },
  {
    ...{ of: "DTM514 a branch to no task", fails: ["b"], code: "branch-unknown-task", definitions: tasks },
    body: `const b = task.branch({ task_id: "b" }, () => "nowhere")(); // here\nchain(b, few());`,
  },
  {
    ...{ of: "DTM514 a branch that returns a number", fails: ["b"], code: "branch-not-task-ids", definitions: tasks },
    body: `const b = task.branch({ task_id: "b" }, (): any => 5)(); // here\nchain(b, few());`,
  },
  {
    ...{
      of: "DTM607 an operator that returns nothing, mapped over",
      fails: ["e"],
      code: "xcom-not-pushed",
      definitions: tasks,
    },
    body: `const e = new EmptyOperator({ task_id: "e" }); // here\nuse.expand({ a: e.output } as any);`,
  },
  {
    ...{ of: "DTM607 a last line, mapped over", fails: ["sh"], code: "not-mappable", definitions: tasks },
    body: `const e = new BashOperator({ task_id: "sh", bash_command: "echo hi" }); // here\nuse.expand({ a: e.output } as any);`,
  },
  {
    ...{ of: "DTM612 what a branch returns, mapped over", fails: ["b"], code: "not-mappable", definitions: tasks },
    body: `const b: any = task.branch({ task_id: "b" }, () => "use")(); // here\nuse.expand({ a: b });`,
  },
  {
    ...{
      of: "DTM612 what a short circuit returns, mapped over",
      fails: ["s"],
      code: "not-mappable",
      definitions: tasks,
    },
    body: `const s: any = task.short_circuit({ task_id: "s" }, () => true)(); // here\nuse.expand({ a: s });`,
  },
  {
    ...{ of: "a variable that is not there", fails: ["v"], code: "missing-variable" },
    definitions: `import { Variable } from "fanout";
      const v = task({ task_id: "v" }, () =>
        Variable.get("nowhere")); // here`,
    body: `v();`,
  },
  {
    ...{ of: "a connection that is not there", fails: ["c"], code: "missing-connection" },
    definitions: `import { get_connection } from "fanout";
      const c = task({ task_id: "c" }, () =>
        get_connection("nowhere")); // here`,
    body: `c();`,
  },
  {
    ...{ of: "a template that does not parse", fails: ["t"], code: "template-failed" },
    definitions: `const t = task({ task_id: "t" }, ({ x }: any) => x);`,
    body: `t({ x: "{{ ds" } as any); // here`,
  },
  {
    ...{ of: "a template that asks for what is not there", fails: ["t"], code: "template-failed" },
    definitions: `const t = task({ task_id: "t" }, ({ x }: any) => x);`,
    body: `t({ x: "{{ params.nobody.name }}" } as any); // here`,
  },
  {
    ...{ of: "DTM610 a reducer that writes into the list", fails: ["sort"], code: "task-failed" },
    definitions: `${tasks}\nconst sort = task({ task_id: "sort" }, ({ xs }: any) =>\n xs.sort()); // here`,
    body: `sort({ xs: any.expand({ n: [2, 1] } as any) });`,
  },
];

/** The message says what to do, or the person's own code does. */
const TOLD: readonly RunErrorCode[] = ["task-failed", "missing-variable", "missing-connection"];

/** Runs the row and gives the line to blame. */
async function play({ definitions, body }: Row): Promise<{ run: FinishedRun; line: number; file: string }> {
  const project = new Project({
    "dag.ts": dagSource(`import { BashOperator, EmptyOperator, task_group } from "fanout";\n${definitions}`, body),
  });
  const file = project.path("dag.ts");
  const line =
    readFileSync(file, "utf8")
      .split("\n")
      .findIndex((text) => text.endsWith("// here")) + 1;
  return { run: await runToEnd(project, { parallelism: 1 }), line, file };
}

describe("§3 bad input that shows only at run time", () => {
  it.each(ROWS.map((row) => [row.of, row.code, row] as const))("%s: %s", async (_of, code, row) => {
    const { run, line, file } = await play(row);
    expect(run.result.state).toBe("failed");
    const { state, error } = run.instance(...row.fails);
    expect([state, error?.code]).toEqual(["failed", code]);
    expect(error?.at).toMatchObject({ file, line });
    if (!TOLD.includes(code)) expect(error?.advice).toMatch(/^[A-Zd'].*[.?]$/);
    for (const [task_id, expected] of Object.entries(row.states ?? {})) expect(run.task(task_id).state).toBe(expected);
  });
});

describe("§2.10 a branch that is mapped outside of a mapped group", () => {
  it.each([
    ["branch", () => loose(task.branch({ task_id: "b" }, (_: object) => "a")).expand({ x: [1] })],
    ["short_circuit", () => loose(task.short_circuit({ task_id: "s" }, (_: object) => true)).expand({ x: [1] })],
  ])("DTM515: task.%s is refused", (_kind, body) => {
    expect(refusal(() => void body())).toBe("mapped-branch");
  });
});
