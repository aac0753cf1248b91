import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import { eventually, show } from "./support.js";

describe("commands", () => {
  it("opens the preview beside the code", async () => {
    await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.previewGraph");
    const tab = await eventually("preview", () => previewTabs()[0]);
    assert.equal(tab.group.viewColumn, vscode.ViewColumn.Two);
  });

  it("runs a DAG and keeps its history beside it", async () => {
    const { document } = await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.runDag", { uri: document.uri.toString(), dag_id: "adder" });
    const runs = path.join(path.dirname(document.uri.fsPath), ".fanout", "runs");
    await eventually("run folder", () => (existsSync(runs) && readdirSync(runs).length > 0 ? true : undefined));
  });

  it("explains a file in a document", async () => {
    await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.explainFile");
    await eventually("explanation", () =>
      vscode.workspace.textDocuments.find(({ languageId, uri }) => languageId === "markdown" && uri.scheme !== "file"),
    );
  });
});

function previewTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("fanout.preview"));
}
