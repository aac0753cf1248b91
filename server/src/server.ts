import {
  type CancellationToken,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeResult,
  type ServerCapabilities,
  TextDocuments,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Handlers, RequestDescriptor } from "#core/protocol/descriptor.js";
import { clientToServer } from "#core/protocol/lsp.js";
import { parseExactGraph } from "#core/protocol/parse.js";
import {
  type ClientState,
  compose,
  firstFolders,
  foldersOf,
  logFailure,
  type Server,
  type ServerOptions,
} from "./compose.js";
import { pathOfUri } from "./convert.js";
import { holdsConfiguration } from "./configFile.js";
import { openFileOf } from "./session.js";

/** The only place that registers handlers. Whatever fails is logged and answered with nothing. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const server = compose(connection, options, new TextDocuments(TextDocument));
  registerLifecycle(connection, server);
  registerDocuments(connection, server);
  registerFeatures(connection, server);
  registerOwnMessages(connection, server);
  server.documents.listen(connection);
  connection.listen();
}

const capabilities: ServerCapabilities = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: ["quickfix"] },
  codeLensProvider: {},
  inlayHintProvider: true,
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

const watchedFiles = "**/*.{ts,mts,cts,js,mjs,cjs,json}";

function registerLifecycle(connection: Connection, { client, settings, loop, listings }: Server): void {
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
    if (workspace?.workspaceFolders === true) followFolders(connection, listings);
    if (client.params !== undefined) listings.setFolders(firstFolders(client.params));
  });
  connection.onShutdown(() => {
    loop.dispose();
    listings.dispose();
  });
}

function followFolders(connection: Connection, listings: Server["listings"]): void {
  connection.workspace.onDidChangeWorkspaceFolders(() => {
    void connection.workspace.getWorkspaceFolders().then((folders) => {
      listings.setFolders(foldersOf(folders ?? []));
    });
  });
}

function registerDocuments(connection: Connection, server: Server): void {
  const { documents, workspace, uris, dagFiles, loop, models, settings, folders, listings, exact } = server;
  /** Checks the file and those that use it, before or after the change, again; and nothing else. */
  const change = (fileName: string, apply: () => void): void => {
    const before = workspace.dependants(fileName);
    apply();
    const concerned = new Set([fileName, ...before, ...workspace.dependants(fileName)]);
    loop.changed([...concerned].filter((each) => uris.has(each)));
  };
  // Fires when a document is opened, too.
  documents.onDidChangeContent(({ document }) => {
    const file = openFileOf(document);
    if (file === undefined) return;
    const { fileName, text, version } = file;
    const isOpen = uris.has(fileName);
    uris.set(fileName, file.uri);
    change(fileName, () => {
      if (isOpen) workspace.changeDocument(fileName, text, version);
      else workspace.openDocument(fileName, text, version);
    });
    listings.changed(fileName);
  });
  documents.onDidClose(({ document }) => {
    const file = openFileOf(document);
    if (file === undefined) return;
    uris.delete(file.fileName);
    dagFiles.forget();
    change(file.fileName, () => {
      workspace.closeDocument(file.fileName);
    });
    if (loop.closed(file.fileName)) void connection.sendDiagnostics({ uri: file.uri, diagnostics: [] });
    models.forget(file.fileName);
    exact.forget(file.fileName);
    settings.forget(file.uri);
    listings.changed(file.fileName);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    dagFiles.forget();
    for (const { uri, type } of changes) {
      const fileName = pathOfUri(uri);
      if (fileName !== undefined && holdsConfiguration(fileName)) {
        folders.forget();
        loop.changed(uris.keys());
      }
      // The text of an open document is the editor's, whatever happens on disk.
      if (fileName === undefined || uris.has(fileName)) continue;
      const isEdit = type === FileChangeType.Changed;
      change(fileName, () => {
        workspace.fileChanged(fileName, isEdit);
      });
      if (isEdit) listings.changed(fileName);
      else listings.cameOrWent(fileName);
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
  connection.onWorkspaceSymbol(guard("workspaceSymbol", [], ({ query }) => session.workspaceSymbols(query)));
  connection.languages.inlayHint.on(guard("inlayHint", [], ({ textDocument }) => session.inlayHints(textDocument.uri)));
}

function registerOwnMessages(connection: Connection, { session, client, takeExactGraph }: Server): void {
  const guard = guardFor(connection);
  const handlers: Handlers<typeof clientToServer> = {
    dagModels: ({ uri }) => {
      client.speaksFanout = true;
      return session.dagModels(uri);
    },
    listDags: () => {
      client.speaksFanout = true;
      return session.listDags();
    },
    explain: ({ uri }) => session.explain(uri),
    exactGraph: (params) => {
      const graph = parseExactGraph(params);
      if (graph !== null) takeExactGraph(graph);
    },
  };
  const bind = <P, R>(
    { method }: RequestDescriptor<P, R>,
    empty: (params: P) => R,
    answer: (params: P) => R | Promise<R>,
  ) => {
    connection.onRequest(method, (params: P, token: CancellationToken) =>
      guard(method, empty(params), answer)(params, token),
    );
  };
  connection.onNotification(clientToServer.exactGraph.method, handlers.exactGraph);
  bind(
    clientToServer.dagModels,
    ({ uri }) => ({ uri, version: null, dags: [], broken: false, exact: null }),
    handlers.dagModels,
  );
  bind(clientToServer.listDags, () => ({ files: [], complete: false }), handlers.listDags);
  bind(clientToServer.explain, () => ({ markdown: "" }), handlers.explain);
}

type Guard = <P, R>(
  what: string,
  empty: R,
  answer: (params: P) => R | Promise<R>,
) => (params: P, token?: CancellationToken) => Promise<R>;

function guardFor(connection: Connection): Guard {
  return (what, empty, answer) => async (params, token) => {
    // It was taken back while it waited for its turn.
    if (token?.isCancellationRequested === true) return empty;
    try {
      return await answer(params);
    } catch (error) {
      logFailure(connection, what, error);
      return empty;
    }
  };
}
