import * as vscode from "vscode";
import type { SourcePoint, SourceSpan } from "#core/model/source.js";
import { PREVIEW_VIEW_TYPE } from "./contributions.js";

/** Opens the source at a span: where the file is shown already, else beside nothing in the first column. */
export async function revealSpan(span: SourceSpan): Promise<void> {
  const uri = vscode.Uri.file(span.file);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const editor = await vscode.window.showTextDocument(uri, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(startOf(span), startOf(span)),
  });
  // Its end may stand so far to the right that the code would be moved sideways.
  const start = new vscode.Range(startOf(span), startOf(span));
  editor.revealRange(start, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where a document is opened so that it does not cover the graph. */
export function codeColumn(): vscode.ViewColumn {
  const { activeTabGroup, all } = vscode.window.tabGroups;
  const group = [activeTabGroup, ...all].find(({ activeTab }) => !isPreview(activeTab));
  return group?.viewColumn ?? vscode.ViewColumn.Beside;
}

/** VS Code puts something of its own before the type. */
export function isPreview(tab: vscode.Tab | undefined): boolean {
  return tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(PREVIEW_VIEW_TYPE);
}

/** Core counts lines and columns from 1, VS Code from 0. */
export function pointOf(editor: vscode.TextEditor): SourcePoint {
  const { line, character } = editor.selection.active;
  return { file: editor.document.uri.fsPath, line: line + 1, column: character + 1 };
}

function startOf({ line, column }: SourcePoint): vscode.Position {
  return new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
}
