import { existsSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

/** DAG files beyond this many are not looked for: each may have a history of its own. */
const MOST_FILES = 500;

/** Folders whose histories the view lists: the workspace's, and those of packages inside it that hold DAG files. */
export async function historyFolders(openFiles: readonly vscode.Uri[]): Promise<readonly string[]> {
  const workspace = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const found = await vscode.workspace.findFiles("**/*.dag.{ts,mts,cts}", "**/node_modules/**", MOST_FILES);
  const holders = [...found, ...openFiles].map((uri) => packageFolder(path.dirname(uri.fsPath)));
  return [...new Set([...workspace, ...holders])];
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
