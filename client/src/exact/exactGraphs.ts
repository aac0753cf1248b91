import * as vscode from "vscode";
import type { DagFiles } from "../dagFiles.js";
import type { LanguageServer } from "../languageClient.js";
import type { EngineProcess } from "../runs/engineProcess.js";
import { ExactGraphQueue } from "./exactGraphQueue.js";

const SCRIPT = /\.[cm]?[jt]sx?$/;

/**
 * When a DAG file is saved in a trusted workspace, executes it and gives the language server what came out: reading may
 * have left something open. Saving a file that DAG files may import concerns those that somebody looks at, too.
 */
export class ExactGraphs implements vscode.Disposable {
  private readonly queue: ExactGraphQueue;
  private readonly subscription: vscode.Disposable;

  constructor(
    engine: EngineProcess,
    server: LanguageServer,
    private readonly files: DagFiles,
  ) {
    this.queue = new ExactGraphQueue(engine, (graph) => void server.tellExactGraph(graph));
    this.subscription = vscode.workspace.onDidSaveTextDocument((document) => {
      this.saved(document);
    });
  }

  dispose(): void {
    this.queue.clear();
    this.subscription.dispose();
  }

  private saved(saved: vscode.TextDocument): void {
    if (!vscode.workspace.isTrusted || !SCRIPT.test(saved.uri.path)) return;
    const seen = vscode.window.visibleTextEditors.map(({ document }) => document);
    for (const document of new Set([saved, ...seen])) {
      // Unsaved edits are not what would be executed.
      if (!this.files.has(document.uri) || document.isDirty) continue;
      const { uri, version } = document;
      this.queue.add({ uri: uri.toString(), file: uri.fsPath, version });
    }
  }
}
