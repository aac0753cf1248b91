import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CodeAction, CodeLens, DocumentSymbol, Hover, InlayHint } from "vscode-languageserver";
import type { FileModels } from "#core/protocol/lsp.js";
import { LspClient, type LspOptions } from "../support/lspHarness.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const server = [path.join(root, "dist/server/main.cjs"), "--stdio"];
const commandLine = [path.join(root, "dist/runtime/cli.cjs"), "lsp"];

const good = `import { dag, task } from "fanout";
const num = task({ task_id: "num" }, () => 42);
const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
const add = task({ task_id: "add", retries: 2 }, ({ x, y }: { x: number; y: number }) => x + y);
export default dag({ dag_id: "adder" }, () => {
  add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
  add.override({ task_id: "upstream" }).partial({ y: 10 }).expand({ x: nums() });
});
`;
const bad = good.replace("x: [1, 2, 3]", "x: num()").replace("x: nums()", "x: [1], pool: ['a']");

describe("the language server over stdio", () => {
  const started: LspClient[] = [];
  /** Asked by all tests that want nothing else of a server: starting one takes longer than all that they ask. */
  let client: LspClient;
  let folder = "";
  let file = "";

  beforeAll(async () => {
    client = await LspClient.start(server);
  });

  afterAll(async () => {
    if (isRunning(client)) await client.stop();
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fanout-lsp-"));
    file = path.join(folder, "adder.dag.ts");
    await writeFile(path.join(folder, "package.json"), "{}");
    await writeFile(file, good);
  });

  afterEach(async () => {
    for (const one of started.splice(0)) if (isRunning(one)) await one.stop();
    if (isRunning(client)) await client.closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(options: LspOptions = {}, command = server): Promise<LspClient> {
    const own = await LspClient.start(command, { cwd: folder, ...options });
    started.push(own);
    return own;
  }

  const isRunning = ({ server: { exitCode, signalCode } }: LspClient) => exitCode === null && signalCode === null;
  const codes = (diagnostics: readonly { code?: unknown }[]) => diagnostics.map(({ code }) => code).sort();

  it("pushes both phases' diagnostics to a client without any special capability", async () => {
    const uri = await client.open(file, bad);
    const found = await client.diagnostics(uri, (diagnostics) => diagnostics.length === 2);
    expect(codes(found)).toEqual(["not-mappable", "unmappable-parameter"]);
    for (const { source, codeDescription, relatedInformation } of found) {
      expect(source).toBe("fanout");
      expect(existsSync(fileURLToPath(codeDescription?.href ?? ""))).toBe(true);
      expect(relatedInformation).toBeUndefined();
    }
    await client.change(uri, good);
    expect(await client.diagnostics(uri, (diagnostics) => diagnostics.length === 0)).toEqual([]);
  });

  it("fixes what it reports, and switches it off", async () => {
    const uri = await client.open(file, bad);
    const found = await client.diagnostics(uri, (diagnostics) => diagnostics.length === 2);
    const shown = found.find(({ code }) => code === "not-mappable");
    const actions = await client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: shown?.range,
      context: { diagnostics: [shown] },
    });
    expect(actions.map(({ isPreferred }) => isPreferred)).toEqual([true, false, false, false]);
    expect(actions[0]?.diagnostics).toHaveLength(1);
    expect(actions[0]?.edit?.changes?.[uri]?.map(({ newText }) => newText)).toEqual(["[", "]"]);
    const comments = actions.slice(-2).map(({ edit }) => edit?.changes?.[uri]?.[0]?.newText);
    expect(comments[0]).toContain("// fanout-disable-next-line not-mappable -- ");
    expect(comments[1]).toContain("// fanout-disable not-mappable -- ");
  });

  it("answers hover, lenses, hints and symbols", async () => {
    const uri = await client.open(file, good);
    await client.diagnostics(uri, () => true);
    const textDocument = { uri };
    const position = { line: 5, character: 3 };
    const hover = await client.request<Hover>("textDocument/hover", { textDocument, position });
    expect(JSON.stringify(hover.contents)).toContain("[3]");
    const lenses = await client.request<CodeLens[]>("textDocument/codeLens", { textDocument });
    expect(lenses.slice(0, 2).map(({ command }) => [command?.command, command?.arguments])).toEqual([
      ["fanout.runDag", [{ uri, dag_id: "adder" }]],
      ["fanout.previewGraph", [{ uri, dag_id: "adder" }]],
    ]);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = await client.request<InlayHint[]>("textDocument/inlayHint", { textDocument, range });
    expect(hints.map(({ label }) => label)).toEqual(["[3]", "[from nums]"]);
    const symbols = await client.request<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument });
    expect(symbols.map(({ name, children }) => [name, children?.length])).toEqual([["adder", 3]]);
  });

  it("keeps the last good model while the text is broken, and tells who asked", async () => {
    const uri = await client.open(file, good);
    await client.diagnostics(uri, () => true);
    expect(client.received("fanout/dagModelsChanged", uri)).toBe(0);
    const before = await client.request<FileModels>("fanout/dagModels", { uri });
    expect(before).toMatchObject({ uri, version: 1, broken: false, dags: [{ dag_id: "adder" }] });
    await client.change(uri, good.replace("dag({", "dag({{{"));
    expect(await client.notification("fanout/dagModelsChanged", uri)).toEqual({ uri });
    const after = await client.request<FileModels>("fanout/dagModels", { uri });
    expect(after).toEqual({ ...before, version: 2, broken: true });
    const { markdown } = await client.request<{ markdown: string }>("fanout/explain", { uri });
    expect(markdown).toContain("adder.dag.ts");
  });

  it("takes severities from initializationOptions, or asks for them by document", async () => {
    const severities = { rules: { "not-mappable": "hint", "unmappable-parameter": "off" } };
    const told = await start({ initializationOptions: severities });
    const first = await told.open(file, bad);
    expect(await told.diagnostics(first, (found) => found.length === 1)).toMatchObject([{ severity: 4 }]);
    const asking = await start({ configuration: () => severities });
    const second = await asking.open(file, bad);
    expect(await asking.diagnostics(second, (found) => found.length === 1)).toMatchObject([{ severity: 4 }]);
  });

  it("says nothing about files that have nothing to do with fanout, and answers nothing for what is not there", async () => {
    const uri = await client.open(path.join(folder, "other.ts"), "export const add = { expand: 1 }.expand;");
    const textDocument = { uri };
    expect(await client.request("textDocument/hover", { textDocument, position: { line: 0, character: 14 } })).toBe(
      null,
    );
    expect(await client.request("textDocument/codeLens", { textDocument })).toEqual([]);
    const missing = { textDocument: { uri: "file:///missing/x.ts" }, position: { line: 9, character: 9 } };
    expect(await client.request("textDocument/hover", missing)).toBe(null);
    expect(await client.request("fanout/dagModels", { uri: "untitled:one" })).toMatchObject({ dags: [] });
    const fanoutFile = await client.open(file, bad);
    await client.diagnostics(fanoutFile, (found) => found.length === 2);
  });

  /** A file without mistakes that maps over a list of another file. */
  async function openWithHelper(): Promise<{ helper: string; uri: string }> {
    const helper = path.join(folder, "values.ts");
    await writeFile(helper, "export const values = [1, 2];\n");
    const text = good
      .replace("x: [1, 2, 3]", "x: values")
      .replace("import", 'import { values } from "./values.js";\nimport');
    const uri = await client.open(file, text);
    expect(await client.diagnostics(uri, () => true)).toEqual([]);
    return { helper, uri };
  }

  it("follows an edit of a helper", async () => {
    const { helper, uri } = await openWithHelper();
    await client.open(helper, "export const values = 5;\n");
    expect(codes(await client.diagnostics(uri, (found) => found.length === 1))).toEqual(["not-mappable"]);
  });

  it("follows a file that changes on disk", async () => {
    const { helper, uri } = await openWithHelper();
    await writeFile(helper, "export const values = 5;\n");
    const changes = [{ uri: pathToFileURL(helper).href, type: 2 }];
    await client.notify("workspace/didChangeWatchedFiles", { changes });
    expect(codes(await client.diagnostics(uri, (found) => found.length === 1))).toEqual(["not-mappable"]);
  });

  it("settles on the last of many quick edits, and drops what a closed document showed", async () => {
    const uri = await client.open(file, good);
    for (let edit = 0; edit < 40; edit++) await client.change(uri, edit % 2 === 0 ? bad.slice(0, -edit) : good);
    await client.change(uri, bad);
    const found = await client.diagnostics(uri, (diagnostics) => diagnostics.length === 2);
    expect(codes(found)).toEqual(["not-mappable", "unmappable-parameter"]);
    await client.notify("textDocument/didClose", { textDocument: { uri } });
    expect(await client.diagnostics(uri, (diagnostics) => diagnostics.length === 0)).toEqual([]);
  });

  it("takes settings that change", async () => {
    const own = await start();
    const uri = await own.open(file, bad);
    await own.diagnostics(uri, (found) => found.length === 2);
    const settings = { fanout: { rules: { "not-mappable": "off" }, codeLens: false, inlayHints: false } };
    await own.notify("workspace/didChangeConfiguration", { settings });
    expect(codes(await own.diagnostics(uri, (found) => found.length === 1))).toEqual(["unmappable-parameter"]);
    expect(await own.request("textDocument/codeLens", { textDocument: { uri } })).toEqual([]);
  });

  it("takes the project's configuration, follows it on disk, and lets the editor's settings go before it", async () => {
    const manifest = path.join(folder, "package.json");
    const rules = { "not-mappable": "off", "unmappable-parameter": "hint" };
    await writeFile(manifest, JSON.stringify({ fanout: { rules } }));
    const asking = await start({ configuration: () => ({ rules: { "unmappable-parameter": "information" } }) });
    const uri = await asking.open(file, bad);
    const severities = (found: readonly { severity?: number }[]) => found.map(({ severity }) => severity);
    expect(severities(await asking.diagnostics(uri, () => true))).toEqual([3]);
    await writeFile(manifest, "{}");
    const changes = [{ uri: pathToFileURL(manifest).href, type: 2 }];
    await asking.notify("workspace/didChangeWatchedFiles", { changes });
    expect(severities(await asking.diagnostics(uri, (found) => found.length === 2)).sort()).toEqual([1, 3]);
  });

  it("shows further places to a client that can", async () => {
    const capabilities = { textDocument: { publishDiagnostics: { relatedInformation: true } } };
    const own = await start({ capabilities });
    const uri = await own.open(file, good.replace("x: [1, 2, 3]", "x: [1], y: [2]"));
    const [found] = await own.diagnostics(uri, (diagnostics) => diagnostics.length === 1);
    expect(found?.relatedInformation?.map(({ location }) => location.uri)).toEqual([uri]);
  });

  it("is what 'fanout lsp' starts, and ends with it", async () => {
    const own = await start({}, commandLine);
    const uri = await own.open(file, bad);
    const found = await own.diagnostics(uri, (diagnostics) => diagnostics.length === 2);
    expect(codes(found)).toEqual(["not-mappable", "unmappable-parameter"]);
    expect(await own.stop()).toBe(0);
  });

  it("ends when its client goes away", async () => {
    const own = await start();
    const ended = once(own.server, "exit");
    own.server.stdin?.end();
    await ended;
  });

  it("ends when it is told to", async () => {
    expect(await client.stop()).toBe(0);
  });
});
