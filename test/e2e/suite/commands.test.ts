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

  it("runs a DAG, whose instances' logs and results can be opened", async () => {
    const { document } = await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.runDag", { uri: document.uri.toString(), dag_id: "adder" });
    const home = path.join(path.dirname(document.uri.fsPath), ".fanout");
    const runs = path.join(home, "runs");
    const run_id = await eventually("run", () => (existsSync(runs) ? readdirSync(runs)[0] : undefined));
    const log = await runDocument({ kind: "log", home, run_id, task_id: "add", map_index: 1 });
    await eventually("log of the second instance", () => (log.getText() === "adding 2 and 10\n" ? true : undefined));
    const result = await runDocument({ kind: "xcom", home, run_id, task_id: "total", map_index: -1 });
    await eventually("result", () => (result.getText() === "36\n" ? true : undefined));
  });

  it("explains a file in a document", async () => {
    await show("adder.dag.ts");
    await vscode.commands.executeCommand("fanout.explainFile");
    await eventually("explanation", () =>
      vscode.workspace.textDocuments.find(({ languageId, uri }) => languageId === "markdown" && uri.scheme !== "file"),
    );
  });
});

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
