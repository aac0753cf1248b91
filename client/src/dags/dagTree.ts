import * as vscode from "vscode";
import type { WorkspaceDags } from "#core/protocol/lsp.js";
import { CONTEXT_KEYS, type CommandId, VIEW_IDS } from "../contributions.js";
import type { LanguageServer } from "../languageClient.js";
import { childrenOfDag, dagDescription, dagLabel, type DagNode, dagNodeId, dagNodes } from "./dagTreeModel.js";
import type { DagTreeNode } from "./dagTreeModel.js";

const reveal: CommandId = "fanout.revealDag";

const READING = "Reading the workspace…";

/** The view "DAGs": every DAG of the workspace, whether its file is open or not. Asks the server only while it is seen. */
export class DagTree implements vscode.TreeDataProvider<DagTreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<DagTreeNode>;
  private readonly subscriptions: vscode.Disposable[];

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly server: LanguageServer) {
    this.view = vscode.window.createTreeView(VIEW_IDS.dags, { treeDataProvider: this, showCollapseAll: true });
    // Until there is an answer; it may take long.
    this.view.message = READING;
    this.subscriptions = [
      this.changed,
      this.view,
      server.onDidChangeState((state) => {
        if (state === "running") this.refresh();
      }),
    ];
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  async getChildren(node?: DagTreeNode): Promise<DagTreeNode[]> {
    if (node !== undefined) return [...childrenOfDag(node)];
    const dags = await this.server.listDags();
    const nodes = dags === null ? [] : [...dagNodes(dags)];
    this.view.message = messageOf(dags);
    if (dags?.complete === true) void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.dagsRead, true);
    return nodes;
  }

  getTreeItem(node: DagTreeNode): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const hasTasks = childrenOfDag(node).length > 0;
    const item = new vscode.TreeItem(dagLabel(node), hasTasks ? Collapsed : None);
    item.id = dagNodeId(node);
    item.description = dagDescription(node, (file) => vscode.workspace.asRelativePath(file));
    item.tooltip = `${dagLabel(node)}: ${item.description}`;
    item.iconPath = new vscode.ThemeIcon(node.type === "dag" ? "type-hierarchy" : "symbol-function");
    item.contextValue = node.type;
    item.command = { command: reveal, title: "Go to Source", arguments: [node] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

/** Empty: nothing is to be said. */
function messageOf(dags: WorkspaceDags | null): string {
  if (dags === null) return "The language server does not answer: 'Fanout: Restart Language Server' may help.";
  return dags.complete ? "" : READING;
}

/** Lets the person choose among all DAGs of the workspace; undefined where there is none, or none was chosen. */
export async function chooseDag(server: LanguageServer, title: string): Promise<DagNode | undefined> {
  const dags = await server.listDags();
  const nodes = dags === null ? [] : dagNodes(dags);
  if (nodes.length === 0) {
    const text = dags?.complete === false ? "The workspace is still being read: try again in a moment." : noDags;
    void vscode.window.showInformationMessage(text);
    return undefined;
  }
  const items = nodes.map((node) => {
    const description = dagDescription(node, (file) => vscode.workspace.asRelativePath(file));
    return { label: node.dag_id, description, node };
  });
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.node;
}

const noDags = "No DAG was found in the workspace: a DAG is a TypeScript file that imports 'fanout'.";
