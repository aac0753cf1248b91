import * as vscode from "vscode";
import type { RunError } from "#core/model/run.js";
import type { InstanceHandle } from "#core/model/runAction.js";
import type { Answer, ResumeRunParams, RunAddress, StartRunParams } from "#core/protocol/engine.js";
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
  /** Only this task, and what it needs. */
  readonly task?: string;
  /** Of it only this instance. */
  readonly map_index?: InstanceHandle;
}

/** What is known of a run that has stopped and is to go on. */
export interface StoppedRun {
  /** Absolute path of its DAG file. */
  readonly file: string;
  readonly dag_id: string;
  /** ISO 8601. */
  readonly start: string;
  /** What is told once it has been done, where that is more than how the run ended. */
  readonly done: string | null;
}

/** What is told of a run at its end. */
interface Followed {
  /** What was run of the DAG, where that is not the whole. */
  readonly part?: string | null;
  /** What was done with the run: that is told, unless it failed anew. */
  readonly done?: string | null;
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
    if (!(await isSaved(target.uri))) return;
    if (dagId !== undefined) this.ports.starting(target.uri, dagId);
    const params = startParams(target, dagId);
    const begin = async (): Promise<Answer<RunAddress>> => {
      const answer = await this.ports.engine.ask("startRun", params);
      if (answer.ok) this.ports.book.attachHome(answer.value.run_id, answer.value.home);
      return answer;
    };
    await this.follow(dagId ?? vscode.workspace.asRelativePath(target.uri), begin, { part: partOf(target) });
  }

  /** Does something with a run that has stopped, where that is wanted, and goes on with it. */
  async goOn(params: ResumeRunParams, { file, dag_id, start, done }: StoppedRun): Promise<void> {
    if (!(await this.mayRun())) return;
    const uri = vscode.Uri.file(file);
    if (!(await isSaved(uri))) return;
    this.ports.starting(uri, dag_id);
    this.ports.book.goesOn(params.run_id, params.home, start);
    const begin = async (): Promise<Answer<RunAddress>> => {
      const answer = await this.ports.engine.ask("resumeRun", { ...params, ...parallelismOf(uri) });
      if (answer.ok && answer.value.code_changed) void vscode.window.showInformationMessage(codeChanged(dag_id));
      return answer;
    };
    await this.follow(dag_id, begin, { done });
  }

  /** Of this window's own runs the engine knows by itself; others it finds in `home`. */
  async cancel(runId?: string, home: string | null = null): Promise<void> {
    const id = runId ?? (await this.chooseRunning());
    if (id === undefined) return;
    const isForeign = home !== null && this.ports.book.find(id) === undefined;
    const answer = await this.ports.engine.ask("cancelRun", { run_id: id, ...(isForeign ? { home } : {}) });
    if (!answer.ok) void vscode.window.showErrorMessage(errorText(answer.error));
    else if (!answer.value && isForeign) {
      void vscode.window.showInformationMessage("The run is not under way any more.");
    }
  }

  private async follow(name: string, begin: () => Promise<Answer<RunAddress>>, what: Followed): Promise<void> {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Fanout: running '${name}'`, cancellable: true },
      async (progress, token) => {
        const run = await this.untilEnd(begin, progress, token);
        if (run !== null) void this.tellEnd(run, what);
      },
    );
  }

  /** Null where there was no run; why has been told. */
  private async untilEnd(
    begin: () => Promise<Answer<RunAddress>>,
    progress: vscode.Progress<{ message: string }>,
    token: vscode.CancellationToken,
  ): Promise<LiveRun | null> {
    const { book, engine, log } = this.ports;
    progress.report({ message: "starting…" });
    const answer = await begin();
    if (!answer.ok) {
      this.tell(answer.error);
      return null;
    }
    const { run_id, home } = answer.value;
    log.info(`Run '${run_id}' is under way; its history is in '${home}'.`);
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
      else await book.readRecord(engine, run);
      return run;
    } finally {
      clearInterval(timer);
      cancelling.dispose();
    }
  }

  private async tellEnd(run: LiveRun, { part = null, done = null }: Followed): Promise<void> {
    if (done !== null && !hasFailedNow(run)) this.mention("$(check)", done);
    else if (run.runState === "success") this.mention("$(pass)", successText(run, part));
    else if (run.wasCancelled) this.mention("$(stop-circle)", failureText(run));
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

function partOf({ task, map_index }: RunTarget): string | null {
  if (task === undefined) return null;
  return map_index === undefined ? task : `${task} [${map_index}]`;
}

/** What failed before a run went on is told without its error. */
function hasFailedNow(run: LiveRun): boolean {
  return run.error !== null || run.failures().some(({ error }) => error !== null);
}

/** Saves the file where it is edited: what is on disk is run. */
async function isSaved(uri: vscode.Uri): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  return document?.isDirty !== true || document.save();
}

function codeChanged(dagId: string): string {
  return `The code of '${dagId}' is another than when the run was last under way: what runs now runs with the new one.`;
}

function parallelismOf(uri: vscode.Uri): { readonly parallelism?: number } {
  const parallelism = vscode.workspace.getConfiguration("fanout", uri).get<number>("parallelism", 0);
  return parallelism > 0 ? { parallelism } : {};
}

function startParams({ uri, logical_date, task, map_index }: RunTarget, dagId: string | undefined): StartRunParams {
  return {
    file: uri.fsPath,
    ...parallelismOf(uri),
    ...(task === undefined ? {} : { task }),
    ...(map_index === undefined ? {} : { map_index }),
    ...(dagId === undefined ? {} : { dag_id: dagId }),
    ...(logical_date === undefined ? {} : { logical_date }),
  };
}
