import * as vscode from "vscode";
import type { RunError } from "#core/model/run.js";
import type { StartRunParams } from "#core/protocol/engine.js";
import type { FileModels } from "#core/protocol/lsp.js";
import { revealSpan } from "../source.js";
import type { EngineProcess } from "./engineProcess.js";
import type { FailedInstance, LiveRun } from "./liveRun.js";
import type { RunBook } from "./runBook.js";
import type { RunDocuments } from "./runDocuments.js";
import { errorText, failureText, placedErrorText, progressText, successText } from "./runMessages.js";

const PROGRESS_INTERVAL_MS = 250;

export interface RunTarget {
  readonly uri: vscode.Uri;
  /** Asked for where the file has several DAGs and none is named. */
  readonly dag_id?: string;
  /** ISO 8601; now where left out. */
  readonly logical_date?: string;
}

export interface RunPorts {
  readonly engine: EngineProcess;
  readonly book: RunBook;
  readonly documents: RunDocuments;
  readonly log: vscode.LogOutputChannel;
  readonly models: (uri: vscode.Uri) => Promise<FileModels | null>;
  /** A run of the file begins: whoever shows another DAG of it turns to this one. */
  readonly starting: (uri: vscode.Uri, dagId: string) => void;
  /** True where the person sees the result without being told: a preview or the view "Runs" is open. */
  readonly isWatched: () => boolean;
}

/** Starts, follows and stops runs, and tells the person how they ended. */
export class RunController {
  constructor(private readonly ports: RunPorts) {}

  async run(target: RunTarget): Promise<void> {
    if (!(await this.mayRun())) return;
    const dagId = target.dag_id ?? (await this.chooseDag(target.uri));
    if (dagId === null) return;
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === target.uri.toString());
    if (document?.isDirty === true && !(await document.save())) return;
    if (dagId !== undefined) this.ports.starting(target.uri, dagId);
    const params = startParams(target, dagId);
    const title = `Fanout: running '${dagId ?? vscode.workspace.asRelativePath(target.uri)}'`;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (progress, token) => this.follow(params, progress, token),
    );
  }

  async cancel(runId?: string): Promise<void> {
    const id = runId ?? (await this.chooseRunning());
    if (id === undefined) return;
    const answer = await this.ports.engine.ask("cancelRun", { run_id: id });
    if (!answer.ok) void vscode.window.showErrorMessage(errorText(answer.error));
  }

  private async follow(
    params: StartRunParams,
    progress: vscode.Progress<{ message: string }>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const { engine, book, log } = this.ports;
    progress.report({ message: "starting…" });
    const answer = await engine.ask("startRun", params);
    if (!answer.ok) {
      this.tell(answer.error);
      return;
    }
    const { run_id, home } = answer.value;
    book.attachHome(run_id, home);
    log.info(`Run '${run_id}' of '${params.file}' started; its history is in '${home}'.`);
    const cancelling = token.onCancellationRequested(() => void this.cancel(run_id));
    if (token.isCancellationRequested) void this.cancel(run_id);
    const timer = setInterval(() => {
      const run = book.find(run_id);
      if (run !== undefined) progress.report({ message: progressText(run) });
    }, PROGRESS_INTERVAL_MS);
    try {
      const run = await book.ended(run_id);
      log.info(`Run '${run_id}' ended: ${run?.runState ?? "with the engine"}.`);
      if (run === null) this.tell({ code: "internal", message: "The engine ended before the run could start." });
      else void this.tellEnd(run);
    } finally {
      clearInterval(timer);
      cancelling.dispose();
    }
  }

  private async tellEnd(run: LiveRun): Promise<void> {
    if (run.runState === "success") this.mention("$(pass)", successText(run));
    else if (run.wasCancelled) this.mention("$(circle-slash)", failureText(run));
    else await this.offer(run, run.failures()[0] ?? null);
  }

  /** What the person expected needs no notification over what they look at. */
  private mention(icon: string, text: string): void {
    if (this.ports.isWatched()) vscode.window.setStatusBarMessage(`${icon} ${text}`, 8000);
    else void vscode.window.showInformationMessage(text);
  }

  private async offer(run: LiveRun, failed: FailedInstance | null): Promise<void> {
    const { home } = run;
    const at = failed?.error?.at ?? run.error?.at;
    const canOpen = failed !== null && home !== null;
    const found = [...(canOpen ? ["Open Log"] : []), ...(at === undefined ? [] : ["Go to Source"])];
    const choices = found.length === 0 ? ["Show Output"] : found;
    const choice = await vscode.window.showErrorMessage(failureText(run), ...choices);
    if (choice === "Show Output") this.ports.log.show();
    if (choice === "Go to Source" && at !== undefined) await revealSpan(at);
    if (choice !== "Open Log" || !canOpen) return;
    const { task_id, map_index } = failed;
    await this.ports.documents.open({ kind: "log", address: { home, run_id: run.run_id, task_id, map_index } });
  }

  /** A refusal to start: what is wrong and where. */
  private tell(error: RunError): void {
    const { at } = error;
    const text = placedErrorText(error);
    this.ports.log.error(text);
    const elsewhere = error.code === "invalid-option" ? "Open Settings" : "Show Output";
    const choices = at === undefined ? [elsewhere] : ["Go to Source"];
    void vscode.window.showErrorMessage(text, ...choices).then((choice) => {
      if (choice === "Open Settings") void vscode.commands.executeCommand("workbench.action.openSettings", "fanout.");
      if (choice === "Go to Source" && at !== undefined) void revealSpan(at);
      if (choice === "Show Output") this.ports.log.show();
    });
  }

  private async mayRun(): Promise<boolean> {
    if (vscode.workspace.isTrusted) return true;
    const manage = "Manage Workspace Trust";
    const text = "DAGs run only in a trusted workspace; this one is open in Restricted Mode.";
    const choice = await vscode.window.showWarningMessage(text, manage);
    if (choice === manage) await vscode.commands.executeCommand("workbench.trust.manage");
    return false;
  }

  /** Undefined: the engine decides; null: the person does not want to. */
  private async chooseDag(uri: vscode.Uri): Promise<string | undefined | null> {
    const dags = (await this.ports.models(uri))?.dags ?? [];
    if (dags.length < 2) return dags[0]?.dag_id;
    const choice = await vscode.window.showQuickPick(
      dags.map((dag) => ({ label: dag.dag_id, description: `${dag.tasks.length} tasks` })),
      { title: "Run DAG", placeHolder: "The file has several DAGs: which one?" },
    );
    return choice?.label ?? null;
  }

  private async chooseRunning(): Promise<string | undefined> {
    const { running } = this.ports.book;
    if (running.length < 2) return running[0]?.run_id;
    const items = running.map((run) => ({ label: run.dag_id, description: progressText(run), id: run.run_id }));
    return (await vscode.window.showQuickPick(items, { title: "Cancel Run" }))?.id;
  }
}

function startParams({ uri, logical_date }: RunTarget, dagId: string | undefined): StartRunParams {
  const parallelism = vscode.workspace.getConfiguration("fanout", uri).get<number>("parallelism", 0);
  return {
    file: uri.fsPath,
    ...(dagId === undefined ? {} : { dag_id: dagId }),
    ...(logical_date === undefined ? {} : { logical_date }),
    ...(parallelism > 0 ? { parallelism } : {}),
  };
}
