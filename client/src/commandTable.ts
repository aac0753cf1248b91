import * as vscode from "vscode";
import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { TasksTarget } from "#core/protocol/lensCommands.js";
import { targetOf } from "./commands.js";
import type { CommandTable, FileArgument } from "./commands.js";
import { chooseDag } from "./dags/dagTree.js";
import type { DagTaskNode, DagTreeNode } from "./dags/dagTreeModel.js";
import type { DagFiles } from "./dagFiles.js";
import type { Explanations } from "./explain.js";
import type { LanguageServer } from "./languageClient.js";
import type { PreviewController } from "./preview/previewController.js";
import type { EngineProcess } from "./runs/engineProcess.js";
import type { ForeignRuns } from "./runs/foreignRuns.js";
import type { RunActions } from "./runs/runActions.js";
import { isOver } from "./runs/runBook.js";
import type { RunBook, RunEntry } from "./runs/runBook.js";
import type { RunController } from "./runs/runController.js";
import type { RunDocumentKind } from "./runs/runDocument.js";
import type { RunDocuments } from "./runs/runDocuments.js";
import type { RunTree } from "./runs/runTree.js";
import type { TreeNode } from "./runs/treeModel.js";
import { shownRunOf } from "./runs/historyRun.js";
import { revealSpan } from "./source.js";

export interface CommandParts {
  readonly log: vscode.LogOutputChannel;
  readonly files: DagFiles;
  readonly server: LanguageServer;
  readonly engine: EngineProcess;
  readonly book: RunBook;
  readonly runs: RunController;
  readonly actions: RunActions;
  readonly foreign: ForeignRuns;
  readonly documents: RunDocuments;
  readonly tree: RunTree;
  readonly preview: PreviewController;
  readonly explanations: Explanations;
}

/** What each command does. */
export function createCommands(parts: CommandParts): CommandTable {
  const { log, server, runs, actions, tree, preview, explanations } = parts;
  const onFile = (use: (uri: vscode.Uri, dagId: string | undefined) => void | Promise<void>) => {
    return async (argument: FileArgument): Promise<void> => {
      const known = targetOf(argument) ?? currentTarget(parts);
      const target = known ?? targetOf(await chooseDag(server, "Choose a DAG"));
      if (target !== null) await use(target.uri, target.dag_id);
    };
  };
  const open = (kind: RunDocumentKind) => (node: TreeNode | undefined) => openDocument(parts, kind, node);
  return {
    "fanout.runDag": onFile((uri, dagId) => runs.run({ uri, ...(dagId === undefined ? {} : { dag_id: dagId }) })),
    "fanout.previewGraph": onFile((uri, dagId) => {
      preview.show(uri, dagId ?? null);
    }),
    "fanout.explainFile": onFile((uri) => explanations.open(uri)),
    "fanout.goToDag": () => goToDag(server),
    "fanout.revealDag": (node) => revealDag(node),
    "fanout.goToTask": onFile((uri) => goToTask(server, uri)),
    "fanout.cancelRun": (node) =>
      node?.type === "run" ? runs.cancel(node.entry.summary.run_id, node.entry.home) : runs.cancel(),
    "fanout.refreshRuns": () => {
      tree.refresh();
    },
    "fanout.runAgain": (node) => (node.type === "run" ? runAgain(parts, node.entry) : undefined),
    "fanout.resumeRun": (node) => actions.resume(node),
    "fanout.retryFailed": (node) => actions.retryFailed(node),
    "fanout.clear": (node) => actions.clear(node),
    "fanout.markSuccess": (node) => actions.mark(node, "success"),
    "fanout.markFailed": (node) => actions.mark(node, "failed"),
    "fanout.runOnly": (node) => {
      if (node.type === "dagTask") return actions.runOnlyOne(targetOfTask(node));
      if (node.type === "tasks") return actions.runOnlyOne(node);
      return node.type === "dag" ? undefined : actions.runOnlyOf(node);
    },
    "fanout.revealRun": (node) => (node.type === "run" ? revealRun(parts, node.entry) : undefined),
    "fanout.revealTask": (node) => revealTask(parts, node),
    "fanout.openLog": open("log"),
    "fanout.openRendered": open("rendered"),
    "fanout.openXcom": open("xcom"),
    "fanout.showOutput": () => {
      log.show();
    },
    "fanout.restartServer": () => server.restart(),
  };
}

/** The editor that has the focus, else what the preview shows. */
function currentTarget({ files, preview }: CommandParts): { uri: vscode.Uri; dag_id?: string } | null {
  if (files.active !== null) return { uri: files.active.document.uri };
  const shown = preview.file;
  if (shown === null) return null;
  return { uri: shown.uri, ...(shown.dagId === null ? {} : { dag_id: shown.dagId }) };
}

async function goToDag(server: LanguageServer): Promise<void> {
  const node = await chooseDag(server, "Go to DAG");
  if (node !== undefined) await revealDag(node);
}

/** A task that a helper creates stands in the helper's file. */
async function revealDag(node: DagTreeNode): Promise<void> {
  const span = node.type === "dag" ? node.dag.span : (node.task.span ?? node.parent.dag.span);
  await revealSpan(span);
}

async function goToTask(server: LanguageServer, uri: vscode.Uri): Promise<void> {
  const dags = (await server.models(uri))?.dags ?? [];
  const items = dags.flatMap((dag) => dag.tasks.map((task) => taskItem(dag, task)));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      "No task was found: 'Fanout: Explain This File' tells what was looked for.",
    );
    return;
  }
  const choice = await vscode.window.showQuickPick(items, { title: "Go to Task", matchOnDescription: true });
  if (choice?.span !== undefined) await revealSpan(choice.span);
}

function taskItem(dag: DagModel, task: DagModel["tasks"][number]) {
  const { task_id, operator, span } = task;
  return { label: isMapped(task, dag) ? `${task_id} [ ]` : task_id, description: `${operator} · ${dag.dag_id}`, span };
}

function targetOfTask({ parent: { uri, dag_id }, task: { task_id, mapped } }: DagTaskNode): TasksTarget {
  return { type: "tasks", uri, tasks: [{ dag_id, task_id, mapped }], which: "ask" };
}

async function runAgain(parts: CommandParts, entry: RunEntry): Promise<void> {
  const details = await parts.book.details(parts.engine, entry);
  if (!("file" in details)) return refuse(details.message);
  const { file, dag_id, logical_date } = details;
  await parts.runs.run({ uri: vscode.Uri.file(file), dag_id, logical_date });
}

async function revealRun({ book, engine, preview, foreign }: CommandParts, entry: RunEntry): Promise<void> {
  const live = book.find(entry.summary.run_id);
  if (live !== undefined) {
    preview.showRun(live);
    return;
  }
  const details = await book.details(engine, entry);
  if (!("tasks" in details)) return refuse(details.message);
  preview.showRun(shownRunOf(details, entry.home));
  if (!isOver(details.state)) foreign.follow(entry);
}

async function revealTask({ server }: CommandParts, node: TreeNode): Promise<void> {
  if (node.type !== "task" && node.type !== "instance") return;
  const id = node.type === "task" ? node.task.task_id : node.task_id;
  const models = await server.models(vscode.Uri.file(node.run.file));
  const dag = models?.dags.find(({ dag_id }) => dag_id === node.run.entry.summary.dag_id);
  const span = dag?.tasks.find((task) => task.task_id === id)?.span;
  if (span === undefined) refuse(`'${id}' is not in the file any more.`);
  else await revealSpan(span);
}

async function openDocument({ documents }: CommandParts, kind: RunDocumentKind, node?: TreeNode): Promise<void> {
  if (node?.type !== "task" && node?.type !== "instance" && node?.type !== "document") return;
  const { entry } = node.run;
  if (entry.home === null) return refuse("The run is still starting: try again in a moment.");
  const { name, ...instance } = instanceOf(node);
  await documents.open({ kind, address: { home: entry.home, run_id: entry.summary.run_id, ...instance }, name });
}

function instanceOf(node: Extract<TreeNode, { type: "task" | "instance" | "document" }>) {
  switch (node.type) {
    case "task":
      return { task_id: node.task.task_id, map_index: UNMAPPED_INDEX, name: null };
    case "instance":
      return { task_id: node.task_id, map_index: node.instance.map_index, name: node.instance.name };
    case "document":
      return { task_id: node.task_id, map_index: node.map_index, name: node.name };
  }
}

function refuse(message: string): void {
  void vscode.window.showWarningMessage(message);
}
