import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { describeDags } from "../support/describeDags.js";
import { createMemoryProject } from "../support/memoryProject.js";

const MAIN = `
  //- /flows/main.dag.ts
  import { dag } from "fanout";
  import { run } from "./tasks.js";
  export default dag({ dag_id: "main" }, () => { run(); });
  //- /flows/tasks.ts
  import { task } from "fanout";
  export const run = task({ task_id: "old" }, () => [1]);
`;
const TASKS = `import { task } from "fanout"; export const run = task({ task_id: "new" }, () => [1]);`;

describe("facts", () => {
  it("are kept while nothing changes that they depend on", () => {
    const { workspace, fixture } = createMemoryProject(MAIN);
    const before = workspace.analyze(fixture.main);
    expect(workspace.analyze(fixture.main)).toBe(before);
    workspace.openDocument("/flows/other.ts", "export const a = 1;", 1);
    workspace.changeDocument("/flows/other.ts", "export const a = 2;", 2);
    const again = workspace.analyze(fixture.main);
    workspace.changeDocument("/flows/other.ts", "export const a = 3;", 3);
    expect(workspace.analyze(fixture.main)).toBe(again);
  });

  it("follow edits of the file and of files that it imports", () => {
    const { workspace, fixture } = createMemoryProject(MAIN);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "old"]);
    workspace.openDocument("/flows/tasks.ts", TASKS, 1);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "new"]);
    workspace.changeDocument("/flows/tasks.ts", TASKS.replace("new", "newer"), 2);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "newer"]);
    const text = `${fixture.files.get(fixture.main) ?? ""}\nexport const two = dag({ dag_id: "two" }, () => {});`;
    workspace.changeDocument(fixture.main, text, 2);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "newer", "two"]);
  });

  it("return to what is on disk when a document is closed unsaved", () => {
    const { workspace, fixture } = createMemoryProject(MAIN);
    workspace.openDocument("/flows/tasks.ts", TASKS, 1);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "new"]);
    workspace.closeDocument("/flows/tasks.ts");
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "old"]);
  });

  it("follow a package.json that is read as data and decides where imports lead to", () => {
    const manifest = (target: string): string => JSON.stringify({ type: "module", imports: { "#tasks": target } });
    const { workspace, fixture, fileSystem } = createMemoryProject(`
      //- /flows/main.dag.ts
      import { dag } from "fanout";
      import { run } from "#tasks";
      import manifest from "./package.json" with { type: "json" };
      export default dag({ dag_id: manifest.type }, () => { run(); });
      //- /flows/package.json
      ${manifest("./one.ts")}
      //- /flows/one.ts
      import { task } from "fanout";
      export const run = task({ task_id: "one" }, () => [1]);
      //- /flows/two.ts
      import { task } from "fanout";
      export const run = task({ task_id: "two" }, () => [1]);
    `);
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["module", "one"]);
    fileSystem.writeFileSync("/flows/package.json", manifest("./two.ts"));
    workspace.fileChanged("/flows/package.json");
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["module", "two"]);
  });

  it("follow files that change, come and go on disk", () => {
    const { workspace, fixture, fileSystem } = createMemoryProject(MAIN);
    workspace.analyze(fixture.main);
    fileSystem.writeFileSync("/flows/tasks.ts", TASKS);
    workspace.fileChanged("/flows/tasks.ts");
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "new"]);
    fileSystem.deleteSync("/flows/tasks.ts");
    workspace.fileChanged("/flows/tasks.ts");
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main"]);
    fileSystem.writeFileSync("/flows/tasks.ts", TASKS);
    workspace.fileChanged("/flows/tasks.ts");
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "new"]);
  });

  it("can be asked of a file that is closed, empty or not there", () => {
    const { workspace, fileSystem } = createMemoryProject(MAIN);
    fileSystem.writeFileSync(
      "/flows/closed.dag.ts",
      `import { dag } from "fanout"; dag({ dag_id: "closed" }, () => {});`,
    );
    workspace.addFiles(["/flows/closed.dag.ts", "/flows/missing.dag.ts"]);
    expect(describeDags(workspace.analyze("/flows/closed.dag.ts"))).toEqual(["closed"]);
    expect(workspace.analyze("/flows/missing.dag.ts").dags).toEqual([]);
  });

  it("are not kept when nobody waited for them", () => {
    const { workspace, fixture } = createMemoryProject(MAIN);
    workspace.analyze(fixture.main, { isCancellationRequested: true });
    expect(describeDags(workspace.analyze(fixture.main))).toEqual(["main", "old"]);
  });
});

describe("dependants", () => {
  it("are the open files that import a file, directly or not", () => {
    const { workspace, fixture } = createMemoryProject(MAIN);
    workspace.openDocument("/flows/lonely.dag.ts", `import { dag } from "fanout";`, 1);
    workspace.analyze(fixture.main);
    workspace.analyze("/flows/lonely.dag.ts");
    expect(workspace.dependants("/flows/tasks.ts")).toEqual([fixture.main]);
    expect(workspace.dependants(fixture.main)).toEqual([fixture.main]);
  });
});

describe("DAG files", () => {
  it("import fanout, directly or through a helper", () => {
    const { workspace } = createMemoryProject(`
      //- /a.ts
      import { helper } from "./b.js";
      //- /b.ts
      export * from "./c.js";
      //- /c.ts
      const { dag } = require("fanout");
      //- /plain.ts
      import { readFileSync } from "node:fs";
      // import { dag } from somewhere, not from fanout
      //- /testing.ts
      import { other } from "fanouts";
    `);
    const files = ["/a.ts", "/b.ts", "/c.ts", "/plain.ts", "/testing.ts", "/missing.ts"];
    expect(files.filter((file) => workspace.isDagFile(file))).toEqual(["/a.ts", "/b.ts", "/c.ts"]);
  });

  it("can be JavaScript, in modules of either kind", () => {
    const { workspace } = createMemoryProject(`
      //- /a.mjs
      import { dag, task } from "fanout";
      export default dag({ dag_id: "esm" }, () => { task({ task_id: "a" }, () => 1)(); });
      //- /b.cjs
      const { dag, task } = require("fanout");
      module.exports = dag({ dag_id: "cjs" }, () => { task({ task_id: "b" }, () => 1)(); });
    `);
    expect(describeDags(workspace.analyze("/a.mjs"))).toEqual(["esm", "a"]);
    expect(describeDags(workspace.analyze("/b.cjs"))).toEqual(["cjs", "b"]);
  });
});

describe("fanout's types", () => {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  const bundledTypes = join(repository, "runtime/src/index.ts");
  const folder = mkdtempSync(join(tmpdir(), "fanout-workspace-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  }

  const DAG = `import { dag, task } from "fanout"; dag({ dag_id: "d" }, () => { task({ task_id: "a" }, () => 1)(); });`;
  const API = `
    export declare function dag(args: object, body: () => void): unknown;
    export declare function task(options: object, fn: () => unknown): () => unknown;`;

  it("are the bundled ones where the workspace has none", () => {
    write({ "bare/a.dag.ts": DAG });
    const workspace = new Workspace({ bundledTypes });
    expect(describeDags(workspace.analyze(join(folder, "bare/a.dag.ts")))).toEqual(["d", "a"]);
  });

  it("are those of node_modules, of paths and of the package itself where there are some", () => {
    const options = (compilerOptions: object): string =>
      JSON.stringify({
        compilerOptions: { module: "nodenext", moduleResolution: "nodenext", types: [], ...compilerOptions },
      });
    write({
      "installed/a.dag.ts": DAG,
      "installed/tsconfig.json": options({}),
      "installed/node_modules/fanout/package.json": `{ "name": "fanout", "version": "1.0.0", "types": "own.d.ts" }`,
      "installed/node_modules/fanout/own.d.ts": API,
      "mapped/a.dag.ts": DAG,
      "mapped/tsconfig.json": options({ paths: { fanout: ["./types/mapped.d.ts"] } }),
      "mapped/types/mapped.d.ts": API,
      "itself/package.json": `{ "name": "fanout", "type": "module", "exports": { ".": { "types": "./types.d.ts" } } }`,
      "itself/types.d.ts": API,
      "itself/examples/a.dag.ts": DAG,
      "itself/tsconfig.json": options({}),
    });
    const workspace = new Workspace({ bundledTypes: join(repository, "no-such-file.d.ts") });
    for (const file of ["installed/a.dag.ts", "mapped/a.dag.ts", "itself/examples/a.dag.ts"]) {
      expect(describeDags(workspace.analyze(join(folder, file))), file).toEqual(["d", "a"]);
    }
  });
});
