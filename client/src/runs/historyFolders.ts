import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

const DAG_FILES = "**/*.dag.{ts,mts,cts}";
/** DAG files beyond this many are not looked for: each may have a history of its own. */
const MOST_FILES = 500;

/** Folders whose histories the view lists: the workspace's, and those of packages inside it that hold DAG files. */
export class HistoryFolders implements vscode.Disposable {
  private found: Thenable<readonly vscode.Uri[]> | undefined;
  private readonly watcher = vscode.workspace.createFileSystemWatcher(DAG_FILES, false, true, false);
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(private readonly openFiles: () => readonly vscode.Uri[]) {
    const forget = (): void => {
      this.found = undefined;
    };
    this.subscriptions = [
      this.watcher,
      this.watcher.onDidCreate(forget),
      this.watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
    ];
  }

  async list(): Promise<readonly string[]> {
    const workspace = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
    this.found ??= vscode.workspace.findFiles(DAG_FILES, "**/node_modules/**", MOST_FILES);
    const files = [...(await this.found), ...this.openFiles()];
    return [...new Set([...workspace, ...files.map((uri) => packageFolder(path.dirname(uri.fsPath)))])];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** The nearest ancestor with a `package.json`, where the engine keeps the history; else the folder itself. */
function packageFolder(folder: string): string {
  let current = folder;
  while (!existsSync(path.join(current, "package.json"))) {
    const parent = path.dirname(current);
    if (parent === current) return folder;
    current = parent;
  }
  return current;
}
