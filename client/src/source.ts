import * as vscode from "vscode";
import type { SourcePoint, SourceSpan } from "#core/model/source.js";

/** Opens the source at a span: where the file is shown already, else beside nothing in the first column. */
export async function revealSpan(span: SourceSpan): Promise<void> {
  const uri = vscode.Uri.file(span.file);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
  const editor = await vscode.window.showTextDocument(uri, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(startOf(span), startOf(span)),
  });
  editor.revealRange(rangeOf(span), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Core counts lines and columns from 1, VS Code from 0. */
export function pointOf(editor: vscode.TextEditor): SourcePoint {
  const { line, character } = editor.selection.active;
  return { file: editor.document.uri.fsPath, line: line + 1, column: character + 1 };
}

function startOf({ line, column }: SourcePoint): vscode.Position {
  return new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
}

function rangeOf(span: SourceSpan): vscode.Range {
  const { line, column, endLine = line, endColumn = column } = span;
  return new vscode.Range(startOf(span), startOf({ file: span.file, line: endLine, column: endColumn }));
}
