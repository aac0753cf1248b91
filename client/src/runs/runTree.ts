import * as vscode from "vscode";
import { Coalescer } from "../coalescer.js";
import { VIEW_IDS } from "../contributions.js";
import { Repeating } from "../repeating.js";
import type { EngineProcess } from "./engineProcess.js";
import { isOver } from "./runBook.js";
import type { RunBook, RunEntry } from "./runBook.js";
import { childrenOf, childrenOfRun, childrenOfTries } from "./treeModel.js";
import type { TreeNode } from "./treeModel.js";
import { treeItem } from "./runTreeItems.js";

export type TaskTreeNode = Extract<TreeNode, { type: "task" }>;
type RunNode = Extract<TreeNode, { type: "run" }>;

/** A run that a terminal started is looked at so often while the view is open. */
const FOLLOW_INTERVAL_MS = 2000;
const REDRAW_INTERVAL_MS = 250;
/** Rows say how many minutes ago a run began. */
const AGES_INTERVAL_MS = 60_000;

/** The view "Runs". Reads a run only when it is unfolded. */
export class RunTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly runNodes = new Map<string, RunNode>();
  /** Runs to draw again; null stands for the whole list. */
  private readonly redraw = new Coalescer<string | null>(REDRAW_INTERVAL_MS, (ids) => {
    this.redrawRuns(ids);
  });
  private readonly ages = new Repeating(AGES_INTERVAL_MS, () => {
    this.redrawAges();
  });
  private readonly subscriptions: vscode.Disposable[];
  private followTimer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly engine: EngineProcess,
    private readonly book: RunBook,
    private readonly folders: () => Promise<readonly string[]>,
  ) {
    this.view = vscode.window.createTreeView(VIEW_IDS.runs, { treeDataProvider: this, showCollapseAll: true });
    const watcher = vscode.workspace.createFileSystemWatcher("**/.fanout/**", false, true, false);
    const refresh = (): void => {
      if (this.view.visible) this.redraw.add(null);
    };
    this.subscriptions = [
      this.changed,
      this.view,
      watcher,
      this.ages,
      this.view.onDidChangeVisibility(({ visible }) => {
        this.ages.want(visible);
        if (visible) this.redrawAges();
      }),
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) refresh();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.refresh();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.refresh();
      }),
      book.onChange(({ run }) => {
        this.redraw.add(run.run_id);
      }),
    ];
    this.ages.want(this.view.visible);
  }

  get visible(): boolean {
    return this.view.visible;
  }

  refresh(): void {
    this.book.forgetHistory();
    this.changed.fire(undefined);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.runs();
    if (node.type === "tries") return this.tries(node);
    if (node.type !== "run") return [...childrenOf(node)];
    return [...childrenOfRun(node.entry, await this.book.details(this.engine, node.entry))];
  }

  /** Only tasks are revealed. */
  getParent(node: TreeNode): TreeNode | undefined {
    if (node.type !== "task") return undefined;
    return this.runNodes.get(node.run.entry.summary.run_id) ?? { type: "run", entry: node.run.entry };
  }

  /** Shows a task with its instances; false where its run is not listed. */
  async show(task: TaskTreeNode): Promise<boolean> {
    await vscode.commands.executeCommand(`${VIEW_IDS.runs}.focus`);
    return Promise.resolve(this.view.reveal(task, { select: true, focus: true, expand: true })).then(
      () => true,
      () => false,
    );
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const entry = node.type === "run" ? node.entry : node.type === "message" ? undefined : node.run.entry;
    return treeItem(node, entry === undefined ? undefined : this.book.find(entry.summary.run_id));
  }

  dispose(): void {
    clearTimeout(this.followTimer);
    this.redraw.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async tries(node: Extract<TreeNode, { type: "tries" }>): Promise<TreeNode[]> {
    const { run, task_id, map_index } = node;
    const { home, summary } = run.entry;
    if (home === null) return [];
    const answer = await this.engine.ask("showInstance", { home, run_id: summary.run_id, task_id, map_index });
    return answer.ok ? [...childrenOfTries(node, answer.value)] : [{ type: "message", error: answer.error }];
  }

  private async runs(): Promise<TreeNode[]> {
    if (!vscode.workspace.isTrusted) return [];
    const { runs, refusal } = await this.book.list(this.engine, await this.folders());
    this.followForeign(runs);
    const nodes = runs.map((entry): RunNode => ({ type: "run", entry }));
    this.runNodes.clear();
    for (const node of nodes) this.runNodes.set(node.entry.summary.run_id, node);
    return refusal === null ? nodes : [{ type: "message", error: refusal }, ...nodes];
  }

  /** Another process writes these runs, so that no event tells of them. */
  private followForeign(entries: readonly RunEntry[]): void {
    clearTimeout(this.followTimer);
    const isForeign = ({ summary }: RunEntry): boolean =>
      !isOver(summary.state) && this.book.find(summary.run_id) === undefined;
    if (!entries.some(isForeign)) return;
    this.followTimer = setTimeout(() => {
      if (this.view.visible && vscode.window.state.focused) this.changed.fire(undefined);
      else this.followForeign(entries);
    }, FOLLOW_INTERVAL_MS);
  }

  private redrawAges(): void {
    for (const node of this.runNodes.values()) this.changed.fire(node);
  }

  private redrawRuns(ids: readonly (string | null)[]): void {
    const nodes = ids.map((id) => (id === null ? undefined : this.runNodes.get(id)));
    if (nodes.includes(undefined)) this.changed.fire(undefined);
    else for (const node of nodes) this.changed.fire(node);
  }
}
