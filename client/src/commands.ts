import * as vscode from "vscode";
import type { DagTarget, TasksTarget } from "#core/protocol/lensCommands.js";
import type { PageTask } from "#core/protocol/preview.js";
import type { CommandId } from "./contributions.js";
import type { DagTreeNode } from "./dags/dagTreeModel.js";
import { reasonOf } from "./log.js";
import type { TreeNode } from "./runs/treeModel.js";

/** What VS Code hands a command: a title bar's or the explorer's file, a code lens's DAG, nothing from the palette. */
export type FileArgument = vscode.Uri | DagTarget | undefined;

/** A row of the view Runs, or a node of the graph. */
export type RunArgument = TreeNode | PageTask;

interface CommandArguments extends Record<CommandId, unknown> {
  "fanout.runDag": FileArgument;
  "fanout.previewGraph": FileArgument;
  "fanout.explainFile": FileArgument;
  "fanout.cancelRun": TreeNode | undefined;
  "fanout.goToDag": undefined;
  "fanout.goToTask": undefined;
  "fanout.revealDag": DagTreeNode;
  "fanout.refreshRuns": undefined;
  "fanout.runAgain": TreeNode;
  "fanout.resumeRun": TreeNode;
  "fanout.retryFailed": RunArgument;
  "fanout.clear": RunArgument;
  "fanout.markSuccess": RunArgument;
  "fanout.markFailed": RunArgument;
  "fanout.runOnly": RunArgument | DagTreeNode | TasksTarget;
  "fanout.showInstances": PageTask;
  "fanout.revealRun": TreeNode;
  "fanout.revealTask": RunArgument;
  "fanout.openLog": RunArgument;
  "fanout.openRendered": TreeNode;
  "fanout.openXcom": TreeNode;
  "fanout.showOutput": undefined;
  "fanout.restartServer": undefined;
}

/** One handler for each command of the manifest: a forgotten or an extra one does not compile. */
export type CommandTable = {
  readonly [K in CommandId]: (argument: CommandArguments[K]) => void | Promise<void>;
};

export function registerCommands(table: CommandTable, log: vscode.LogOutputChannel): vscode.Disposable {
  const registrations = Object.entries(table).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        await (handler as (argument: unknown) => void | Promise<void>)(argument);
      } catch (error) {
        log.error(`'${id}' failed: ${error instanceof Error ? (error.stack ?? error.message) : reasonOf(error)}`);
        void vscode.window.showErrorMessage(`Fanout: ${reasonOf(error)}`);
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** The file and, from a code lens, the DAG that a command is meant for. */
export function targetOf(argument: FileArgument): { readonly uri: vscode.Uri; readonly dag_id?: string } | null {
  if (argument instanceof vscode.Uri) return { uri: argument };
  if (argument === undefined || typeof argument.uri !== "string" || typeof argument.dag_id !== "string") return null;
  return { uri: vscode.Uri.parse(argument.uri), dag_id: argument.dag_id };
}
