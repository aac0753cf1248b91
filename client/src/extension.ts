import * as vscode from "vscode";
import { createCommands } from "./commandTable.js";
import { registerCommands } from "./commands.js";
import type { Handlers } from "#core/protocol/descriptor.js";
import type { serverToClient } from "#core/protocol/lsp.js";
import { DagFiles } from "./dagFiles.js";
import { DagTree } from "./dags/dagTree.js";
import { ExactGraphs } from "./exact/exactGraphs.js";
import { Explanations } from "./explain.js";
import { LanguageServer } from "./languageClient.js";
import { createLog } from "./log.js";
import { PreviewController } from "./preview/previewController.js";
import { HistoryFolders } from "./runs/historyFolders.js";
import { ForeignRuns } from "./runs/foreignRuns.js";
import { RunActions } from "./runs/runActions.js";
import { RunBook } from "./runs/runBook.js";
import { RunController } from "./runs/runController.js";
import { RunDocuments } from "./runs/runDocuments.js";
import { RunTree } from "./runs/runTree.js";
import { startableEngine } from "./runs/startableEngine.js";
import { Status } from "./status.js";

/** Builds everything once and ties it together; nothing is kept outside. VS Code ends it all with the window. */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog(context);
  const files = new DagFiles();
  const book = new RunBook();
  const handlers: Handlers<typeof serverToClient> = {
    dagModelsChanged: ({ uri }) => {
      preview.modelsChanged(uri);
    },
    dagsChanged: () => {
      dags.refresh();
      preview.closedFilesChanged();
    },
  };
  const cache = context.globalStorageUri.fsPath;
  const server = new LanguageServer(context.asAbsolutePath("dist/server/main.cjs"), log, handlers, cache);
  const dags = new DagTree(server);
  const models = (uri: vscode.Uri) => server.models(uri);
  const engine = startableEngine(context, book, log);
  const documents = new RunDocuments(engine, book);
  const folders = new HistoryFolders(() => files.uris);
  const tree = new RunTree(engine, book, () => folders.list());
  const runs = new RunController({
    ...{ engine, book, documents, log, models },
    starting: (uri, dagId) => {
      preview.turnToDag(uri, dagId);
    },
    isWatched: () => preview.visible || tree.visible,
  });
  const actions = new RunActions({ engine, book, runs, models });
  const preview: PreviewController = new PreviewController({
    ...{ context, log, files, book, models },
    run: (uri, dagId) => void runs.run({ uri, ...(dagId === null ? {} : { dag_id: dagId }) }),
    cancel: (run) => void runs.cancel(run.run_id, run.home),
    openDocument: (document) => void documents.open(document),
  });
  const foreign = new ForeignRuns(
    (entry) => book.details(engine, entry),
    (run) => preview.updateRun(run),
  );
  const explanations = new Explanations(server);
  const exact = new ExactGraphs(engine, server, files);
  const status = new Status(server, book, files);
  const parts = { log, files, server, engine, book, runs, actions, foreign, documents, tree, preview, explanations };
  context.subscriptions.push(
    ...[log, files, book, server, engine, documents, folders],
    ...[dags, tree, preview, foreign, explanations, exact, status],
    registerCommands(createCommands(parts), log),
    files.onDidFind(() => void server.start()),
    server.onDidChangeState((state) => {
      if (state === "running") preview.reload();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("fanout.nodePath") && book.running.length === 0) engine.retire();
    }),
  );
  files.start();
}
