import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WorkspaceSymbol } from "vscode-languageserver";
import type { FileModels, WorkspaceDags } from "#core/protocol/lsp.js";
import { LspClient } from "../support/lspHarness.js";

const server = [fileURLToPath(new URL("../../dist/server/main.cjs", import.meta.url)), "--stdio"];
const CREATED = 1;
const CHANGED = 2;
const DELETED = 3;

const tasks = `import { task } from "fanout";
export const ids = ["one", "two"];
export const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
`;
const using = (dag_id: string): string => `import { dag } from "fanout";
import { add, ids } from "./tasks.js";
export default dag({ dag_id: "${dag_id}", schedule: "@daily" }, () => {
  for (const task_id of ids) add.override({ task_id }).expand({ x: [1, 2] });
});
`;
const lonely = `import { dag, task } from "fanout";
export default dag({ dag_id: "lonely" }, () => { task({ task_id: "stay" }, () => 1)(); });
`;

describe("the DAGs of the workspace", () => {
  let folder = "";
  let cache = "";
  const started: LspClient[] = [];
  const at = (name: string): string => path.join(folder, name);
  const uriOf = (name: string): string => pathToFileURL(at(name)).href;

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "fanout-workspace-")));
    cache = path.join(folder, ".cache");
    await mkdir(at("flows"));
    await writeFile(at("package.json"), "{}");
    await writeFile(at("flows/tasks.ts"), tasks);
    await writeFile(at("flows/first.dag.ts"), using("first"));
    await writeFile(at("flows/second.ts"), using("second"));
    await writeFile(at("lonely.dag.ts"), lonely);
    await writeFile(at("plain.ts"), "export const dag = 1;\n");
  });

  afterEach(async () => {
    for (const one of started.splice(0)) await one.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(): Promise<LspClient> {
    const initializationOptions = { cacheFolder: cache };
    const client = await LspClient.start(server, { cwd: folder, folder, initializationOptions });
    started.push(client);
    return client;
  }

  /** As soon as everything was read and is as wanted. */
  const dagsOf = (client: LspClient, isWanted: (dags: WorkspaceDags) => boolean = () => true): Promise<WorkspaceDags> =>
    client.asked<WorkspaceDags>("fanout/listDags", null, (dags) => dags.complete && isWanted(dags));

  const summary = ({ files }: WorkspaceDags): unknown =>
    Object.fromEntries(
      files.map(({ file, dags }) => [
        path.relative(folder, file),
        dags.map(({ dag_id, tasks }) => [
          dag_id,
          ...tasks.map(({ task_id, mapped }) => (mapped ? `${task_id}[]` : task_id)),
        ]),
      ]),
    );
  const all = {
    "flows/first.dag.ts": [["first", "one[]", "two[]"]],
    "flows/second.ts": [["second", "one[]", "two[]"]],
    "lonely.dag.ts": [["lonely", "stay"]],
  };
  const has = (task_id: string) => (dags: WorkspaceDags) => JSON.stringify(dags).includes(`"${task_id}"`);

  it("are known without any file being open, and found and shown by name", async () => {
    const client = await start();
    expect(summary(await dagsOf(client))).toEqual(all);
    const symbols = (query: string): Promise<WorkspaceSymbol[]> => client.request("workspace/symbol", { query });
    const named = (found: readonly WorkspaceSymbol[]) => found.map(({ name, containerName }) => [name, containerName]);
    expect(named(await symbols("ONE"))).toEqual([
      ["one", "first"],
      ["one", "second"],
      ["lonely", "lonely.dag.ts"],
    ]);
    expect(named(await symbols("fst"))).toEqual([["first", "first.dag.ts"]]);
    expect(await symbols("nothing-of-that-name")).toEqual([]);
    const [lone] = await symbols("lonely");
    expect(lone?.location).toMatchObject({ uri: uriOf("lonely.dag.ts"), range: { start: { line: 1, character: 15 } } });
    const { dags, version } = await client.request<FileModels>("fanout/dagModels", { uri: uriOf("flows/second.ts") });
    expect(dags.map(({ dag_id, tasks }) => [dag_id, tasks.length])).toEqual([["second", 2]]);
    expect(version).toBeNull();
  });

  it("follow what is typed, before it is saved, in the file and in what it imports", async () => {
    const client = await start();
    await dagsOf(client);
    const uri = await client.open(at("lonely.dag.ts"), lonely.replace("stay", "typed"));
    expect(summary(await dagsOf(client, has("typed")))).toEqual({ ...all, "lonely.dag.ts": [["lonely", "typed"]] });
    await client.open(at("flows/tasks.ts"), tasks.replace('"two"', '"three"'));
    expect(summary(await dagsOf(client, has("three")))).toEqual({
      "flows/first.dag.ts": [["first", "one[]", "three[]"]],
      "flows/second.ts": [["second", "one[]", "three[]"]],
      "lonely.dag.ts": [["lonely", "typed"]],
    });
    await client.closeAll();
    expect(summary(await dagsOf(client, (dags) => has("two")(dags) && has("stay")(dags)))).toEqual(all);
    expect(client.received("fanout/dagModelsChanged", uri)).toBeGreaterThan(0);
  });

  it("follow files that come, change and go on disk", async () => {
    const client = await start();
    await dagsOf(client);
    const tell = (name: string, type: number): Promise<void> =>
      client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf(name), type }] });
    await writeFile(at("flows/third.ts"), using("third"));
    await tell("flows/third.ts", CREATED);
    expect(summary(await dagsOf(client, has("third")))).toMatchObject({
      "flows/third.ts": [["third", "one[]", "two[]"]],
    });
    await writeFile(at("flows/tasks.ts"), tasks.replace('"two"', '"changed"'));
    await tell("flows/tasks.ts", CHANGED);
    expect(summary(await dagsOf(client, has("changed")))).toMatchObject({
      "flows/third.ts": [["third", "one[]", "changed[]"]],
    });
    await rm(at("flows/third.ts"));
    await tell("flows/third.ts", DELETED);
    const gone = await dagsOf(client, (dags) => !has("third")(dags));
    expect(Object.keys(summary(gone) as object)).toEqual(Object.keys(all));
  });

  it("include those of a file whose helper begins to import fanout", async () => {
    await writeFile(at("plain.ts"), "export { dag } from './own.js';\n");
    await writeFile(at("own.ts"), "export const dag = (...given: unknown[]) => given;\n");
    await writeFile(
      at("through.ts"),
      lonely
        .replace('dag, task } from "fanout"', 'dag } from "./plain.js"')
        .replace("lonely", "through")
        .replace(/task\(.*\(\);/, ""),
    );
    const client = await start();
    await dagsOf(client);
    await client.open(at("own.ts"), 'export { dag } from "fanout";\n');
    expect(summary(await dagsOf(client, has("through")))).toMatchObject({ "through.ts": [["through"]] });
  });

  it("follow folders that come and go", async () => {
    const own = await LspClient.start(server, {
      cwd: folder,
      folder: at("flows"),
      initializationOptions: { cacheFolder: cache },
      capabilities: { workspace: { workspaceFolders: true } },
    });
    started.push(own);
    expect(Object.keys(summary(await dagsOf(own)) as object)).toEqual(["flows/first.dag.ts", "flows/second.ts"]);
    await own.changeFolders([folder]);
    expect(summary(await dagsOf(own, has("lonely")))).toEqual(all);
  });

  describe("kept on disk", () => {
    /** Of the helper, too, which imports fanout and has no DAG. Returns how many there are. */
    async function changeEntries(change: (text: string, index: number) => string): Promise<number> {
      const [build = ""] = await readdir(cache);
      const names = await readdir(path.join(cache, build));
      for (const [index, name] of names.entries()) {
        const entry = path.join(cache, build, name);
        await writeFile(entry, change(await readFile(entry, "utf8"), index));
      }
      return names.length;
    }

    async function readOnce(): Promise<void> {
      const client = await start();
      await dagsOf(client);
      await client.stop();
      started.length = 0;
    }

    it("are not read again where nothing changed", async () => {
      await readOnce();
      expect(await changeEntries((text) => text.replaceAll('"stay"', '"kept"').replaceAll('"one"', '"kept"'))).toBe(4);
      expect(summary(await dagsOf(await start()))).toEqual({
        "flows/first.dag.ts": [["first", "kept[]", "two[]"]],
        "flows/second.ts": [["second", "kept[]", "two[]"]],
        "lonely.dag.ts": [["lonely", "kept"]],
      });
    });

    it("are read again where they or what they import changed, and nothing else is", async () => {
      await readOnce();
      await changeEntries((text) => text.replaceAll('"stay"', '"kept"').replaceAll('"one"', '"kept"'));
      await writeFile(at("flows/tasks.ts"), tasks.replace('"two"', '"three"'));
      expect(summary(await dagsOf(await start()))).toEqual({
        "flows/first.dag.ts": [["first", "one[]", "three[]"]],
        "flows/second.ts": [["second", "one[]", "three[]"]],
        "lonely.dag.ts": [["lonely", "kept"]],
      });
    });

    it("count for nothing where they are cut off, empty, of another kind or of another file", async () => {
      const damages = [
        (text: string) => text.slice(0, -20),
        () => "",
        () => '{"file": 5, "dags": [{}]}',
        (text: string) => text.replace('"file":"', '"file":"/elsewhere'),
      ];
      await readOnce();
      expect(await changeEntries((text, index) => damages[index]?.(text) ?? text)).toBe(damages.length);
      expect(summary(await dagsOf(await start()))).toEqual(all);
    });

    it("are not needed", async () => {
      await writeFile(cache, "a file in the folder's place");
      expect(summary(await dagsOf(await start()))).toEqual(all);
      expect(existsSync(cache)).toBe(true);
    });
  });
});
