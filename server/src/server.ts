import { pathToFileURL } from "node:url";
import {
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type ServerCapabilities,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Handlers, RequestDescriptor } from "#core/protocol/descriptor.js";
import { clientToServer, serverToClient } from "#core/protocol/lsp.js";
import { pathOfUri, toDiagnostic } from "./convert.js";
import { type DiagnosticsHost, DiagnosticsLoop, type OpenFile } from "./diagnosticsLoop.js";
import { DagFileMemo } from "./features/dagFileMemo.js";
import { LastGoodModels } from "./features/lastGoodModels.js";
import { holdsConfiguration } from "./configFile.js";
import { type FolderConfig, FolderSettings } from "./folderSettings.js";
import { ruleCatalogue } from "./rules/index.js";
import type { Finding } from "./rules/runRules.js";
import { type RuleSettings, ruleSettings } from "./ruleSettings.js";
import { openFileOf, Session } from "./session.js";
import { SettingsStore } from "./settings.js";
import { Workspace } from "./workspace/workspace.js";

export interface ServerOptions {
  /** Absolute path of the rules' documents, where they are installed. */
  readonly docsFolder: string | undefined;
  /** Absolute path of fanout's own type declarations. */
  readonly bundledTypes: string;
}

/** The composition root, and the only place that registers handlers. Whatever fails is logged and answered with nothing. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const server = compose(connection, options);
  registerLifecycle(connection, server);
  registerDocuments(connection, server);
  registerFeatures(connection, server);
  registerOwnMessages(connection, server);
  server.documents.listen(connection);
  connection.listen();
}

type Server = ReturnType<typeof compose>;

function compose(connection: Connection, options: ServerOptions) {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace({ bundledTypes: options.bundledTypes });
  const settings = new SettingsStore();
  const folders = new FolderSettings({ env: process.env, ruleNames: ruleCatalogue.map(({ name }) => name) });
  const models = new LastGoodModels();
  const client: ClientState = { params: undefined, asksForModels: false };
  const uris = new Map<string, string>();
  const documentOf = (fileName: string): TextDocument | undefined => documents.get(uris.get(fileName) ?? "");
  const dagFiles = new DagFileMemo(
    (fileName) => workspace.isDagFile(fileName),
    (fileName) => documentOf(fileName)?.getText(),
  );
  const isDagFile = (fileName: string): boolean => dagFiles.ask(fileName);
  const warned = new WeakSet<FolderConfig>();
  const settingsFor = async ({ uri, fileName }: OpenFile): Promise<RuleSettings> => {
    const config = folders.for(fileName);
    if (!warned.has(config)) warnOf(connection, config);
    warned.add(config);
    return ruleSettings(config, await settings.get(uri));
  };
  const loop: DiagnosticsLoop = new DiagnosticsLoop({
    ...outlets(connection, options, client, models),
    workspace,
    isDagFile,
    openFile: (fileName) => openFile(documentOf(fileName)),
    ruleSettings: settingsFor,
  });
  const document = (uri: string): TextDocument | undefined => documents.get(uri);
  const known = (file: OpenFile): readonly Finding[] | undefined => loop.completeFindings(file);
  const session = new Session({ workspace, settings, ruleSettings: settingsFor, models, isDagFile, document, known });
  return { documents, workspace, settings, folders, models, client, uris, dagFiles, loop, session };
}

/** Where the results of the loop go. */
function outlets(
  connection: Connection,
  { docsFolder }: ServerOptions,
  client: ClientState,
  models: LastGoodModels,
): Pick<DiagnosticsHost, "analysed" | "publish" | "failed"> {
  const docsUri = docsFolder === undefined ? undefined : pathToFileURL(docsFolder).href;
  return {
    analysed: (file, facts) => {
      const changed = models.update(facts);
      if (changed && client.asksForModels) {
        void connection.sendNotification(serverToClient.dagModelsChanged.method, { uri: file.uri });
      }
    },
    publish: ({ uri, version }, findings) => {
      const { publishDiagnostics } = client.params?.capabilities.textDocument ?? {};
      const relatedInformation = publishDiagnostics?.relatedInformation === true;
      const diagnostics = findings.map((finding) => toDiagnostic(finding, { docsUri, relatedInformation }));
      void connection.sendDiagnostics({ uri, version, diagnostics });
    },
    failed: (what, error) => {
      logFailure(connection, what, error);
    },
  };
}

/** An editor that knows the configuration's schema underlines it, too; the log is for all others. */
function warnOf(connection: Connection, { problems }: FolderConfig): void {
  for (const { message, at } of problems) {
    connection.console.warn(at === undefined ? message : `${at.file}:${at.line}:${at.column}: ${message}`);
  }
}

interface ClientState {
  params: InitializeParams | undefined;
  /** A client that never asked for models does not know what to do with news of them. */
  asksForModels: boolean;
}

function openFile(document: TextDocument | undefined): OpenFile | undefined {
  return document && openFileOf(document);
}

const capabilities: ServerCapabilities = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: ["quickfix"] },
  codeLensProvider: {},
  inlayHintProvider: true,
  documentSymbolProvider: true,
};

const watchedFiles = "**/*.{ts,mts,cts,js,mjs,cjs,json}";

function registerLifecycle(connection: Connection, { client, settings, loop }: Server): void {
  connection.onInitialize((params): InitializeResult => {
    client.params = params;
    const canAsk = params.capabilities.workspace?.configuration === true;
    const fetch = (scopeUri: string): Promise<unknown> =>
      connection.workspace.getConfiguration({ scopeUri, section: "fanout" });
    settings.initialise(params.initializationOptions, canAsk ? fetch : undefined);
    return { serverInfo: { name: "fanout" }, capabilities };
  });
  connection.onInitialized(() => {
    const workspace = client.params?.capabilities.workspace;
    if (workspace?.didChangeConfiguration?.dynamicRegistration === true) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: "fanout" });
    }
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration === true) {
      const watchers = [{ globPattern: watchedFiles }];
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
  });
  connection.onShutdown(() => {
    loop.dispose();
  });
}

function registerDocuments(connection: Connection, server: Server): void {
  const { documents, workspace, uris, dagFiles, loop, models, settings, folders } = server;
  const changed = (fileName: string): void => {
    loop.changed([fileName, ...workspace.dependants(fileName)].filter((each) => uris.has(each)));
  };
  // Fires when a document is opened, too.
  documents.onDidChangeContent(({ document }) => {
    const file = openFileOf(document);
    if (file === undefined) return;
    if (uris.has(file.fileName)) workspace.changeDocument(file.fileName, file.text, file.version);
    else workspace.openDocument(file.fileName, file.text, file.version);
    uris.set(file.fileName, file.uri);
    changed(file.fileName);
  });
  documents.onDidClose(({ document }) => {
    const file = openFileOf(document);
    if (file === undefined) return;
    uris.delete(file.fileName);
    dagFiles.forget();
    workspace.closeDocument(file.fileName);
    if (loop.closed(file.fileName)) void connection.sendDiagnostics({ uri: file.uri, diagnostics: [] });
    models.forget(file.fileName);
    settings.forget(file.uri);
    changed(file.fileName);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    dagFiles.forget();
    for (const { uri } of changes) {
      const fileName = pathOfUri(uri);
      if (fileName !== undefined && holdsConfiguration(fileName)) {
        folders.forget();
        loop.changed(uris.keys());
      }
      // The text of an open document is the editor's, whatever happens on disk.
      if (fileName === undefined || uris.has(fileName)) continue;
      workspace.fileChanged(fileName);
      changed(fileName);
    }
  });
  connection.onDidChangeConfiguration(({ settings: given }) => {
    settings.change(given);
    loop.changed(uris.keys());
    refreshViews(connection, server.client);
  });
}

/** Diagnostics are pushed; lenses and hints are asked for again only when the client is told. */
function refreshViews(connection: Connection, { params }: ClientState): void {
  const workspace = params?.capabilities.workspace;
  if (workspace?.codeLens?.refreshSupport === true) void connection.sendRequest(CodeLensRefreshRequest.type);
  if (workspace?.inlayHint?.refreshSupport === true) void connection.languages.inlayHint.refresh();
}

function registerFeatures(connection: Connection, { session }: Server): void {
  const guard = guardFor(connection);
  connection.onHover(guard("hover", null, ({ textDocument, position }) => session.hover(textDocument.uri, position)));
  connection.onCodeAction(guard("codeAction", [], (params) => session.codeActions(params)));
  connection.onCodeLens(guard("codeLens", [], ({ textDocument }) => session.codeLenses(textDocument.uri)));
  connection.onDocumentSymbol(
    guard("documentSymbol", [], ({ textDocument }) => session.documentSymbols(textDocument.uri)),
  );
  connection.languages.inlayHint.on(guard("inlayHint", [], ({ textDocument }) => session.inlayHints(textDocument.uri)));
}

function registerOwnMessages(connection: Connection, { session, client }: Server): void {
  const guard = guardFor(connection);
  const handlers: Handlers<typeof clientToServer> = {
    dagModels: ({ uri }) => {
      client.asksForModels = true;
      return session.dagModels(uri);
    },
    explain: ({ uri }) => session.explain(uri),
  };
  const bind = <P, R>(
    { method }: RequestDescriptor<P, R>,
    empty: (params: P) => R,
    answer: (params: P) => R | Promise<R>,
  ) => {
    connection.onRequest(method, (params: P) => guard(method, empty(params), answer)(params));
  };
  bind(clientToServer.dagModels, ({ uri }) => ({ uri, version: null, dags: [], broken: false }), handlers.dagModels);
  bind(clientToServer.explain, () => ({ markdown: "" }), handlers.explain);
}

type Guard = <P, R>(what: string, empty: R, answer: (params: P) => R | Promise<R>) => (params: P) => Promise<R>;

function guardFor(connection: Connection): Guard {
  return (what, empty, answer) => async (params) => {
    try {
      return await answer(params);
    } catch (error) {
      logFailure(connection, what, error);
      return empty;
    }
  };
}

function logFailure(connection: Connection, what: string, error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  connection.console.error(`${what}: ${reason}`);
}
