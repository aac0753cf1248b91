import path from "node:path";
import * as vscode from "vscode";
import type { LanguageServer } from "./languageClient.js";

const EXPLAIN_SCHEME = "fanout-explain";

/** `Explain This File`: what the server says about a file, as a rendered Markdown document. */
export class Explanations implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(EXPLAIN_SCHEME, this);

  readonly onDidChange = this.changed.event;

  constructor(private readonly server: LanguageServer) {}

  async open(file: vscode.Uri): Promise<void> {
    const name = path.basename(file.fsPath);
    const uri = vscode.Uri.from({ scheme: EXPLAIN_SCHEME, path: `/${name} explained.md`, query: file.toString() });
    this.changed.fire(uri);
    await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const answer = await this.server.explain(vscode.Uri.parse(uri.query));
    return answer?.markdown ?? "The language server does not answer: `Fanout: Restart Language Server` may help.\n";
  }

  dispose(): void {
    this.changed.dispose();
    this.registration.dispose();
  }
}
