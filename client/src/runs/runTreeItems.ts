import * as vscode from "vscode";
import type { RunSummary } from "#core/model/run.js";
import { shownState, shownTask, shownTry } from "#core/model/shownState.js";
import type { CommandId } from "../contributions.js";
import type { LiveRun } from "./liveRun.js";
import { isOver } from "./runBook.js";
import type { RunEntry } from "./runBook.js";
import type { RunDocumentKind } from "./runDocument.js";
import { STATE_ICONS } from "./stateIcons.js";
import {
  idOf,
  partContext,
  instanceDescription,
  instanceLabel,
  rangeOf,
  runContext,
  runDescription,
  taskDescription,
  taskLabel,
  tryDescription,
} from "./treeModel.js";
import type { TreeNode } from "./treeModel.js";

/** How a node looks; `live` is its run's state where it is one of this session. */
export function treeItem(node: TreeNode, live: LiveRun | undefined): vscode.TreeItem {
  const item = itemOf(node, live);
  item.id = idOf(node);
  return item;
}

function itemOf(node: TreeNode, live: LiveRun | undefined): vscode.TreeItem {
  switch (node.type) {
    case "run":
      return runItem(node.entry, live);
    case "task":
      return taskItem(node, live);
    case "range": {
      const { label, description, state } = rangeOf(node);
      const item = itemWith(label, description, "collapsed");
      item.iconPath = iconOf(state);
      return item;
    }
    case "instance": {
      const item = itemWith(instanceLabel(node.instance), instanceDescription(node.instance), "collapsed");
      item.iconPath = iconOf(shownState(node.instance));
      item.contextValue = partContext("instance", node.instance.state, isUnderWay(node.run.entry, live));
      return item;
    }
    case "document":
      return documentItem(node);
    case "tries": {
      const item = itemWith("Earlier tries", String(node.count), "collapsed");
      item.iconPath = new vscode.ThemeIcon("history");
      return item;
    }
    case "try":
      return tryItem(node);
    case "message": {
      const item = itemWith(node.error.message, "", "leaf");
      item.iconPath = new vscode.ThemeIcon("warning", new vscode.ThemeColor("charts.red"));
      item.tooltip = [node.error.message, node.error.advice ?? ""].join("\n").trim();
      return item;
    }
  }
}

/** Only a run that has stopped can be changed. */
function isUnderWay({ summary }: RunEntry, live: LiveRun | undefined): boolean {
  return live?.isRunning ?? !isOver(summary.state);
}

function taskItem({ task, run }: Extract<TreeNode, { type: "task" }>, live: LiveRun | undefined): vscode.TreeItem {
  const item = itemWith(taskLabel(task), taskDescription(task), task.instances.length > 0 ? "collapsed" : "leaf");
  item.iconPath = iconOf(shownTask(task).state);
  const kind = task.mapped || task.instances.length === 0 ? "task" : "unmappedInstance";
  item.contextValue = partContext(kind, task.state, isUnderWay(run.entry, live));
  return item;
}

function runItem(entry: RunEntry, live: LiveRun | undefined): vscode.TreeItem {
  const summary = live?.summary() ?? entry.summary;
  const item = itemWith(
    summary.dag_id,
    runDescription({ ...entry, summary }, Date.now()),
    live === undefined ? "collapsed" : "expanded",
  );
  item.iconPath = runIcon(summary);
  item.contextValue = runContext(summary, isUnderWay(entry, live));
  item.tooltip = new vscode.MarkdownString(
    [
      `**${summary.dag_id}**: ${summary.stopped ?? summary.state}`,
      `Run \`${summary.run_id}\``,
      `Logical date ${summary.logical_date}`,
      `Started ${summary.start}`,
    ].join("\n\n"),
  );
  return item;
}

const documents: Readonly<Record<RunDocumentKind, { label: string; icon: string; command: CommandId }>> = {
  log: { label: "Log", icon: "output", command: "fanout.openLog" },
  rendered: { label: "Rendered inputs", icon: "symbol-parameter", command: "fanout.openRendered" },
  xcom: { label: "XCom", icon: "json", command: "fanout.openXcom" },
};

function documentItem(node: Extract<TreeNode, { type: "document" }>): vscode.TreeItem {
  const { label, icon, command } = documents[node.kind];
  const item = itemWith(label, "", "leaf");
  item.iconPath = new vscode.ThemeIcon(icon);
  item.command = { command, title: label, arguments: [node] };
  return item;
}

function tryItem(node: Extract<TreeNode, { type: "try" }>): vscode.TreeItem {
  const item = itemWith(`Try ${node.tried.try_number}`, tryDescription(node.tried), "leaf");
  item.iconPath = iconOf(shownTry(node.tried));
  const { label, command } = documents.log;
  item.command = { command, title: label, arguments: [node] };
  return item;
}

/** A description may be cut off beside a long label, so it is the tooltip too. */
function itemWith(label: string, description: string, kind: "leaf" | "collapsed" | "expanded"): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, { leaf: None, collapsed: Collapsed, expanded: Expanded }[kind]);
  item.description = description;
  item.tooltip = description === "" ? label : `${label}: ${description}`;
  return item;
}

/** What was stopped did not fail by itself. */
function runIcon({ state, stopped }: RunSummary): vscode.ThemeIcon {
  return iconOf(stopped ?? state);
}

function iconOf(state: keyof typeof STATE_ICONS): vscode.ThemeIcon {
  const { icon, colour } = STATE_ICONS[state];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
}
