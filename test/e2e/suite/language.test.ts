import assert from "node:assert/strict";
import * as vscode from "vscode";
import { codeOf, eventually, rangeOf, show, squiggles } from "./support.js";

describe("language features", () => {
  it("activates for a TypeScript file and knows its commands", async () => {
    await show("adder.dag.ts");
    const extension = vscode.extensions.getExtension("fanout.fanout");
    assert.ok(extension);
    await extension.activate();
    const commands = await vscode.commands.getCommands();
    assert.ok(commands.includes("fanout.previewGraph"));
    assert.ok(commands.includes("fanout.runDag"));
  });

  it("marks a parameter that cannot be mapped and a value that is no list", async () => {
    const { document } = await show("mistakes.dag.ts");
    const shown = await eventually("pair of diagnostics", () => {
      const found = squiggles(document);
      return found.length >= 2 ? found : undefined;
    });
    const error = vscode.DiagnosticSeverity.Error;
    assert.deepEqual(shown, [
      { code: "unmappable-parameter", severity: error, text: "pool", line: 6 },
      { code: "not-mappable", severity: error, text: "3", line: 7 },
    ]);
  });

  it("says nothing about a file without mistakes", async () => {
    const { document } = await show("adder.dag.ts");
    // The code lens stands once the file was read.
    await lenses(document);
    assert.deepEqual(squiggles(document), []);
  });

  it("takes a mistake away by its quick fix", async () => {
    const { document } = await show("mistakes.dag.ts");
    const diagnostic = await eventually("diagnostic", () =>
      vscode.languages.getDiagnostics(document.uri).find((found) => codeOf(found) === "unmappable-parameter"),
    );
    const action = await eventually("quick fix", async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        document.uri,
        diagnostic.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      return actions.find(({ edit, isPreferred }) => edit && isPreferred === true);
    });
    assert.ok(action.edit);
    await vscode.workspace.applyEdit(action.edit);
    assert.match(document.getText(), /partial\(\{ task_id: "greet", pool: "slots" \}\)/);
    await eventually("file without the mistake", () =>
      squiggles(document).every(({ code }) => code !== "unmappable-parameter") ? true : undefined,
    );
    await vscode.commands.executeCommand("undo");
  });

  it("tells about a task where the mouse is", async () => {
    const { document } = await show("adder.dag.ts");
    const position = rangeOf(document, "add.partial").start;
    const text = await eventually("hover", async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        position,
      );
      const texts = hovers.flatMap(({ contents }) => contents.map(textOf));
      return texts.find((shown) => shown.includes("[3]"));
    });
    assert.match(text, /add/);
  });

  it("offers to run and to preview above the DAG, and to run each task alone", async () => {
    const { document } = await show("adder.dag.ts");
    const shown = await lenses(document);
    assert.deepEqual(
      shown.map(({ command }) => command?.command),
      ["fanout.runDag", "fanout.previewGraph", "fanout.runOnly", "fanout.runOnly", "fanout.runOnly"],
    );
  });

  it("shows how many instances a call makes", async () => {
    const { document } = await show("adder.dag.ts");
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await eventually("inlay hint", async () => {
      const shown = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        "vscode.executeInlayHintProvider",
        document.uri,
        whole,
      );
      const texts = shown.map(({ label }) =>
        typeof label === "string" ? label : label.map((part) => part.value).join(""),
      );
      return texts.some((text) => text.includes("[")) ? texts : undefined;
    });
    assert.ok(hints.some((hint) => hint.trim() === "[3]"));
  });
});

async function lenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return eventually("code lens", async () => {
    const shown = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
      10,
    );
    const ours = shown.filter(({ command }) => command?.command.startsWith("fanout."));
    return ours.length > 0 ? ours : undefined;
  });
}

function textOf(content: vscode.MarkdownString | vscode.MarkedString): string {
  return typeof content === "string" ? content : content.value;
}
