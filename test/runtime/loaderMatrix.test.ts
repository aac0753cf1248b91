import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../cli/support/cliProcess.js";
import { Project, type FinishedRun, runToEnd } from "./support/project.js";

const esm = { type: '{ "type": "module" }', name: "module" };
const commonjs = { type: '{ "type": "commonjs" }', name: "commonjs" };
const absent = { type: "{}", name: "no type" };

/** A DAG whose only task returns what `parts` say; `bad` throws in the third line. */
function moduleText(head: string, value: string, exported = "export default "): string {
  return [
    head,
    `const t = task({ task_id: "t" }, async () => ${value});`,
    `const bad = task({ task_id: "bad" }, () => { throw new Error("bad"); });`,
    `${exported}dag({ dag_id: "d" }, () => { t(); bad(); });`,
  ].join("\n");
}

/** A package of a monorepo keeps a history of its own. */
class Monorepo extends Project {
  override get home(): string {
    return this.path("packages/flows/.fanout");
  }
}

async function run(project: Project, file = "dag.ts"): Promise<FinishedRun> {
  return runToEnd(project, { file: project.path(file) });
}

/** What `t` returned; and that the error of `bad` is in the person's own file. */
async function outcome(project: Project, file = "dag.ts"): Promise<unknown> {
  const made = await run(project, file);
  const { error } = made.instance("bad");
  expect(error).toMatchObject({ message: "bad", at: { file: project.path(file), line: 3 } });
  expect(error?.stack).toContain(`${path.basename(file)}:3:`);
  expect(made.instance("t").error).toBeNull();
  const spans = made.history.model(made.run_id).tasks.map(({ span }) => [span?.file, span?.line]);
  expect(spans).toEqual([
    [project.path(file), 4],
    [project.path(file), 4],
  ]);
  return made.xcom("t");
}

const imports = `import { dag, task } from "fanout";`;
const typed = `enum Kind { A = "a", B = "b" } const enum Size { S = 1, L = 1 << 4 } import data from "./data.json" with { type: "json" };`;

describe("every kind of package", () => {
  const kinds = [esm, commonjs, absent];
  it.each(kinds.flatMap((kind) => ["ts", "mts", "cts"].map((extension) => ({ ...kind, extension }))))(
    "$name: .$extension with import and export",
    async ({ type, extension }) => {
      const file = `dag.${extension}`;
      const project = new Project({
        "package.json": type,
        "data.json": '{ "n": 3 }',
        [file]: moduleText(
          `${imports} ${typed}`,
          "[Kind.B, Kind[Kind.A as never] ?? null, Size.L, data.n, import.meta.url, import.meta.dirname, import.meta.filename]",
        ),
      });
      const [b, none, large, n, url, folder, own] = (await outcome(project, file)) as unknown[];
      expect([b, none, large, n, folder, own]).toEqual(["b", null, 16, 3, project.folder, project.path(file)]);
      expect(url).toBe(`file://${project.path(file)}`);
    },
  );

  it.each([
    { ...esm, extension: "js" },
    { ...absent, extension: "mjs" },
    { ...commonjs, extension: "mjs" },
  ])("$name: .$extension with import and export", async ({ type, extension }) => {
    const file = `dag.${extension}`;
    const head = `${imports} import { late } from "./late.${extension}";`;
    const late = `export const late = await Promise.resolve("late");`;
    const project = new Project({
      "package.json": type,
      [`late.${extension}`]: late,
      [file]: moduleText(head, "[late, import.meta.dirname]"),
    });
    expect(await outcome(project, file)).toEqual(["late", project.folder]);
  });

  it.each([
    { ...commonjs, extension: "js" },
    { ...absent, extension: "js" },
    { ...esm, extension: "cjs" },
  ])("$name: .$extension with require", async ({ type, extension }) => {
    const file = `dag.${extension}`;
    const head = `const { dag, task } = require("fanout"); const { helper } = require("./helper"); const data = require("./data.json");`;
    const value = "[helper, data.n, __dirname, __filename, require.main === module, typeof module.exports]";
    const project = new Project({
      "package.json": type,
      "data.json": '{ "n": 3 }',
      [`helper.${extension}`]: `exports.helper = __filename;`,
      [file]: moduleText(head.replace('"./helper"', `"./helper.${extension}"`), value, "module.exports = "),
    });
    const helper = project.path(`helper.${extension}`);
    expect(await outcome(project, file)).toEqual([helper, 3, project.folder, project.path(file), false, "object"]);
  });

  it.each([esm, commonjs, absent])("$name: .cts with import = and export =", async ({ type }) => {
    const project = new Project({
      "package.json": type,
      "helper.cts": `enum Kind { A = "a" } export = { kind: Kind.A, folder: __dirname };`,
      "dag.cts": moduleText(
        `import fanout = require("fanout"); const { dag, task } = fanout; import helper = require("./helper.cjs");`,
        "[helper.kind, helper.folder, __filename, require.main === module]",
        "export = ",
      ),
    });
    expect(await outcome(project, "dag.cts")).toEqual(["a", project.folder, project.path("dag.cts"), false]);
  });
});

describe("what a tsconfig.json says", () => {
  it("paths, with and without a baseUrl, also where another file extends it", async () => {
    const project = new Project({
      "tsconfig.base.json": `{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"], "#one": ["./lib/one.ts"] } } }`,
      "tsconfig.json": `{ // its base
        "extends": "./tsconfig.base.json", "compilerOptions": { "strict": true, } }`,
      "flows/tsconfig.json": `{ "extends": ["../tsconfig.base.json"], "compilerOptions": { "baseUrl": "./src" } }`,
      "lib/one.ts": `export const one = 1;`,
      "flows/src/two.ts": `export const two = 2;`,
      "dag.ts": moduleText(
        `${imports} import { one } from "@lib/one.js"; import { one as again } from "#one";`,
        "[one, again]",
      ),
      "flows/dag.ts": moduleText(
        `${imports} import { two } from "two"; import { two as again } from "two.js";`,
        "[two, again]",
      ),
    });
    expect(await outcome(project)).toEqual([1, 1]);
    expect(await outcome(project, "flows/dag.ts")).toEqual([2, 2]);
  });

  it.each([
    ["experimental", true, "function seen(target: object, key: string) { log.push(key, typeof target); }"],
    [
      "standard",
      false,
      "function seen(_: unknown, { name, kind }: ClassMethodDecoratorContext) { log.push(String(name), kind); }",
    ],
  ])("%s decorators", async (_, experimentalDecorators, decorator) => {
    const project = new Project({
      "tsconfig.json": JSON.stringify({ compilerOptions: { experimentalDecorators } }),
      "dag.ts": moduleText(
        `${imports} const log: string[] = []; ${decorator} class A { @seen run(): void {} }`,
        "[log, typeof A]",
      ),
    });
    expect(await outcome(project)).toEqual([["run", experimentalDecorators ? "object" : "method"], "function"]);
  });
});

const nativeFile = createRequire(import.meta.url).resolve("@napi-rs/nice-linux-x64-gnu/nice.linux-x64-gnu.node");

describe("dependencies", () => {
  it("CommonJS-only and ESM-only ones, from a package of either kind", async () => {
    const files = {
      "node_modules/old/package.json": `{ "main": "./lib/main.js" }`,
      "node_modules/old/lib/main.js": `module.exports = function old() { return require("./part"); }; module.exports.named = 1;`,
      "node_modules/old/lib/part.js": `module.exports = __dirname;`,
      "node_modules/new/package.json": `{ "type": "module", "exports": { ".": "./main.js", "./deep": "./inner/deep.js" } }`,
      "node_modules/new/main.js": `import { deep } from "new/deep"; export default await Promise.resolve("new"); export { deep };`,
      "node_modules/new/inner/deep.js": `export const deep = import.meta.url;`,
    };
    const head = `${imports} import old, { named } from "old"; import fresh, { deep } from "new";`;
    const value = `[old(), named, fresh, deep, (await import("new/deep")).deep === deep, (await import("old")).default()]`;
    for (const { type } of [esm, commonjs]) {
      const project = new Project({ ...files, "package.json": type, "dag.ts": moduleText(head, value) });
      const old = project.path("node_modules/old/lib");
      const deep = `file://${project.path("node_modules/new/inner/deep.js")}`;
      expect(await outcome(project)).toEqual([old, 1, "new", deep, true, old]);
    }
  });

  it("Node-API addons, of a dependency and of the project itself", async () => {
    const project = new Project({
      "node_modules/native/package.json": `{ "main": "index.js" }`,
      "node_modules/native/index.js": `module.exports = require("./build/Release/addon.node");`,
      "lib/own.cjs": `module.exports = require("./own.node");`,
      "dag.ts": moduleText(
        `${imports} import native from "native"; import { createRequire } from "node:module"; import own from "./lib/own.cjs";`,
        `[typeof native, Object.keys(native).length > 0, Object.keys(own).length > 0, typeof createRequire(import.meta.url)("./lib/own.node")]`,
      ),
    });
    mkdirSync(project.path("node_modules/native/build/Release"), { recursive: true });
    cpSync(nativeFile, project.path("node_modules/native/build/Release/addon.node"));
    cpSync(nativeFile, project.path("lib/own.node"));
    expect(await outcome(project)).toEqual(["object", true, true, "object"]);
  });

  it("other copies of fanout, in ES modules, in CommonJS and installed by a dependency", async () => {
    const project = new Project({
      "node_modules/tasks/package.json": `{ "exports": { "import": "./main.mjs", "require": "./main.cjs" } }`,
      "node_modules/tasks/main.mjs": `import { task, get_current_context, SkipException } from "fanout";
        export const double = task({ task_id: "double" }, ({ n }) => [n * 2, get_current_context().ti.task_id]);
        export const skips = task({ task_id: "skips" }, () => { throw new SkipException("no"); });`,
      "node_modules/tasks/main.cjs": `const { task } = require("fanout"); exports.old = task({ task_id: "old" }, ({ n }) => n + 1);`,
      "required.cjs": `exports.old = require("tasks").old;`,
      "dag.ts": `import { dag } from "fanout"; import { double, skips } from "tasks"; import { old } from "./required.cjs";
        export default dag({ dag_id: "d" }, () => { double.expand({ n: [1, 2] }); old({ n: double.override({ task_id: "one" })({ n: 1 }).get("0") }); skips(); });`,
    });
    const copy = project.path("node_modules/tasks/node_modules/fanout");
    mkdirSync(path.join(copy, "dist/runtime"), { recursive: true });
    cpSync(path.join(root, "package.json"), path.join(copy, "package.json"));
    for (const name of ["index.js", "index.cjs"]) {
      cpSync(path.join(root, "dist/runtime", name), path.join(copy, "dist/runtime", name));
    }
    const made = await run(project);
    expect(made.task("double").instances.map((one) => one.state)).toEqual(["success", "success"]);
    expect(made.xcom("double")).toEqual([
      [2, "double"],
      [4, "double"],
    ]);
    expect(made.task("skips").state).toBe("skipped");
  });
});

describe("a monorepo", () => {
  it("imports sources across packages of either kind, by links and by subpaths", async () => {
    const project = new Monorepo({
      "package.json": `{ "private": true, "workspaces": ["packages/*"] }`,
      "packages/flows/package.json": `{ "name": "flows", "type": "module" }`,
      "packages/flows/src/dag.ts": moduleText(
        `${imports} import { place, fail } from "@my/shared"; import { deep } from "@my/shared/deep"; import legacy from "legacy";`,
        `[place, deep, legacy.place, await fail().catch((thrown: Error) => thrown.message)]`,
      ),
      "packages/shared/package.json": `{ "name": "@my/shared", "type": "module", "exports": { ".": "./src/main.ts", "./deep": "./src/deep.ts" } }`,
      "packages/shared/src/main.ts": `enum E { X = "x" }\nexport const place = import.meta.dirname;\nexport async function fail(): Promise<never> {\n  throw new Error(E.X);\n}`,
      "packages/shared/src/deep.ts": `import { place } from "./main.js"; import { legacy } from "legacy"; export const deep = [place.length > 0, legacy];`,
      "packages/legacy/package.json": `{ "name": "legacy", "main": "./index.cts" }`,
      "packages/legacy/index.cts": `const place: string = __dirname; export = { place, legacy: 7 as number };`,
    });
    mkdirSync(project.path("node_modules/@my"), { recursive: true });
    symlinkSync(project.path("packages/shared"), project.path("node_modules/@my/shared"), "junction");
    symlinkSync(project.path("packages/legacy"), project.path("node_modules/legacy"), "junction");
    expect(await outcome(project, "packages/flows/src/dag.ts")).toEqual([
      ...[project.path("packages/shared/src"), [true, 7], project.path("packages/legacy"), "x"],
    ]);
  });
});

describe("where a file lies", () => {
  it.each(["with space", "ünïcödé 日本", "hash#tag", "per%20cent", "quote'`$", "question?mark", "(copy) of [it]"])(
    "in '%s'",
    async (name) => {
      const project = new Project({
        [`${name}/help er.ts`]: `export const folder = import.meta.dirname; export const lazy = () => import("./lazy #1.js");`,
        [`${name}/lazy #1.ts`]: `export const url = import.meta.url;`,
        [`${name}/${name}.dag.ts`]: moduleText(
          `${imports} import { folder, lazy } from "./help er.js";`,
          `[folder, (await lazy()).url, __filename]`,
        ),
      });
      const folder = project.path(name);
      const [found, url, file] = (await outcome(project, `${name}/${name}.dag.ts`)) as string[];
      expect([found, file]).toEqual([folder, path.join(folder, `${name}.dag.ts`)]);
      expect(new URL(url ?? "").href).toBe(url);
      expect(decodeURIComponent(new URL(url ?? "").pathname)).toBe(path.join(folder, "lazy #1.ts"));
    },
  );
});

describe("modules that do something when they are imported", () => {
  it("do it once in each process, before the graph is looked at, however long it takes", async () => {
    const project = new Project({
      "effects.ts": `const shared = globalThis as { times?: number }; shared.times = (shared.times ?? 0) + 1;
        await new Promise((resolve) => setTimeout(resolve, 100)); export const times = shared.times; console.log("imported");`,
      "again.ts": `import "./effects.js"; export const names = ["a", "b"];`,
      "dag.ts": moduleText(
        `${imports} import { times } from "./effects.js"; import { names } from "./again.js"; import "./effects.js";`,
        "[times, names]",
      ),
    });
    const made = await run(project);
    expect(made.xcom("t")).toEqual([1, ["a", "b"]]);
    expect(made.log("t")).toBe("");
  });
});
