import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { codeNameOf, withoutPlace } from "../../runtime/src/loader/bundle.js";
import { startRun } from "../../runtime/src/engine/startRun.js";
import { loadModel } from "../../runtime/src/loader/loadDag.js";
import { loadModels } from "../../runtime/src/loader/loadModels.js";
import { Project, dagSource, refusalOf, runToEnd } from "./support/project.js";

const one = `const t = task({ task_id: "t" }, () => 1);`;

/** What stops the file from running, with nothing of a run left behind. */
async function refusal(files: Record<string, string>, dag_id?: string) {
  const project = new Project(files);
  const file = project.path("dag.ts");
  const error = await refusalOf(startRun({ file, ...(dag_id !== undefined && { dag_id }) }));
  expect(project.history().runs()).toEqual([]);
  expect(readdirSync(project.folder).filter((name) => name === "runs")).toEqual([]);
  const logs = project.path(".fanout/cache");
  expect(readLogs(logs)).toEqual([]);
  const at = error.at && { ...error.at, file: path.relative(project.folder, error.at.file) };
  return { code: error.code, exitCode: error.exitCode, at, message: error.message, stack: error.userStack };
}

function readLogs(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".log") || name.endsWith(".claims"));
  } catch {
    return [];
  }
}

describe("the code of a DAG file", () => {
  it("is the same wherever this library is installed, though each installation has its own bundle", () => {
    const codeAt = (library: string): string =>
      `import { dag } from "${pathToFileURL(path.join(library, "index.js")).href}";\nrequire(${JSON.stringify(path.join(library, "index.cjs"))});\nx(1);`;
    const [editor, project] = [
      "/home/ada/.vscode/extensions/fanout 1/dist",
      "/home/ada/pipelines/node_modules/fanout/dist",
    ];
    expect(withoutPlace(codeAt(editor), editor)).toBe(withoutPlace(codeAt(project), project));
    expect(withoutPlace(codeAt(editor), editor)).not.toBe(withoutPlace(codeAt(editor).replace("x(1)", "x(2)"), editor));
    expect(codeNameOf("/p/.fanout/cache/etl.dag.0a1b2c3d.0123456789abcdef.mjs")).toBe("etl.dag.0123456789abcdef");
  });
});

describe("a file that cannot run is refused with code and place", () => {
  it("no such file, a folder, another kind of file", async () => {
    const project = new Project({ "data.csv": "a,b" });
    expect((await refusalOf(startRun({ file: project.path("dag.ts") }))).code).toBe("file-not-found");
    expect((await refusalOf(startRun({ file: project.folder }))).code).toBe("not-a-dag-file");
    expect((await refusalOf(startRun({ file: project.path("data.csv") }))).code).toBe("not-a-dag-file");
    expect(readdirSync(project.folder)).not.toContain(".fanout");
  });

  it("a syntax error, behind characters that take more than one byte", async () => {
    expect(await refusal({ "dag.ts": `const a = 1;\nconst ä = "ü€😀"; const 5 = 2;\n` })).toMatchObject({
      ...{ code: "syntax-error", exitCode: 2, at: { file: "dag.ts", line: 2, column: 25 } },
    });
  });

  it("a syntax error in an imported file", async () => {
    const files = { "dag.ts": `import "./lib/other.js";`, "lib/other.ts": "export const = 1;" };
    expect(await refusal(files)).toMatchObject({
      code: "syntax-error",
      at: { file: "lib/other.ts", line: 1, column: 14 },
    });
  });

  it("an import of a file or a package that is not there, or of a name that a file does not export", async () => {
    expect(await refusal({ "dag.ts": `\n  import { x } from "./nowhere.js"; x;` })).toMatchObject({
      ...{ code: "missing-import", exitCode: 2, at: { file: "dag.ts", line: 2, column: 21 } },
    });
    expect(await refusal({ "dag.ts": `import x from "not-installed/deep"; x;` })).toMatchObject({
      ...{ code: "missing-import", at: { file: "dag.ts", line: 1, column: 15 } },
    });
    const files = { "dag.ts": `import { y } from "./other.js"; y;`, "other.ts": "export const x = 1;" };
    expect(await refusal(files)).toMatchObject({ code: "missing-import", at: { file: "dag.ts", line: 1 } });
  });

  it("throwing while it is imported, with the person's own frames only", async () => {
    const refused = await refusal({
      "dag.ts": `import { connect } from "./lib.js";\nconnect();`,
      "lib.ts": `interface A { a: 1 }\nexport function connect(): A {\n  throw new RangeError("no server");\n}`,
    });
    expect(refused).toMatchObject({ code: "import-failed", exitCode: 2, at: { file: "lib.ts", line: 3, column: 9 } });
    expect(refused.stack?.split("\n")).toHaveLength(3);
    expect(refused.stack).toMatch(/connect .*lib\.ts:3:9\)\n.*dag\.ts:2:1/s);
  });

  it("ending its process while it is imported", async () => {
    expect(await refusal({ "dag.ts": `process.exit(3);` })).toMatchObject({ code: "import-failed", exitCode: 2 });
  });

  it("no DAG, several DAGs, an unknown DAG, two of one name", async () => {
    const two = `import { dag } from "fanout";\nexport const a = dag({ dag_id: "a" }, () => {});\nexport const b = dag({ dag_id: "b" }, () => {});`;
    expect(await refusal({ "dag.ts": "export const x = 1;" })).toMatchObject({
      code: "no-dag",
      at: { file: "dag.ts", line: 1 },
    });
    const several = await refusal({ "dag.ts": two });
    expect(several).toMatchObject({ code: "several-dags", exitCode: 2, at: { line: 3 } });
    expect(several.message).toContain("'a', 'b'");
    expect(await refusal({ "dag.ts": two }, "c")).toMatchObject({ code: "unknown-dag" });
    expect(await refusal({ "dag.ts": two.replace(`"b"`, `"a"`) })).toMatchObject({
      code: "duplicate-dag-id",
      at: { line: 3 },
    });
  });

  it("the DAGs of files that it imports count only where it has none, or where one is named", async () => {
    const declare = (id: string) =>
      `import { dag } from "fanout";\nexport const ${id} = dag({ dag_id: "${id}" }, () => {});\n`;
    const project = new Project({
      "other.ts": declare("a") + declare("b").split("\n")[1],
      "dag.ts": `import "./other.js";\n${declare("c")}`,
      "index.ts": `export * from "./other.js";`,
    });
    const file = project.path("dag.ts");
    expect((await loadModel(file)).dag_id).toBe("c");
    expect((await loadModel(file, "b")).dag_id).toBe("b");
    expect((await refusalOf(loadModel(file, "d"))).code).toBe("unknown-dag");
    expect((await refusalOf(loadModel(project.path("index.ts")))).code).toBe("several-dags");
  });

  it.skipIf(process.platform === "win32")("its own DAG is that of a file that is named through a link", async () => {
    const declare = (id: string) => `import { dag } from "fanout";\ndag({ dag_id: "${id}" }, () => {});\n`;
    const files = { "real/other.ts": declare("a"), "real/dag.ts": `import "./other.js";\n${declare("b")}` };
    const project = new Project(files);
    symlinkSync(project.path("real"), project.path("link"));
    symlinkSync(project.path("real/dag.ts"), project.path("linked.ts"));
    for (const name of ["real/dag.ts", "link/dag.ts", "linked.ts"]) {
      const file = project.path(name);
      expect((await loadModel(file)).dag_id).toBe("b");
      const models = await loadModels(file, { timeoutMs: 60_000, memoryMb: 256 });
      expect(models.map(({ dag_id }) => dag_id)).toEqual(["b"]);
    }
  });

  it.each([
    ["cycle", `const a = t(); const b = t(); chain(a, b);\nchain(b, a);`, 5],
    ["invalid-id", `\ntask({ task_id: "a b" }, () => 1)();`, 5],
    ["not-mappable", `\nt.expand({ x: 5 } as any);`, 5],
    ["unmappable-parameter", `\nt.expand({ task_id: ["a"] } as any);`, 5],
    ["partial-and-expand", `\nt.partial({ x: 1 } as any).expand({ x: [1] } as any);`, 5],
    ["never-expanded", `\nt.partial({ x: 1 } as any);`, 5],
    ["empty-expand", `\nt.expand({} as any);`, 5],
    ["entry-not-mappable", `\n(t() as any).get("a").map((x: any) => x);`, 5],
    ["map-over-task", `\nt().map(t as any);`, 5],
    ["not-a-reference", `\nt().zip([1] as any);`, 5],
    ["unknown-pool", `\nt.override({ pool: "small" })();`, 5],
  ])("%s in the graph", async (code, body, line) => {
    const definitions = `const t = task({ task_id: "t" }, ({ x }: { x?: any }) => 1);`;
    const refused = await refusal({ "dag.ts": dagSource(definitions, body) });
    expect(refused).toMatchObject({ code, exitCode: 2, at: { file: "dag.ts", line } });
    expect(refused.stack).toBeUndefined();
  });

  it("a part that there is not, and options that are none", async () => {
    const file = new Project({ "dag.ts": dagSource(one, "t();") }).path("dag.ts");
    expect((await refusalOf(startRun({ file, task: "nobody" }))).code).toBe("unknown-task");
    expect((await refusalOf(startRun({ file, task: "t", map_index: 0 }))).code).toBe("unknown-map-index");
    expect((await refusalOf(startRun({ file, map_index: 0 }))).code).toBe("unknown-map-index");
    expect((await refusalOf(startRun({ file, parallelism: 1.5 }))).code).toBe("invalid-option");
    expect((await refusalOf(startRun({ file, logical_date: new Date("x") }))).code).toBe("invalid-option");
  });
});

describe("what a DAG file may be written in", () => {
  it("runs TypeScript with enums, decorators, paths, JSON, top-level await and its own place", async () => {
    const project = new Project({
      "tsconfig.json": `{ "compilerOptions": { "experimentalDecorators": true, "paths": { "@lib/*": ["./lib/*"] } } }`,
      "lib/place.ts": `export const place = [import.meta.url, import.meta.filename, __dirname];`,
      "lib/old.cjs": `module.exports = { dir: __dirname, sum: (a, b) => a + b };`,
      "data.json": `{ "rows": [1, 2] }`,
      "dag.ts": dagSource(
        `import { place } from "@lib/place";
         import old from "./lib/old.cjs";
         import data from "./data.json" with { type: "json" };
         import { readFile } from "node:fs/promises";
         enum Color { Red, Green }
         function tag(target: any) { target.tagged = true; }
         @tag class Thing { constructor(readonly n: number) {} }
         const text = await readFile(new URL("./data.json", import.meta.url), "utf8");
         const t = task({ task_id: "t" }, () => ({
           place, old: old.dir, sum: old.sum(1, 2), data, text, green: Color.Green, name: Thing.name,
           tagged: (Thing as any).tagged, n: new Thing(5).n, own: import.meta.dirname }));`,
        "t();",
      ),
    });
    const run = await runToEnd(project);
    expect(run.xcom("t")).toEqual({
      place: [
        new URL(`file://${project.path("lib/place.ts")}`).href,
        project.path("lib/place.ts"),
        project.path("lib"),
      ],
      ...{ old: project.path("lib"), sum: 3, data: { rows: [1, 2] }, text: '{ "rows": [1, 2] }', green: 1 },
      ...{ name: "Thing", tagged: true, n: 5, own: project.folder },
    });
  });

  it("runs CommonJS, and imports packages from where the importing file finds them", async () => {
    const project = new Project({
      "package.json": `{ "type": "commonjs" }`,
      "dag.cts": `import { dag, task } from "fanout"; import inner = require("./inner/use.cjs");
        const t = task({ task_id: "t" }, () => [inner.version, require("pkg").version, require("node:path").sep]);
        export = dag({ dag_id: "d" }, () => { t(); });`,
      "inner/use.cjs": `exports.version = require("pkg").version;`,
      "inner/node_modules/pkg/index.js": `exports.version = "inner";`,
      "node_modules/pkg/package.json": `{ "exports": { "require": "./r.cjs", "import": "./i.mjs" } }`,
      "node_modules/pkg/r.cjs": `exports.version = "outer, required";`,
      "node_modules/pkg/i.mjs": `export const version = "outer, imported";`,
      "dag.ts": dagSource(`import { version } from "pkg"; const t = task({ task_id: "t" }, () => version);`, "t();"),
    });
    expect((await runToEnd(project, { file: project.path("dag.cts") })).xcom("t")).toEqual([
      "inner",
      "outer, required",
      "/",
    ]);
    expect((await runToEnd(project)).xcom("t")).toBe("outer, imported");
  });

  it("bundles what a workspace links to", async () => {
    const project = new Project({
      "packages/shared/package.json": `{ "name": "shared", "type": "module", "exports": "./main.ts" }`,
      "packages/shared/main.ts": `export const shared: string = "typed";`,
      "dag.ts": dagSource(`import { shared } from "shared"; const t = task({ task_id: "t" }, () => shared);`, "t();"),
    });
    mkdirSync(project.path("node_modules"));
    symlinkSync(project.path("packages/shared"), project.path("node_modules/shared"));
    expect((await runToEnd(project)).xcom("t")).toBe("typed");
  });

  it("points to the line and column of an error in the TypeScript source", async () => {
    const project = new Project({
      "lib.ts": `type A = { n: number };\n\nexport const check = (a: A): never => {\n  throw new Error(\`bad \${a.n}\`);\n};`,
      "dag.ts": dagSource(
        `import { check } from "./lib.js";\nconst t = task({ task_id: "t" }, async () => { await null; check({ n: 1 }); });`,
        "t();",
      ),
    });
    const { error } = (await runToEnd(project)).instance("t");
    expect(error).toMatchObject({ message: "bad 1", at: { file: project.path("lib.ts"), line: 4, column: 9 } });
    expect(error?.stack?.split("\n").slice(1).join("\n")).toMatch(
      /^ {4}at check \(.*lib\.ts:4:9\)\n {4}at .*dag\.ts:3:60\)?$/,
    );
  });
});

describe("the cache", () => {
  const model = async (project: Project) => (await loadModel(project.path("dag.ts"))).tasks.map((task) => task.task_id);
  const dagFileOf = (task_id: string) => dagSource("", `task({ task_id: "${task_id}" }, () => 1)();`);
  const bundles = (project: Project) =>
    readdirSync(project.path(".fanout/cache")).filter((name) => name.endsWith(".mjs"));

  it("is used until an input, a configuration or a package changes", async () => {
    const project = new Project({
      "name.ts": `export const name = "first";`,
      "dag.ts": dagSource(`import { name } from "./name.js";`, `task({ task_id: name }, () => 1)();`),
    });
    expect(await model(project)).toEqual(["first"]);
    const touched = new Date();
    utimesSync(project.path("name.ts"), touched, touched);
    expect(await model(project)).toEqual(["first"]);
    expect(bundles(project)).toHaveLength(1);
    project.write({ "name.ts": `export const name = "other";` });
    expect(await model(project)).toEqual(["other"]);
    expect(bundles(project)).toHaveLength(2);
    project.write({
      "tsconfig.json": `{ "compilerOptions": { "paths": { "#name": ["./name.ts"] } } }`,
      "dag.ts": dagSource(`import { name } from "#name";`, `task({ task_id: name }, () => 1)();`),
      "mapped.ts": `export const name = "mapped";`,
    });
    expect(await model(project)).toEqual(["other"]);
    project.write({ "tsconfig.json": `{ "compilerOptions": { "paths": { "#name": ["./mapped.ts"] } } }` });
    expect(await model(project)).toEqual(["mapped"]);
    rmSync(project.path(".fanout/cache"), { recursive: true });
    const old = new Date(0);
    expect(await model(project)).toEqual(["mapped"]);
    for (const name of readdirSync(project.path(".fanout/cache")))
      utimesSync(project.path(`.fanout/cache/${name}`), old, old);
    project.write({ "mapped.ts": `export const name = "newer";` });
    expect(await model(project)).toEqual(["newer"]);
    expect(bundles(project)).toHaveLength(1);
  });

  it.each(["a", "計", "ä"])("is there for a file with as long a name as there can be, of %s", async (letter) => {
    const longest = letter.repeat(Math.floor(248 / Buffer.byteLength(letter)));
    const names = [`${longest}.dag.ts`, `${longest}.dag.js`];
    const project = new Project(Object.fromEntries(names.map((name, index) => [name, dagFileOf(`t${index}`)])));
    for (let round = 0; round < 2; round++) {
      for (const [index, name] of names.entries()) {
        const { tasks } = await loadModel(project.path(name));
        expect(tasks.map(({ task_id }) => task_id)).toEqual([`t${index}`]);
      }
      expect(bundles(project)).toHaveLength(2);
    }
  });

  it("is made again where it is damaged, as a loss of power can leave it", async () => {
    const project = new Project({ "dag.ts": dagSource(one, "t();") });
    expect(await model(project)).toEqual(["t"]);
    const folder = project.path(".fanout/cache");
    const files = readdirSync(folder);
    expect(files.map((name) => path.extname(name)).sort()).toEqual([".json", ".map", ".mjs"]);
    const whole = files.map((name) => readFileSync(path.join(folder, name), "utf8"));
    for (const name of files) {
      for (const text of ["", "{", "null", "{}", "\0".repeat(100)]) {
        writeFileSync(path.join(folder, name), text);
        expect(await model(project), `${name}: ${JSON.stringify(text)}`).toEqual(["t"]);
        expect(files.map((each) => readFileSync(path.join(folder, each), "utf8"))).toEqual(whole);
      }
    }
  });
});

describe("the history folder", () => {
  it("that cannot be written is refused", async () => {
    const project = new Project({ "dag.ts": dagSource(one, "t();"), ".fanout": "a file" });
    const error = await refusalOf(startRun({ file: project.path("dag.ts") }));
    expect(error).toMatchObject({ code: "store-failed", exitCode: 2 });
  });

  it("lies beside the nearest package.json, else beside the file, and keeps itself out of version control", async () => {
    const project = new Project({ "flows/deep/dag.ts": dagSource(one, "t();") });
    const run = await runToEnd(project, { file: project.path("flows/deep/dag.ts") });
    expect(run.run.file).toBe(project.path("flows/deep/dag.ts"));
    expect(readdirSync(project.path(".fanout")).sort()).toEqual([".gitignore", "cache", "index.ndjson", "runs"]);
  });
});
