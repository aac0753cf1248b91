import * as vscode from "vscode";
import type { DagModel } from "#core/model/dag.js";
import { isMapped } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { TasksTarget } from "#core/protocol/lensCommands.js";
import type { PageTask } from "#core/protocol/preview.js";
import { targetOf } from "./commands.js";
import type { CommandTable, FileArgument, RunArgument } from "./commands.js";
import { chooseDag } from "./dags/dagTree.js";
import type { DagTaskNode, DagTreeNode } from "./dags/dagTreeModel.js";
import type { DagFiles } from "./dagFiles.js";
import type { Explanations } from "./explain.js";
import type { LanguageServer } from "./languageClient.js";
import type { PreviewController } from "./preview/previewController.js";
import { isPageTask, onlyTargetOf, runNodeOf } from "./preview/graphTask.js";
import type { ShownRun } from "./preview/previewSession.js";
import { chooseInstance } from "./runs/chooseInstance.js";
import type { EngineProcess } from "./runs/engineProcess.js";
import type { ForeignRuns } from "./runs/foreignRuns.js";
import { mappedInstances } from "./runs/instanceItems.js";
import type { RunActions } from "./runs/runActions.js";
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
  const { log, server, runs, tree, preview, explanations } = parts;
  const onFile = (use: (uri: vscode.Uri, dagId: string | undefined) => void | Promise<void>) => {
    return async (argument: FileArgument): Promise<void> => {
      const known = targetOf(argument) ?? currentTarget(parts);
      const target = known ?? targetOf(await chooseDag(server, "Choose a DAG"));
      if (target !== null) await use(target.uri, target.dag_id);
    };
  };
  const open = (kind: RunDocumentKind) => (node: TreeNode | undefined) => openDocument(parts, kind, node);
  return {
    ...commandsOnRuns(parts),
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
    "fanout.revealRun": (node) => (node.type === "run" ? revealRun(parts, node.entry) : undefined),
    "fanout.openRendered": open("rendered"),
    "fanout.openXcom": open("xcom"),
    "fanout.showOutput": () => {
      log.show();
    },
    "fanout.restartServer": () => server.restart(),
  };
}

/** What rows of the view Runs and nodes of the graph can be asked for. */
function commandsOnRuns(parts: CommandParts) {
  const { actions, preview, tree } = parts;
  const onRun = (use: (node: TreeNode) => void | Promise<void>) => {
    return async (argument: RunArgument): Promise<void> => {
      const node = isPageTask(argument) ? await runNodeOf(parts, argument) : argument;
      if (typeof node === "string") refuse(node);
      else await use(node);
    };
  };
  return {
    "fanout.resumeRun": (node) => actions.resume(node),
    "fanout.retryFailed": onRun((node) => actions.retryFailed(node)),
    "fanout.clear": onRun((node) => actions.clear(node)),
    "fanout.markSuccess": onRun((node) => actions.mark(node, "success")),
    "fanout.markFailed": onRun((node) => actions.mark(node, "failed")),
    "fanout.runOnly": (node) => {
      if (isPageTask(node)) return runOnlyShown(parts, node);
      if (node.type === "dagTask") return actions.runOnlyOne(targetOfTask(node));
      if (node.type === "tasks") return actions.runOnlyOne(node);
      return node.type === "dag" ? undefined : actions.runOnlyOf(node);
    },
    "fanout.revealTask": async (argument) => {
      if (!isPageTask(argument)) return revealTask(parts, argument);
      const span = preview.taskOf(argument.task_id)?.task.span;
      if (span !== undefined) await revealSpan(span);
    },
    "fanout.openLog": onRun(async (node) => {
      const one = await oneOf(node);
      if (one !== undefined) await openDocument(parts, "log", one);
    }),
    "fanout.showInstances": onRun(async (node) => {
      if (node.type !== "task" || (await tree.show(node))) return;
      refuse("The run is too old for the view Runs: 'fanout show' shows it.");
    }),
  } satisfies Partial<CommandTable>;
}

/** The editor that has the focus, or what the preview shows where that has it. */
function currentTarget({ files, preview }: CommandParts): { uri: vscode.Uri; dag_id?: string } | null {
  if (files.active !== null) return { uri: files.active.document.uri };
  const shown = preview.activeFile;
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

/** For the logical date of the run that the graph shows. */
async function runOnlyShown(parts: CommandParts, argument: PageTask): Promise<void> {
  const target = onlyTargetOf(parts, argument);
  if (target !== null) await parts.actions.runOnlyOne(target, parts.preview.run?.summary().logical_date);
}

/** A task that is mapped has a log for each instance: asks for one of them. */
async function oneOf(node: TreeNode): Promise<TreeNode | undefined> {
  if (node.type !== "task" || !node.task.mapped) return node;
  const { task_id } = node.task;
  const known = mappedInstances(node.task);
  const choice = await chooseInstance({ title: `Open a log of '${task_id}'`, known, all: false });
  if (choice === undefined) return undefined;
  const instance = known.find(({ map_index, name }) => map_index === choice || name === choice);
  if (instance === undefined) refuse(`'${task_id}' has no instance '${choice ?? ""}' in this run.`);
  else return { type: "instance", run: node.run, task_id, instance, pinned: false };
  return undefined;
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

async function revealRun(parts: CommandParts, entry: RunEntry): Promise<void> {
  const live = parts.book.find(entry.summary.run_id);
  const run = live ?? (await runOfHistory(parts, entry));
  if (typeof run === "string") return refuse(run);
  if (!(await exists(run.file))) return refuse(`The file of the run is gone: '${run.file}'.`);
  parts.preview.showRun(run);
  if (live === undefined && run.isRunning) parts.foreign.follow(entry);
}

/** A text says why it cannot be shown. */
async function runOfHistory({ book, engine }: CommandParts, entry: RunEntry): Promise<ShownRun | string> {
  const details = await book.details(engine, entry);
  return "tasks" in details ? shownRunOf(details, entry.home) : details.message;
}

/** The graph is that of the code as it is now. */
async function exists(file: string): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(vscode.Uri.file(file))).then(
    () => true,
    () => false,
  );
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
  if (node === undefined || node.type === "run" || node.type === "range" || node.type === "message") return;
  const { entry } = node.run;
  if (entry.home === null) return refuse("The run is still starting: try again in a moment.");
  const { name, ...instance } = instanceOf(node);
  await documents.open({ kind, address: { home: entry.home, run_id: entry.summary.run_id, ...instance }, name });
}

function instanceOf(node: Exclude<TreeNode, { type: "run" | "range" | "message" }>) {
  switch (node.type) {
    case "task":
      return { task_id: node.task.task_id, map_index: UNMAPPED_INDEX, name: null };
    case "instance":
      return { task_id: node.task_id, map_index: node.instance.map_index, name: node.instance.name };
    case "document":
    case "tries":
      return { task_id: node.task_id, map_index: node.map_index, name: node.name };
    case "try": {
      const { task_id, map_index, name, tried } = node;
      return { task_id, map_index, name, try_number: tried.try_number };
    }
  }
}

function refuse(message: string): void {
  void vscode.window.showWarningMessage(message);
}
