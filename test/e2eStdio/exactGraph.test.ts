import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DagModel } from "#core/model/dag.js";
import type { ExactGraph, FileModels } from "#core/protocol/lsp.js";
import { LspClient } from "../support/lspHarness.js";

const server = [fileURLToPath(new URL("../../dist/server/main.cjs", import.meta.url)), "--stdio"];

const text = `import { dag, task } from "fanout";
import { names } from "./names.js";
const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
export default dag({ dag_id: "exact" }, () => {
  add.expand({ x: [1, 2] });
  for (const name of process.env["NAMES"]?.split(",") ?? names) task({ task_id: name }, () => 1)();
});
`;
const names = 'export const names = ["one"];\n';

describe("what executing a saved file gave", () => {
  let client: LspClient;
  let folder = "";
  let file = "";
  let helper = "";

  beforeAll(async () => {
    // The environment is what reading leaves open, which another rule has something to say about.
    const initializationOptions = { rules: { "non-deterministic-dag": "off" } };
    client = await LspClient.start(server, { initializationOptions });
  });
  afterAll(() => client.stop());

  beforeEach(async () => {
    folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "fanout-exact-")));
    file = path.join(folder, "exact.dag.ts");
    helper = path.join(folder, "names.ts");
    await writeFile(path.join(folder, "package.json"), "{}");
    await writeFile(file, text);
    await writeFile(helper, names);
  });
  afterEach(async () => {
    await client.closeAll();
    await rm(folder, { recursive: true, force: true });
  });

  const models = (uri: string): Promise<FileModels> => client.request("fanout/dagModels", { uri });
  const tell = (graph: ExactGraph): Promise<void> => client.notify("fanout/exactGraph", graph);

  function executed(read: DagModel, ...task_ids: readonly string[]): DagModel {
    const [first] = read.tasks;
    const at = { file, line: 5, column: 7 };
    const more = task_ids.map((task_id) => ({ ...first, task_id, operator: "task", mapping: null, span: at }));
    const tasks = [...read.tasks.slice(0, 1).map((task) => ({ ...task, span: at })), ...more];
    return { ...read, origin: "executed", unresolved: [], tasks: tasks as DagModel["tasks"] };
  }

  async function open(): Promise<{ uri: string; read: DagModel }> {
    const uri = await client.open(file, text);
    const { dags, exact } = await models(uri);
    expect(exact).toBeNull();
    const [read] = dags;
    if (read === undefined) throw new Error("the DAG was not read");
    return { uri, read };
  }

  it("is shown beside what was read, with the places that reading knows better", async () => {
    const { uri, read } = await open();
    expect(read.unresolved.length).toBeGreaterThan(0);
    await tell({ uri, version: 1, answer: { ok: true, value: [executed(read, "late")] } });
    await client.notification("fanout/dagModelsChanged", uri);
    const { dags, exact } = await models(uri);
    expect(dags).toEqual([read]);
    const [graph] = exact?.ok === true ? exact.value : [];
    expect(graph?.tasks.map(({ task_id }) => task_id)).toEqual(["add", "late"]);
    expect(graph?.tasks[0]?.span).toEqual(read.tasks[0]?.span);
    const { markdown } = await client.request<{ markdown: string }>("fanout/explain", { uri });
    expect(markdown).toContain("`late`");
  });

  it("counts for nothing once the file or what it imports was edited, and again where that was taken back", async () => {
    const { uri, read } = await open();
    await tell({ uri, version: 1, answer: { ok: true, value: [executed(read)] } });
    expect((await models(uri)).exact?.ok).toBe(true);
    await client.change(uri, `${text}// more\n`);
    expect((await models(uri)).exact).toBeNull();
    await client.change(uri, text);
    expect((await models(uri)).exact?.ok).toBe(true);
    await client.open(helper, names.replace("one", "two"));
    expect((await models(uri)).exact).toBeNull();
  });

  it("counts for nothing where it is of another version or of text that is not saved, or is no graph", async () => {
    const { uri, read } = await open();
    const answer = { ok: true, value: [executed(read)] } as const;
    await tell({ uri, version: 7, answer });
    await tell({ uri, version: 1, answer: { ok: true, value: [{ dag_id: 5 } as unknown as DagModel] } });
    await tell({ uri: pathToFileURL(helper).href, version: 1, answer });
    expect((await models(uri)).exact).toBeNull();
    await client.open(helper, names.replace("one", "two"));
    await tell({ uri, version: 1, answer });
    expect((await models(uri)).exact).toBeNull();
  });

  describe("as a mistake", () => {
    const failing = (line: number, at = file): ExactGraph["answer"] => ({
      ok: false,
      error: { code: "import-failed", message: "It throws.", at: { file: at, line, column: 3 } },
    });
    const codes = (found: readonly { code?: unknown; range: { start: { line: number } } }[]) =>
      found.map(({ code, range }) => [code, range.start.line]);

    it("is shown in its line until something is edited", async () => {
      const { uri } = await open();
      await tell({ uri, version: 1, answer: failing(3) });
      expect(codes(await client.diagnostics(uri, ({ length }) => length === 1))).toEqual([["import-failed", 2]]);
      await client.change(uri, `${text}\n`);
      expect(await client.diagnostics(uri, ({ length }) => length === 0)).toEqual([]);
    });

    it("is shown in the first line where it happened in another file", async () => {
      const { uri } = await open();
      await tell({ uri, version: 1, answer: failing(1, helper) });
      expect(codes(await client.diagnostics(uri, ({ length }) => length === 1))).toEqual([["import-failed", 0]]);
    });

    it.each([
      ["in the file", "", "// fanout-disable invalid-schedule -- a test\n"],
      ["in the line that the rule underlines", "// fanout-disable-next-line invalid-schedule -- a test", ""],
    ])("is not shown where the person has silenced the rule that says it: %s", async (_where, inside, above) => {
      const silenced = above + text.replace("{ dag_id", `{\n  ${inside}\n  schedule: "every day",\n  dag_id`);
      await writeFile(file, silenced);
      const uri = await client.open(file, silenced);
      const line = silenced.split("\n").findIndex((one) => one.includes("dag({")) + 1;
      const error = { code: "invalid-schedule", message: "It is none.", at: { file, line, column: 16 } } as const;
      await tell({ uri, version: 1, answer: { ok: false, error } });
      expect((await models(uri)).exact?.ok).toBe(false);
      await tell({ uri, version: 1, answer: { ok: false, error: { ...error, code: "import-failed" } } });
      expect(codes(await client.diagnostics(uri, ({ length }) => length === 1))).toEqual([["import-failed", line - 1]]);
      expect(client.publishedCodes(uri)).not.toContain("invalid-schedule");
    });

    it("is not shown where TypeScript or a rule says it, or the text is broken", async () => {
      const wrong = `${text}\nmissing();\n`;
      await writeFile(file, wrong);
      const uri = await client.open(file, wrong);
      await tell({ uri, version: 1, answer: failing(9) });
      expect((await models(uri)).exact?.ok).toBe(false);
      const ruled = text.replace("[1, 2]", "5");
      await writeFile(file, ruled);
      await client.change(uri, ruled);
      const found = await client.diagnostics(uri, ({ length }) => length === 1);
      expect(codes(found)).toEqual([["not-mappable", 4]]);
      const error = { code: "not-mappable", message: "5 is no list.", at: { file, line: 5, column: 3 } } as const;
      await tell({ uri, version: 2, answer: { ok: false, error } });
      expect((await models(uri)).exact?.ok).toBe(false);
      expect(client.publishedCodes(uri)).not.toContain("import-failed");
      expect(client.publishedCodes(uri).filter((code) => code === "not-mappable").length).toBeGreaterThan(0);
      expect(codes(await client.diagnostics(uri, () => true))).toEqual([["not-mappable", 4]]);
    });
  });
});
