import * as vscode from "vscode";
import type { LogAddress } from "#core/protocol/engine.js";
import { codeColumn } from "../source.js";
import type { EngineProcess } from "./engineProcess.js";
import type { RunBook } from "./runBook.js";
import {
  RUN_SCHEME,
  addressOf,
  detailsText,
  emptyLogText,
  errorOf,
  logText,
  parseAddress,
  refusalText,
} from "./runDocument.js";
import type { RunDocument } from "./runDocument.js";

/** How often an open log of a running instance is read again. */
const FOLLOW_INTERVAL_MS = 1000;

/** Logs, rendered inputs and XComs as read-only documents; those of a running run follow it. */
export class RunDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly timer: NodeJS.Timeout;

  readonly onDidChange = this.changed.event;

  constructor(
    private readonly engine: EngineProcess,
    private readonly book: RunBook,
  ) {
    this.subscriptions = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(RUN_SCHEME, this),
      book.onChange(({ run, taskIds }) => {
        this.refresh(({ run_id, task_id }) => run_id === run.run_id && taskIds.includes(task_id));
      }),
    ];
    this.timer = setInterval(() => {
      this.refresh((address) => this.isRunning(address));
    }, FOLLOW_INTERVAL_MS);
  }

  async open(document: RunDocument): Promise<void> {
    const uri = vscode.Uri.from({ scheme: RUN_SCHEME, ...addressOf(document) });
    // Its name ends in .log or .json, which tells VS Code the language.
    await vscode.window.showTextDocument(uri, { preview: true, viewColumn: codeColumn() });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const document = parseAddress(uri.query);
    if (document === null) return "This is not the address of a run's document.\n";
    return document.kind === "log" ? this.logOf(document.address) : this.detailsOf(document.kind, document.address);
  }

  dispose(): void {
    clearInterval(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async logOf(address: LogAddress): Promise<string> {
    const log = await this.engine.ask("readLog", address);
    if (log.ok && log.value !== "") return logText(log.value);
    const details = await this.engine.ask("showInstance", address);
    if (details.ok) {
      const { try_number } = address;
      return emptyLogText(errorOf(details.value, try_number), details.value, try_number);
    }
    return refusalText(log.ok ? details.error : log.error);
  }

  private async detailsOf(kind: "rendered" | "xcom", address: LogAddress): Promise<string> {
    const answer = await this.engine.ask("showInstance", address);
    return answer.ok ? detailsText(kind, answer.value) : refusalText(answer.error);
  }

  /** What an earlier try wrote stays as it is. */
  private isRunning({ run_id, task_id, map_index, try_number }: LogAddress): boolean {
    if (try_number !== undefined) return false;
    if (this.book.isForeign(run_id)) return true;
    return this.book.find(run_id)?.instanceState(task_id, map_index) === "running";
  }

  private refresh(isMeant: (address: LogAddress) => boolean): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const document = uri.scheme === RUN_SCHEME ? parseAddress(uri.query) : null;
      if (document !== null && isMeant(document.address)) this.changed.fire(uri);
    }
  }
}
