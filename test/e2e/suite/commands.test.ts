import assert from "node:assert/strict";
import { existsSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";
import { eventually, show } from "./support.js";

describe("commands", () => {
  it("opens the preview beside the code", async () => {
    await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.previewGraph");
    const tab = await eventually("preview", () => previewTabs()[0]);
    assert.equal(tab.group.viewColumn, vscode.ViewColumn.Two);
  });

  it("runs a DAG, whose instances' logs and results can be opened", async () => {
    const { home, run_id } = await finishedRun();
    const log = await runDocument({ kind: "log", home, run_id, task_id: "add", map_index: 1 });
    await eventually("log of the second instance", () => (log.getText() === "adding 2 and 10\n" ? true : undefined));
    const result = await runDocument({ kind: "xcom", home, run_id, task_id: "total", map_index: -1 });
    await eventually("result", () => (result.getText() === "36\n" ? true : undefined));
  });

  it("opens a log beside the graph, not over it", async () => {
    const { home, run_id, file } = await finishedRun();
    await vscode.commands.executeCommand("fanout.previewGraph");
    const { group } = await eventually("preview", () => previewTabs()[0]);
    await vscode.commands.executeCommand("workbench.action.focusSecondEditorGroup");
    await eventually("focus on the preview", () => vscode.window.tabGroups.activeTabGroup === group || undefined);
    const run = { entry: { home, file, summary: { run_id } }, file };
    const log = { type: "document", kind: "log", run, task_id: "add", map_index: 1, name: null };
    await vscode.commands.executeCommand("fanout.openLog", log);
    assert.equal(vscode.window.activeTextEditor?.document.uri.scheme, "fanout-run");
    assert.equal(vscode.window.activeTextEditor.viewColumn, vscode.ViewColumn.One);
    assert.equal(previewTabs()[0]?.isActive, true);
  });

  it("asks which DAG is meant where the file that is edited has none, whatever the preview shows", async () => {
    const { file, runs } = await finishedRun();
    await vscode.commands.executeCommand("fanout.previewGraph");
    writeFileSync(path.join(path.dirname(file), "notes.txt"), "no DAG\n");
    await show("notes.txt");
    const before = readdirSync(runs).length;
    let isOver = false;
    const asked = Promise.resolve(vscode.commands.executeCommand("fanout.runDag")).finally(() => (isOver = true));
    await eventually("end of the question", async () => {
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      return isOver || undefined;
    });
    await asked;
    assert.equal(readdirSync(runs).length, before);
  });

  it("shows no graph for a run whose file is gone", async () => {
    const { home, run_id, file } = await finishedRun();
    await vscode.commands.executeCommand("fanout.previewGraph");
    await eventually("preview", () => previewTabs()[0]);
    await show("mistakes.dag.ts");
    const shown = await eventually("other graph", () => {
      const [label] = previewTabs().map((tab) => tab.label);
      return label?.includes("mistakes") === true ? label : undefined;
    });
    renameSync(file, `${file}.gone`);
    try {
      void vscode.commands.executeCommand("fanout.revealRun", {
        type: "run",
        entry: { home, file, summary: { run_id } },
      });
      await pause(1000);
      assert.equal(previewTabs()[0]?.label, shown);
    } finally {
      renameSync(`${file}.gone`, file);
    }
  });

  it("explains a file in a document", async () => {
    await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.explainFile");
    await eventually("explanation", () =>
      vscode.workspace.textDocuments.find(({ languageId, uri }) => languageId === "markdown" && uri.scheme !== "file"),
    );
  });
});

/** A run of the DAG whose file is shown then. */
async function finishedRun() {
  const { document } = await show("adder.dag.ts");
  await vscode.commands.executeCommand("fanout.runDag", { uri: document.uri.toString(), dag_id: "adder" });
  const file = document.uri.fsPath;
  const home = path.join(path.dirname(file), ".fanout");
  const runs = path.join(home, "runs");
  const run_id = await eventually("run", () => (existsSync(runs) ? readdirSync(runs)[0] : undefined));
  return { file, home, runs, run_id };
}

/** The document that an entry of the Runs view opens; VS Code forgets documents that nobody shows. */
async function runDocument(address: Readonly<Record<string, unknown>>): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.from({ scheme: "fanout-run", path: "/document", query: JSON.stringify(address) });
  return (await vscode.window.showTextDocument(uri)).document;
}

function previewTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("fanout.preview"));
}
