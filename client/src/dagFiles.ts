import * as vscode from "vscode";
import { CONTEXT_KEYS } from "./contributions.js";
import { isDagFile } from "./dagFile.js";

/** Which open documents are DAG files. Sets the context keys that menus ask for. */
export class DagFiles implements vscode.Disposable {
  private readonly known = new Map<string, vscode.TextDocument>();
  private readonly found = new vscode.EventEmitter<vscode.TextDocument>();
  private readonly subscriptions: vscode.Disposable[];

  /** A document turned out to be a DAG file: it was opened, or its text became one. */
  readonly onDidFind = this.found.event;

  constructor() {
    this.subscriptions = [
      this.found,
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.look(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (this.has(document.uri) || !contentChanges.some((change) => namesFanout(document, change))) return;
        this.look(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.known.delete(document.uri.toString())) this.setContext();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.setContext();
      }),
    ];
  }

  /** Looks at what is open already; what is found is told to those who listen. */
  start(): void {
    for (const document of vscode.workspace.textDocuments) this.look(document);
    this.setContext();
  }

  has(uri: vscode.Uri): boolean {
    return this.known.has(uri.toString());
  }

  get uris(): readonly vscode.Uri[] {
    return [...this.known.values()].map((document) => document.uri);
  }

  /** The DAG file that the person looks at, or null. */
  get active(): vscode.TextEditor | null {
    const editor = vscode.window.activeTextEditor;
    return editor !== undefined && this.has(editor.document.uri) ? editor : null;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private look(document: vscode.TextDocument): void {
    if (document.languageId !== "typescript" || document.uri.scheme !== "file") return;
    if (this.has(document.uri) || !isDagFile(document.uri.path, document.getText())) return;
    this.known.set(document.uri.toString(), document);
    this.setContext();
    this.found.fire(document);
  }

  private setContext(): void {
    const paths = this.uris.map((uri) => uri.fsPath);
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.dagFiles, paths);
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.activeDagFile, this.active !== null);
  }
}

function namesFanout(document: vscode.TextDocument, change: vscode.TextDocumentContentChangeEvent): boolean {
  return change.text.includes("fanout") || document.lineAt(change.range.start.line).text.includes("fanout");
}
