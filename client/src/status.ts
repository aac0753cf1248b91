import * as vscode from "vscode";
import type { CommandId } from "./contributions.js";
import { CONTEXT_KEYS, VIEW_IDS } from "./contributions.js";
import type { DagFiles } from "./dagFiles.js";
import type { LanguageServer } from "./languageClient.js";
import type { RunBook } from "./runs/runBook.js";
import { progressText } from "./runs/runMessages.js";
import { isPreview } from "./source.js";

const showOutput: CommandId = "fanout.showOutput";

/** The status bar's item: the run that is going on, else the state of the language server where DAGs are looked at. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("fanout.status", vscode.StatusBarAlignment.Left, 10);
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: LanguageServer,
    private readonly book: RunBook,
    private readonly files: DagFiles,
  ) {
    const update = (): void => {
      this.update();
    };
    this.item.name = "Fanout";
    this.subscriptions = [
      this.item,
      server.onDidChangeState(update),
      book.onChange(update),
      files.onDidFind(update),
      vscode.window.onDidChangeActiveTextEditor(update),
      vscode.window.tabGroups.onDidChangeTabs(update),
      vscode.window.tabGroups.onDidChangeTabGroups(update),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private update(): void {
    const { running } = this.book;
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.running, running.length > 0);
    const [run] = running;
    if (run !== undefined) {
      const more = running.length === 1 ? "" : ` +${running.length - 1}`;
      this.show(`$(loading~spin) ${run.dag_id} ${progressText(run)}${more}`, "Show the runs", `${VIEW_IDS.runs}.focus`);
    } else if (this.files.active === null && !isPreview(vscode.window.tabGroups.activeTabGroup.activeTab)) {
      this.item.hide();
    } else this.showServer();
  }

  private showServer(): void {
    switch (this.server.state) {
      case "idle":
      case "starting":
        this.show("$(loading~spin) Fanout", "Fanout reads the DAG files", showOutput);
        return;
      case "running":
        this.show("$(type-hierarchy) Fanout", "Fanout: show the runs", `${VIEW_IDS.runs}.focus`);
        return;
      case "stopped":
      case "failed":
        this.show("$(warning) Fanout", "The language server is not running: show the output", showOutput);
    }
  }

  private show(text: string, tooltip: string, command: string): void {
    this.item.text = text;
    this.item.tooltip = tooltip;
    this.item.command = command;
    this.item.show();
  }
}
