import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DagFolder, type Executed } from "./process.js";

const MARK = "/*at*/";

const HEAD = `import { BaseOperator, EmptyOperator, type XComArg, chain, dag, setup, task, task_group, teardown } from "fanout";
interface Unused { a: string }
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
class Load extends BaseOperator<{ sql: string }, number> { execute() { return 1; } }
class Built extends Load { constructor(args: { task_id: string; sql: string }) { super(args); } }
const loose = add as any;
const group = task_group({ group_id: "g" }, ({ x }: { x: XComArg<number> }) => add({ x, y: 1 }));
const outer = (body: (x: any) => unknown) => task_group({ group_id: "o" }, ({ x }: { x: XComArg<number> }) => void body(x));
const create = setup({ task_id: "create" }, () => 1);
const remove = teardown({ task_id: "remove" }, () => null);
`;

/** Each with the place where it is made. */
const MISTAKES: readonly (readonly [code: string, body: string])[] = [
  ["unmappable-parameter", `loose.partial({ y: 1 }).${MARK}expand({ x: [1], pool: ["a"] });`],
  ["not-mappable", `loose.partial({ y: 1 }).${MARK}expand({ x: 5 });`],
  ["not-mappable", `loose.${MARK}expand_kwargs(5);`],
  ["never-expanded", `const p = add.${MARK}partial({ y: 1 });\nadd({ x: 1, y: 1 });`],
  ["never-expanded", `Load.${MARK}partial({ task_id: "l" });`],
  ["duplicate-task-id", `new Load({ task_id: "l", sql: "s" });\n${MARK}new Load({ task_id: "l", sql: "s" });`],
  ["missing-task-id", `const t = task(() => 1);\n${MARK}t();`],
  ["invalid-id", `${MARK}new EmptyOperator({ task_id: "a b" });`],
  ["cycle", `const a = add({ x: 1, y: 1 });\nconst b = add({ x: a, y: 1 });\n${MARK}chain(b, a);`],
  ["invalid-argument", `const t = add.override({ retries: -1 });\n${MARK}t({ x: 1, y: 1 });`],
  ["empty-expand", `group.${MARK}expand({} as never);`],
  ["not-mappable", `group.${MARK}expand({ x: 5 });`],
  ["not-mappable", `group.${MARK}expand_kwargs(5 as never);`],
  ["unknown-parameter", `group.${MARK}partial({ z: 1 } as never);`],
  ["partial-and-expand", `(group.partial({ x: 1 }) as any).${MARK}expand({ x: [1] });`],
  ["never-expanded", `group.${MARK}partial({ x: 1 });`],
  ["nested-mapping", `outer(() => loose.${MARK}expand({ x: [1], y: [1] })).expand({ x: [1] });`],
  ["nested-mapping", `outer((x) => group.${MARK}expand({ x })).expand({ x: [1] });`],
  ["nested-mapping", `outer((x) => x.${MARK}map(String)).expand({ x: [1] });`],
  ["invalid-argument", `outer((x) => x.${MARK}get(1)).expand({ x: [1] });`],
  ["map-over-mapped-group", `const sums = group.expand({ x: [1] });\nloose.${MARK}expand({ x: sums, y: [1] });`],
  [
    "always-with-mapping",
    `const t = add.override({ trigger_rule: "always" });\nouter((x) => ${MARK}t({ x, y: 1 })).expand({ x: [1] });`,
  ],
  ["invalid-argument", `remove().${MARK}as_setup();`],
  ["invalid-argument", `create().${MARK}as_teardown();`],
  [
    "invalid-argument",
    `const t = new EmptyOperator({ task_id: "t", trigger_rule: "all_done" });\nt.${MARK}as_teardown();`,
  ],
  ["invalid-argument", `(group({ x: 1 }), outer(() => 1)({ x: 1 }) as any).${MARK}as_setup();`],
  ["invalid-argument", `${MARK}setup(group as never);`],
  ["outside-dag", `queueMicrotask(() => 0);\n}); ${MARK}add({ x: 1, y: 1 }); dag({ dag_id: "b" }, () => {`],
];
const fileOf = (index: number): string => `mistake${index}.dag.ts`;
const textOf = (body: string): string => `${HEAD}dag({ dag_id: "points" }, () => {\n${body}\n});\n`;

describe("source points", () => {
  let folder: DagFolder;
  let executed: readonly Executed[] = [];
  beforeAll(async () => {
    folder = await DagFolder.create();
    executed = await folder.executeAll(MISTAKES.map(([, body], index) => [fileOf(index), textOf(body)]));
  });
  afterAll(() => folder.remove());

  it("of tasks, edges and the DAG are in the TypeScript source", async () => {
    const text = `${HEAD}
export default ${MARK}dag({ dag_id: "points" }, () => {
  const a = ${MARK}add({ x: 1, y: 1 });
  const b = add
    .partial({ y: 1 })
    .${MARK}expand({ x: [1, 2] });
  const c = ${MARK}new Load({ task_id: "c", sql: "s" });
  const d = ${MARK}new Built({ task_id: "d", sql: "s" });
  const e = Load.partial({ task_id: "e" }).${MARK}expand({ sql: ["s"] });
  ${MARK}chain(a, b);
  c.${MARK}set_downstream(d);
  const helper = () => ${MARK}add({ x: 1, y: 1 });
  helper();
  const [f] = [{ x: e.output as never, y: 1 }].${MARK}map(add);
});
`;
    const { models } = await folder.execute("points.dag.ts", text);
    const [model] = models as [{ span: unknown; tasks: { span: unknown }[]; edges: { span: unknown }[] }];
    const [dag, a, b, c, d, e, chained, linked, helper, mapped] = marks(folder.path("points.dag.ts"), text);
    expect(model.span).toEqual(dag);
    expect(model.tasks.map(({ span }) => span)).toEqual([a, b, c, d, e, helper, mapped]);
    expect(model.edges.map(({ span }) => span)).toEqual([chained, linked, mapped]);
  });

  it.each(MISTAKES.map(([code, body], index) => [code, body, index] as const))(
    "of the mistake %s are where it is made (%#)",
    (code, body, index) => {
      const [at] = marks(folder.path(fileOf(index)), textOf(body));
      expect(executed[index]?.error).toEqual({ code, at });
    },
  );

  it.each(["esm", "cjs"] as const)(
    "and everything else cross from one copy of fanout to another, in %s",
    async (format) => {
      const text = `${HEAD}
export = 0 as never;
dag({ dag_id: "copies" }, () => {
  chain(add.partial({ y: 1 }).expand({ x: [1, 2] }), new Load({ task_id: "load", sql: "s" }));
  group.expand({ x: [create()] }).as_teardown({ setups: create() });
});
`.replace("export = 0 as never;", "");
      const { models } = await folder.execute(`copies.${format}.dag.ts`, text, format);
      expect(models).toMatchObject([
        {
          dag_id: "copies",
          groups: [{ group_id: "g", mapping: { kind: "expand" } }],
          edges: [
            ...[
              { from: "add", to: "load" },
              { from: "create", to: "g.add" },
              { from: "create__1", to: "g.add" },
            ],
          ],
        },
      ]);
    },
  );
});

/** Where the marks stand: at the character after each. */
function marks(file: string, text: string): { file: string; line: number; column: number }[] {
  return text.split("\n").flatMap((line, index) => {
    const at = line.indexOf(MARK);
    return at < 0 ? [] : [{ file, line: index + 1, column: at + MARK.length + 1 }];
  });
}
