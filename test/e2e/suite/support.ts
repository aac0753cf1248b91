import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

const PATIENCE_MS = 60_000;

/** Asks again until the answer is there: what VS Code shows arrives when its processes are ready. */
export async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAt) assert.fail(`There is still no ${what}.`);
    await pause(100);
  }
}

/** Opens a file of the workspace in the editor. */
export async function show(name: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "The suite needs its workspace.");
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name));
}

/** A diagnostic of ours: its code and the text under its squiggle. */
export interface Squiggle {
  readonly code: string;
  readonly severity: vscode.DiagnosticSeverity;
  readonly text: string;
  readonly line: number;
}

export function squiggles(document: vscode.TextDocument): Squiggle[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter((diagnostic) => diagnostic.source === "fanout")
    .map((diagnostic) => ({
      code: codeOf(diagnostic),
      severity: diagnostic.severity,
      text: document.getText(diagnostic.range),
      line: diagnostic.range.start.line + 1,
    }));
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** The range of the first occurrence of a text. */
export function rangeOf(document: vscode.TextDocument, text: string): vscode.Range {
  const offset = document.getText().indexOf(text);
  assert.notEqual(offset, -1, `The file has no '${text}'.`);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + text.length));
}
