import * as vscode from "vscode";

/** The output channel "Fanout"; the language client and the engine write to it too. */
export function createLog(): vscode.LogOutputChannel {
  return vscode.window.createOutputChannel("Fanout", { log: true });
}

/** What went wrong, as one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
