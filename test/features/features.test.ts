import { describe, expect, it } from "vitest";
import { codeLens } from "../../server/src/features/codeLens.js";
import { documentSymbols, type OutlineEntry } from "../../server/src/features/documentSymbols.js";
import { explain } from "../../server/src/features/explain.js";
import { hover } from "../../server/src/features/hover.js";
import { inlayHints } from "../../server/src/features/inlayHints.js";
import { LastGoodModels } from "../../server/src/features/lastGoodModels.js";
import { syntaxErrors } from "../../server/src/features/syntaxErrors.js";
import { SharedProject } from "../support/sharedProject.js";

const projects = new SharedProject();

const etl = `
  import { BashOperator, dag, task } from "fanout";
  const list_files = task({ task_id: "list_files" }, () => ["a", "b"]);
  const load = task({ task_id: "load", retries: 2 }, ({ file, n }: { file: string; n: number }) => file.length + n);
  const total = task({ task_id: "total", trigger_rule: "none_failed" }, ({ sizes }: { sizes: number[] }) => sizes.length);
  export default dag({ dag_id: "etl" }, () => {
    const sizes = load.partial({ n: 1 }).expand({ file: list_files() });
    total({ sizes });
    load.override({ task_id: "cross" }).expand({ file: ["a", "b", "c"], n: [1, 2] });
    load.override({ task_id: "none" }).partial({ n: 1 }).expand({ file: [] });
    BashOperator.partial({ task_id: "print" }).expand({ bash_command: ["echo a"] });
    for (const n of [1, 2]) load.override({ task_id: \`loop_\${n}\` }).partial({ n }).expand({ file: n > 1 ? ["a"] : ["a", "b"] });
  });
`;

function read(source: string) {
  const { workspace, fixture } = projects.open(source);
  return { facts: workspace.analyze(fixture.main), types: workspace.typeQueries(fixture.main), workspace, fixture };
}

/** What hovering the first, or a later, occurrence of a name shows. */
function hoverOn(name: string, occurrence = 1): string | undefined {
  const { facts, types } = read(etl);
  let offset = -1;
  for (let count = 0; count < occurrence; count++) offset = facts.sourceFile.text.indexOf(name, offset + 1);
  return hover(facts, offset, types);
}

describe("hover", () => {
  it("shows a mapped task with its count, inputs, upstream types and options", () => {
    expect(hoverOn("load.partial")).toMatchInlineSnapshot(`
      "**\`load\`** \`[from list_files]\` — \`task\` in DAG \`etl\`

      - \`file\` ← \`list_files\`: \`string[]\` _(expand)_
      - \`n\` ← \`1\` _(partial)_

      Retries \`2\` · trigger rule \`all_success\`"
    `);
  });

  it("shows a reduce, and a task that will be skipped", () => {
    expect(hoverOn("total({ sizes })")).toMatchInlineSnapshot(`
      "**\`total\`** — \`task\` in DAG \`etl\`

      - \`sizes\` ← \`load\`: \`number[]\`

      Retries \`0\` · trigger rule \`none_failed\`"
    `);
    expect(hoverOn('override({ task_id: "none"')).toMatchInlineSnapshot(`
      "**\`none\`** \`[0]\` — \`task\` in DAG \`etl\`

      Nothing to map over: this task will be skipped.

      - \`file\` ← \`[]\` _(expand)_
      - \`n\` ← \`1\` _(partial)_

      Retries \`2\` · trigger rule \`all_success\`"
    `);
  });

  it("shows the same for the id, the definition, a variable that holds the task, and its uses", () => {
    const expected = hoverOn("total({ sizes })");
    expect(hoverOn('"total"')).toBe(expected);
    expect(hoverOn("total =")).toBe(expected);
    expect(hoverOn("sizes = load")).toBe(hoverOn("load.partial"));
    expect(hoverOn("sizes });")).toBe(hoverOn("load.partial"));
  });

  it("shows several tasks of one definition, and counts those of a long loop", () => {
    const shown = hoverOn("load =");
    expect(shown?.match(/\*\*`/g)).toHaveLength(3);
    expect(shown).toContain("2 more");
  });

  it("shows an operator by its class", () => {
    expect(hoverOn("BashOperator.partial")).toContain("**`print`** `[1]` — `BashOperator`");
  });

  it("is silent elsewhere", () => {
    expect(hoverOn("dag_id")).toBeUndefined();
    expect(hoverOn("=> file.length")).toBeUndefined();
    expect(hoverOn("[1, 2] });")).toBeUndefined();
  });
});

const grouped = `
  import { chain, dag, setup, task, task_group, teardown, type XComArg } from "fanout";
  const sizes = task({ task_id: "sizes" }, () => [1, 2]);
  const make = setup(function make({ size }: { size: number }) { return size; });
  const drop = teardown({ task_id: "drop" }, () => null);
  const cluster = task_group({ group_id: "cluster" }, ({ size, zone }: { size: XComArg<number>; zone: XComArg<string> }) => {
    const made = make({ size });
    chain(made, drop().as_teardown({ setups: made }));
  });
  export default dag({ dag_id: "clusters" }, () => {
    const all = cluster.partial({ zone: "a" }).expand({ size: sizes() });
    cluster.expand({ size: [1, 2], zone: ["a", "b", "c"] });
    cluster.override({ group_id: "none" }).partial({ zone: "a" }).expand({ size: [] });
    cluster({ size: 1, zone: "b" });
  });
`;

describe("task groups, setups and teardowns", () => {
  const over = (name: string): string | undefined => {
    const { facts, types } = read(grouped);
    return hover(facts, facts.sourceFile.text.indexOf(name), types);
  };

  it("hover tells over what a group is mapped, and what stands in it", () => {
    expect(over("cluster.partial")).toMatchInlineSnapshot(`
      "**\`cluster\`** \`[from sizes]\` — task group in DAG \`clusters\`

      - \`size\` ← \`sizes\`: \`number[]\` _(expand)_
      - \`zone\` ← \`"a"\` _(partial)_

      Tasks \`cluster.make\`, \`cluster.drop\`"
    `);
    expect(over("all =")).toBe(over("cluster.partial"));
    expect(over("cluster.override")).toContain("Nothing to map over");
    expect(over("cluster =")).toContain("… and 1 more groups.");
    expect(over("cluster({ size: 1")).not.toContain("[");
  });

  it("hover tells what a task is to others, and how many instances it has in a mapped group", () => {
    expect(over("make({ size });")).toContain("**`cluster.make`** `[from sizes]`");
    expect(over("make({ size });")).toContain("(setup ↗)");
    expect(over("drop()")).toContain("all_done_setup_success");
  });

  it("inlay hints stand behind the expand of a group too", () => {
    const hints = inlayHints(read(grouped).facts);
    expect(hints.map(({ at, label }) => [at.line, label])).toEqual([
      [10, "[from sizes]"],
      [11, "[2×3=6]"],
      [12, "[0: skipped]"],
    ]);
  });

  it("symbols hold the tasks of groups, wherever they are written, with the graph's marks", () => {
    const { facts } = read(`
      import { dag, task, task_group, type XComArg } from "fanout";
      const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
      const inner = task_group({ group_id: "inner" }, () => add({ x: 1 }));
      const outer = task_group({ group_id: "outer" }, ({ x }: { x: XComArg<number> }) => { inner(); add({ x }); });
      export default dag({ dag_id: "d" }, () => {
        outer.expand({ x: [1, 2] });
        task_group({ group_id: "h" }, () => add.expand({ x: add({ x: 1 }).map((one) => [one]) }))();
        add({ x: 1 });
      });
    `);
    const tree = (entries: readonly OutlineEntry[]): unknown[] =>
      entries.map(({ name, detail, span, children }) => [name, detail, span.line, ...tree(children)]);
    expect(tree(documentSymbols(facts))).toEqual([
      [
        "d",
        "DAG",
        5,
        [
          "outer",
          "[2] · task group",
          6,
          ["inner", "[2] · task group", 4, ["add", "[2] · task", 3]],
          ["add", "[2] · task", 4],
        ],
        ["h", "task group", 7, ["add", "task", 7], ["add__1", "[ ] · task", 7]],
        ["add", "task", 8],
      ],
    ]);
  });
});

describe("inlay hints", () => {
  it("show how many instances each expand gives", () => {
    expect(inlayHints(read(etl).facts).map(({ label }) => label)).toEqual([
      "[from list_files]",
      "[3×2=6]",
      "[0: skipped]",
      "[1]",
    ]);
  });

  it("stand behind the call", () => {
    const [first] = inlayHints(read(etl).facts);
    expect(first?.at).toMatchObject({ line: 6, column: 70 });
  });
});

describe("code lenses and symbols", () => {
  it("stand at the dag() call", () => {
    const lenses = codeLens(read(etl).facts, "file:///etl.dag.ts").slice(0, 2);
    expect(lenses.map(({ span, command, target }) => [span.line, command, target])).toEqual([
      [5, "fanout.runDag", { uri: "file:///etl.dag.ts", dag_id: "etl" }],
      [5, "fanout.previewGraph", { uri: "file:///etl.dag.ts", dag_id: "etl" }],
    ]);
  });

  it("stand once on each line that makes tasks, with what can run alone of them", () => {
    const lenses = codeLens(read(etl).facts, "file:///etl.dag.ts").slice(2);
    const shown = lenses.map(({ span, command, target }) => {
      if (!("tasks" in target)) throw new Error("This is the lens of a DAG.");
      const tasks = target.tasks.map(({ dag_id, task_id, mapped }) => [dag_id, task_id, mapped]);
      return [span.line, command, target.which, ...tasks];
    });
    const only = "fanout.runOnly";
    const loads = [
      ["etl", "list_files", false],
      ["etl", "load", true],
    ];
    const loops = [
      ["etl", "loop_1", true],
      ["etl", "loop_2", true],
    ];
    expect(shown).toEqual([
      [6, only, "ask", ...loads],
      [7, only, "all", ["etl", "total", false]],
      [8, only, "all", ["etl", "cross", true]],
      [8, only, "one", ["etl", "cross", true]],
      [9, only, "all", ["etl", "none", true]],
      [9, only, "one", ["etl", "none", true]],
      [10, only, "all", ["etl", "print", true]],
      [10, only, "one", ["etl", "print", true]],
      [11, only, "ask", ...loops],
    ]);
  });

  it("do not stand on tasks whose id is unknown, and on those of a mapped group as on mapped ones", () => {
    const source = `
      import { dag, task, task_group } from "fanout";
      const load = task({ task_id: "load" }, ({ file }: { file: string }) => file.length);
      const each = task_group({ group_id: "each" }, ({ file }: { file: string }) => {
        load({ file });
      });
      export default dag({ dag_id: "grouped" }, () => {
        each.expand({ file: ["a", "b"] });
        load.override({ task_id: process.env["NAME"] ?? "x" })({ file: "c" });
      });
    `;
    const lenses = codeLens(read(source).facts, "file:///grouped.dag.ts").slice(2);
    const mapped = { dag_id: "grouped", task_id: "each.load", mapped: true };
    expect(lenses.map(({ span, target }) => [span.line, target])).toMatchObject([
      [4, { which: "all", tasks: [mapped] }],
      [4, { which: "one", tasks: [mapped] }],
    ]);
  });

  it("list the tasks of each DAG", () => {
    const [dag] = documentSymbols(read(etl).facts);
    expect(dag?.name).toBe("etl");
    expect(dag?.children.map(({ name, detail }) => [name, detail])).toEqual([
      ["list_files", "task"],
      ["load", "[ ] · task"],
      ["total", "task"],
      ["cross", "[6] · task"],
      ["none", "[0] · task"],
      ["print", "[1] · BashOperator"],
      ["loop_1", "[2] · task"],
      ["loop_2", "[1] · task"],
    ]);
  });
});

describe("explain", () => {
  it("lists what was found and why the rest was not", () => {
    const text = explain(
      read(`
        import { dag, task } from "fanout";
        const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
        export default dag({ dag_id: "some" }, () => {
          if (process.env["MORE"]) add.expand({ x: [1, 2] });
          add({ x: 1 });
        });
      `).facts,
    );
    expect(text).toContain("## DAG `some` (line 3)");
    expect(text).toContain("`add` `[2]`");
    expect(text).toContain("### Could not be decided by reading");
    expect(text).toMatch(/condition: .* \(line 4\)/);
  });

  it("says that there is no DAG", () => {
    expect(
      explain(read(`import { task } from "fanout";\nexport const t = task({ task_id: "t" }, () => 1);`).facts),
    ).toContain("No DAG was found");
  });
});

describe("the last good models", () => {
  it("are kept while the text is broken", () => {
    const { workspace, fixture, facts } = read(etl);
    const models = new LastGoodModels();
    expect(models.update(facts)).toBe(true);
    expect(models.update(facts)).toBe(false);
    const good = models.get(facts);
    workspace.changeDocument(fixture.main, "import { dag } from 'fanout';\nexport default dag({ dag_id: 'x' ", 2);
    const broken = workspace.analyze(fixture.main);
    expect(models.update(broken)).toBe(true);
    expect(models.get(broken)).toEqual({ dags: good.dags, broken: true });
    expect(syntaxErrors(broken).map(({ span }) => span.line)).toContain(2);
    models.forget(fixture.main);
    expect(models.get(broken).broken).toBe(true);
  });
});
