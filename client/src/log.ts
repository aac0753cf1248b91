import * as vscode from "vscode";

/** The output channel "Fanout"; the language client and the engine write to it too. */
export function createLog(context: vscode.ExtensionContext): vscode.LogOutputChannel {
  const log = vscode.window.createOutputChannel("Fanout", { log: true });
  const { version } = context.extension.packageJSON as { readonly version: string };
  log.info(`Fanout ${version}, extension host ${process.version}.`);
  return log;
}

/** What went wrong, as one line. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
