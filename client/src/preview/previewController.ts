import path from "node:path";
import * as vscode from "vscode";
import type { DagModel, TaskNode } from "#core/model/dag.js";
import type { FileModels } from "#core/protocol/lsp.js";
import { Coalescer } from "../coalescer.js";
import { PREVIEW_VIEW_TYPE } from "../contributions.js";
import type { DagFiles } from "../dagFiles.js";
import type { RunBook } from "../runs/runBook.js";
import type { RunDocument } from "../runs/runDocument.js";
import { pointOf, revealSpan } from "../source.js";
import { logOf } from "./graphTask.js";
import { PreviewPanel } from "./previewPanel.js";
import type { PageHandlers, PanelOptions } from "./previewPanel.js";
import { PreviewSession } from "./previewSession.js";
import type { PreviewedFile, ShownRun } from "./previewSession.js";

/** Where the panel was, so that it comes back after a reload. */
const STATE_KEY = "fanout.preview";
const CURSOR_INTERVAL_MS = 60;

export interface PreviewPorts {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly files: DagFiles;
  readonly book: RunBook;
  readonly models: (uri: vscode.Uri) => Promise<FileModels | null>;
  readonly run: (uri: vscode.Uri, dagId: string | null) => void;
  readonly cancel: (run: ShownRun) => void;
  readonly openDocument: (document: RunDocument) => void;
}

interface OpenPreview {
  readonly panel: PreviewPanel;
  readonly session: PreviewSession;
}

/** The one preview of the window: it follows the DAG file that is edited, its cursor and its runs. */
export class PreviewController implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private open: OpenPreview | undefined;
  private readonly subscriptions: vscode.Disposable[];
  private readonly cursor = new Coalescer<vscode.TextEditor>(CURSOR_INTERVAL_MS, (editors) => {
    const editor = editors.at(-1);
    if (editor !== undefined && this.shows(editor.document.uri)) this.open?.session.moveCursor(pointOf(editor));
  });

  constructor(private readonly ports: PreviewPorts) {
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(PREVIEW_VIEW_TYPE, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined) this.follow(editor);
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        this.cursor.add(textEditor);
      }),
      ports.files.onDidFind((document) => {
        const editor = vscode.window.activeTextEditor;
        if (editor?.document === document) this.follow(editor);
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.open?.session.sendSnapshot();
      }),
      ports.book.onChange(({ run, taskIds }) => {
        this.open?.session.runChanged(run, taskIds);
      }),
    ];
  }

  get visible(): boolean {
    return this.open?.panel.visible ?? false;
  }

  /** The file that is shown, for commands that are given while the panel has the focus; null where it has not. */
  get activeFile(): { readonly uri: vscode.Uri; readonly dagId: string | null } | null {
    if (this.open?.panel.active !== true) return null;
    const { file, dagId } = this.open.session;
    return { uri: vscode.Uri.parse(file.uri), dagId };
  }

  /** The run that is shown. */
  get run(): ShownRun | null {
    return this.open?.session.shownRun ?? null;
  }

  /** A task of the graph that is shown; null where it is not there any more. */
  taskOf(taskId: string): { readonly uri: vscode.Uri; readonly model: DagModel; readonly task: TaskNode } | null {
    const session = this.open?.session;
    const model = session?.dags.find(({ dag_id }) => dag_id === session.dagId);
    const task = model?.tasks.find(({ task_id }) => task_id === taskId);
    if (session === undefined || model === undefined || task === undefined) return null;
    return { uri: vscode.Uri.parse(session.file.uri), model, task };
  }

  show(uri: vscode.Uri, dagId: string | null): void {
    const file = previewedFile(uri);
    if (this.open === undefined) {
      this.start(file, dagId, (options) => PreviewPanel.open(titleOf(file), options));
      return;
    }
    this.open.panel.reveal();
    this.turnTo(file, dagId);
  }

  showRun(run: ShownRun): void {
    this.show(vscode.Uri.file(run.file), run.dag_id);
    this.open?.session.showRun(run);
  }

  /** Shows how a run stands now that is shown already; false where it is not, or goes on in this window. */
  updateRun(run: ShownRun): boolean {
    const session = this.open?.session;
    if (session?.shownRun?.run_id !== run.run_id || this.ports.book.find(run.run_id) !== undefined) return false;
    if (JSON.stringify(session.shownRun.overlay()) !== JSON.stringify(run.overlay())) session.showRun(run);
    return true;
  }

  /** The server read a file anew. */
  modelsChanged(uri: string): void {
    if (this.open !== undefined && this.shows(vscode.Uri.parse(uri))) void this.load(this.open.session);
  }

  /** Closed files may have changed on disk; of open ones each change is told by itself. */
  closedFilesChanged(): void {
    const session = this.open?.session;
    if (session !== undefined && !this.ports.files.has(vscode.Uri.parse(session.file.uri))) void this.load(session);
  }

  /** Turns to another DAG of the file, where that is shown. */
  turnToDag(uri: vscode.Uri, dagId: string): void {
    const session = this.open?.session;
    if (session !== undefined && this.shows(uri) && session.dagId !== dagId) session.chooseDag(dagId);
  }

  /** Another server answers: it knows nothing of what was asked before. */
  reload(): void {
    if (this.open !== undefined) void this.load(this.open.session);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const state = this.ports.context.workspaceState.get<{ uri: string; dagId: string | null }>(STATE_KEY);
    const uri = state?.uri ?? this.ports.files.active?.document.uri.toString();
    if (uri === undefined || this.open !== undefined) panel.dispose();
    else {
      const file = previewedFile(vscode.Uri.parse(uri));
      this.start(file, state?.dagId ?? null, (options) => PreviewPanel.adopt(panel, options));
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.cursor.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    this.open?.panel.dispose();
  }

  private start(file: PreviewedFile, dagId: string | null, create: (options: PanelOptions) => PreviewPanel): void {
    const { book, context, log } = this.ports;
    const session = new PreviewSession(
      {
        post: (message) => this.open?.panel.post(message),
        latestRun: (path, id) => book.latest(path, id),
        canRun: () => vscode.workspace.isTrusted,
      },
      file,
      dagId,
    );
    const panel = create({
      root: context.extensionUri,
      log,
      handlers: this.handlers(session),
      becameVisible: (visible) => {
        session.setVisible(visible);
      },
      closed: () => {
        this.open = undefined;
      },
    });
    this.open = { panel, session };
    panel.setTitle(titleOf(file));
    void this.load(session);
  }

  private handlers(session: PreviewSession): PageHandlers {
    return {
      ready: () => {
        session.setVisible(true);
      },
      resync: () => {
        session.sendSnapshot();
      },
      revealTask: ({ task_id }) => {
        const span = this.taskOf(task_id)?.task.span;
        if (span !== undefined) void revealSpan(span);
      },
      chooseDag: ({ dag_id }) => {
        session.chooseDag(dag_id);
        this.remember(session);
      },
      run: () => {
        this.ports.run(vscode.Uri.parse(session.file.uri), session.dagId);
      },
      cancel: () => {
        const run = session.shownRun;
        if (run !== undefined) this.ports.cancel(run);
      },
      openLog: ({ task_id }) => {
        const log = session.shownRun === undefined ? null : logOf(session.shownRun, task_id);
        if (log !== null) this.ports.openDocument(log);
      },
    };
  }

  private follow(editor: vscode.TextEditor): void {
    if (this.open === undefined || !this.ports.files.has(editor.document.uri)) return;
    if (!this.shows(editor.document.uri)) this.turnTo(previewedFile(editor.document.uri), null);
    this.cursor.add(editor);
  }

  private turnTo(file: PreviewedFile, dagId: string | null): void {
    if (this.open === undefined) return;
    const { panel, session } = this.open;
    session.show(file, dagId);
    panel.setTitle(titleOf(file));
    void this.load(session);
  }

  private async load(session: PreviewSession): Promise<void> {
    const { uri } = session.file;
    const models = await this.ports.models(vscode.Uri.parse(uri));
    if (session !== this.open?.session || uri !== session.file.uri) return;
    if (models === null) session.setUnreadable();
    else session.setModels({ ...models, uri });
    this.remember(session);
    const editor = vscode.window.activeTextEditor;
    if (editor !== undefined && this.shows(editor.document.uri)) session.moveCursor(pointOf(editor));
  }

  private shows(uri: vscode.Uri): boolean {
    return this.open?.session.file.uri === uri.toString();
  }

  private remember(session: PreviewSession): void {
    void this.ports.context.workspaceState.update(STATE_KEY, { uri: session.file.uri, dagId: session.dagId });
  }
}

function previewedFile(uri: vscode.Uri): PreviewedFile {
  return { uri: uri.toString(), path: uri.fsPath, name: path.basename(uri.fsPath) };
}

function titleOf(file: PreviewedFile): string {
  return `Graph: ${file.name}`;
}
