import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { loadModels } from "../../runtime/src/loader/loadModels.js";
import { Project, refusalOf } from "./support/project.js";

const limits = { timeoutMs: 60_000, memoryMb: 256 };
const dagFile = (body: string, dag_id = "d"): string =>
  `import { dag, task } from "fanout";
export const ${dag_id} = dag({ dag_id: "${dag_id}" }, () => { ${body} });\n`;

/** Nothing of a process is left but the bundle, which a run uses again. */
function scratchOf(project: Project): readonly string[] {
  return readdirSync(project.path(".fanout/cache")).filter((name) => /\.(?:log|claims)$/.test(name));
}

describe("the exact graphs of a file", () => {
  it("are those of all its DAGs, with what only executing tells", async () => {
    const text = `${dagFile("")}export const e = dag({ dag_id: "e" }, () => {
      for (const name of process.argv.slice(0, 2)) task({ task_id: "t" }, () => name)();
    });`;
    const project = new Project({ "dag.ts": text, "plain.ts": "export const a = 1;" });
    const models = await loadModels(project.path("dag.ts"), limits);
    expect(models.map(({ dag_id, origin, tasks }) => [dag_id, origin, tasks.map((task) => task.task_id)])).toEqual([
      ["d", "executed", []],
      ["e", "executed", ["t", "t__1"]],
    ]);
    expect(await loadModels(project.path("plain.ts"), limits)).toEqual([]);
    expect(scratchOf(project)).toEqual([]);
  });

  it("are not those of DAG files that it imports, unless it has none", async () => {
    const files = {
      "a.ts": dagFile("", "a"),
      "b.ts": `import "./a.js";\n${dagFile("", "b")}`,
      "c.ts": 'export * from "./a.js";',
    };
    const project = new Project(files);
    const ids = async (name: string) => (await loadModels(project.path(name), limits)).map(({ dag_id }) => dag_id);
    expect(await ids("b.ts")).toEqual(["b"]);
    expect(await ids("c.ts")).toEqual(["a"]);
  });

  it.each([
    ["throws", 'throw new Error("no");'],
    ["leaves", "process.exit(0);"],
    ["needs too much memory", "const all = []; for (;;) all.push(new Array(100_000).fill(all.length));"],
  ])("are refused with code and place where the file %s", async (_name, statement) => {
    const project = new Project({ "dag.ts": `${dagFile("")}${statement}` });
    const file = project.path("dag.ts");
    const { code, at } = await refusalOf(loadModels(file, { ...limits, memoryMb: 64 }));
    expect([code, at?.file]).toEqual(["import-failed", file]);
    expect(scratchOf(project)).toEqual([]);
  });

  it("are given up where the file takes for ever, or nobody waits any more", async () => {
    const project = new Project({ "dag.ts": `${dagFile("")}for (;;);`, "syntax.ts": "const = 1;" });
    const file = project.path("dag.ts");
    expect((await refusalOf(loadModels(file, { ...limits, timeoutMs: 1500 }))).code).toBe("import-failed");
    const signal = AbortSignal.timeout(1500);
    expect((await refusalOf(loadModels(file, { ...limits, signal }))).code).toBe("import-failed");
    expect(scratchOf(project)).toEqual([]);
    expect(await refusalOf(loadModels(project.path("syntax.ts"), limits))).toMatchObject({
      code: "syntax-error",
      at: { file: path.join(project.folder, "syntax.ts"), line: 1 },
    });
  });
});
