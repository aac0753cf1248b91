import { pathToFileURL } from "node:url";
import type { Connection, InitializeParams, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { type ExactGraph, serverToClient } from "#core/protocol/lsp.js";
import { pathOfUri, toDiagnostic, toExecutionDiagnostic } from "./convert.js";
import { type DiagnosticsHost, DiagnosticsLoop, type OpenFile } from "./diagnosticsLoop.js";
import { DagFileMemo } from "./features/dagFileMemo.js";
import { ExactGraphs, executionProblem } from "./features/exactGraphs.js";
import { LastGoodModels } from "./features/lastGoodModels.js";
import { type FolderConfig, FolderSettings } from "./folderSettings.js";
import { ruleCatalogue } from "./rules/index.js";
import { type RuleSettings, ruleSettings } from "./ruleSettings.js";
import { silencedIn } from "./rules/support/suppressions.js";
import { openFileOf, Session, type SessionParts } from "./session.js";
import { SettingsStore } from "./settings.js";
import { ListingCache } from "./workspace/listingCache.js";
import { type Cancellation, Workspace } from "./workspace/workspace.js";
import { type ListingsHost, WorkspaceListings } from "./workspaceListings.js";

export interface ServerOptions {
  /** Tells whether an edit is on its way while something is worked out. */
  readonly watch: { begin(): Cancellation };
  /** Absolute path of the rules' documents, where they are installed. */
  readonly docsFolder: string | undefined;
  /** Absolute path of fanout's own type declarations. */
  readonly bundledTypes: string;
  /** Differs between versions of the server. */
  readonly build: string;
  /** Where results may be kept for the next start, unless the client names a folder; undefined: nowhere. */
  readonly cacheFolder: string | undefined;
  /** Everything was read and checked, and nothing is going on. */
  readonly settled: () => void;
}

export interface ClientState {
  params: InitializeParams | undefined;
  /** It asked something that is not of LSP: only then does it know what to do with news of such things. */
  speaksFanout: boolean;
}

export type Server = ReturnType<typeof compose>;

/** All parts of the server, tied together. */
export function compose(connection: Connection, options: ServerOptions, documents: TextDocuments<TextDocument>) {
  const workspace = new Workspace({ bundledTypes: options.bundledTypes });
  const settings = new SettingsStore();
  const folders = new FolderSettings({ env: process.env, ruleNames: ruleCatalogue.map(({ name }) => name) });
  const models = new LastGoodModels();
  const exact = new ExactGraphs((fileName) => workspace.modules.key(fileName));
  const client: ClientState = { params: undefined, speaksFanout: false };
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
    ...outlets(connection, options, client, { workspace, exact }),
    analysed: (file, facts) => {
      listings.put(facts);
      if (models.update(facts) && client.speaksFanout) notifyModels(connection, file.uri);
    },
    ...{ workspace, watch: options.watch },
    isDagFile,
    openFile: (fileName) => {
      const document = documentOf(fileName);
      return document && openFileOf(document);
    },
    ruleSettings: settingsFor,
  });
  const listings: WorkspaceListings = new WorkspaceListings({
    ...listingsOutlets(connection, options, client),
    ...{ workspace, watch: options.watch },
    isOpen: (fileName) => uris.has(fileName),
    isBusy: () => loop.isBusy,
    settled: () => {
      if (uris.size > 0 && !loop.isBusy) options.settled();
    },
  });
  const session = new Session({
    ...{ workspace, settings, models, exact, isDagFile, listings, ruleSettings: settingsFor },
    document: (uri) => documents.get(uri),
    known: (file) => loop.completeFindings(file),
  });
  const takeExactGraph = ({ uri, version, answer }: ExactGraph): void => {
    const document = documents.get(uri);
    const file = document && openFileOf(document);
    if (file?.version !== version || !workspace.isAsOnDisk(file.fileName)) return;
    exact.keep(file.fileName, answer);
    loop.publishAgain(file);
    if (client.speaksFanout) notifyModels(connection, uri);
  };
  const parts = { documents, workspace, settings, folders, models, exact, client, uris, dagFiles, loop, listings };
  return { ...parts, session, takeExactGraph };
}

/** Where the DAGs of the workspace are kept, and who is told of them. */
function listingsOutlets(
  connection: Connection,
  options: ServerOptions,
  client: ClientState,
): Pick<ListingsHost, "cache" | "changed" | "failed"> {
  return {
    cache: () => cacheOf(client, options),
    changed: () => {
      if (client.speaksFanout) void connection.sendNotification(serverToClient.dagsChanged.method, null);
    },
    failed: (what, error) => {
      logFailure(connection, what, error);
    },
  };
}

function notifyModels(connection: Connection, uri: string): void {
  void connection.sendNotification(serverToClient.dagModelsChanged.method, { uri });
}

/** Where the results of the loop go. */
function outlets(
  connection: Connection,
  { docsFolder }: ServerOptions,
  client: ClientState,
  { workspace, exact }: Pick<SessionParts, "workspace" | "exact">,
): Pick<DiagnosticsHost, "publish" | "failed"> {
  const docsUri = docsFolder === undefined ? undefined : pathToFileURL(docsFolder).href;
  return {
    publish: ({ uri, version, fileName }, findings, severities) => {
      const { publishDiagnostics } = client.params?.capabilities.textDocument ?? {};
      const relatedInformation = publishDiagnostics?.relatedInformation === true;
      const diagnostics = findings.map((finding) => toDiagnostic(finding, { docsUri, relatedInformation }));
      const executed = exact.get(fileName);
      if (executed?.ok === false && !workspace.analyze(fileName).broken) {
        const isMarked = (line: number): boolean => workspace.hasTypeError(fileName, line);
        const isSilenced = silencedIn(workspace.analyze(fileName).sourceFile, severities);
        const problem = executionProblem(fileName, executed.error, { findings, isMarked, isSilenced });
        if (problem !== undefined) diagnostics.push(toExecutionDiagnostic(problem, relatedInformation));
      }
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

/** A client that has a folder for such things says so when it starts the server. */
function cacheOf({ params }: ClientState, { cacheFolder, build }: ServerOptions): ListingCache | undefined {
  const options: unknown = params?.initializationOptions;
  const given =
    typeof options === "object" && options !== null && "cacheFolder" in options ? options.cacheFolder : null;
  const folder = typeof given === "string" && given !== "" ? given : cacheFolder;
  return folder === undefined ? undefined : new ListingCache(folder, build);
}

/** Absolute paths, with forward slashes and none at the end. */
export function foldersOf(folders: readonly { readonly uri: string }[]): readonly string[] {
  const paths = folders.flatMap(({ uri }) => pathOfUri(uri) ?? []);
  return paths.map((folder) => (folder.length > 1 && folder.endsWith("/") ? folder.slice(0, -1) : folder));
}

/** The folders that a client opens at the start; older ones know only one. */
export function firstFolders({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  return foldersOf(workspaceFolders ?? (rootUri === null ? [] : [{ uri: rootUri }]));
}

export function logFailure(connection: Connection, what: string, error: unknown): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  connection.console.error(`${what}: ${reason}`);
}
