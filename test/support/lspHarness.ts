import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  createMessageConnection,
  type Diagnostic,
  type LogMessageParams,
  type MessageConnection,
  MessageType,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceFolder,
} from "vscode-languageserver/node";

export interface LspOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly cwd?: string;
  /** The folder of the workspace; none where left out. */
  readonly folder?: string;
  /** Answers `workspace/configuration`, one value for each document; the client then says that it can be asked. */
  readonly configuration?: (uri: string) => unknown;
}

/** A language client as plain as can be, over a real process. */
export class LspClient {
  private readonly published: PublishDiagnosticsParams[] = [];
  private readonly notified: { method: string; params: unknown }[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly versions = new Map<string, number>();

  #folders: readonly WorkspaceFolder[] | null = null;

  private constructor(
    readonly server: ChildProcess,
    private readonly connection: MessageConnection,
  ) {
    connection.onNotification((method, params: unknown) => {
      if (method === "textDocument/publishDiagnostics") this.published.push(params as PublishDiagnosticsParams);
      else this.notified.push({ method, params });
      for (const wake of this.waiting) wake();
    });
    connection.onRequest("client/registerCapability", () => null);
  }

  static async start(command: readonly string[], options: LspOptions = {}): Promise<LspClient> {
    const child = spawn(process.execPath, command, { stdio: ["pipe", "pipe", "inherit"], cwd: options.cwd });
    const reader = new StreamMessageReader(child.stdout);
    const connection = createMessageConnection(reader, new StreamMessageWriter(child.stdin));
    const client = new LspClient(child, connection);
    const { configuration, folder } = options;
    client.#folders = folder === undefined ? null : [folderOf(folder)];
    connection.onRequest("workspace/workspaceFolders", () => client.#folders);
    if (configuration !== undefined) {
      connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri: string }[] }) =>
        items.map(({ scopeUri }) => configuration(scopeUri)),
      );
    }
    connection.listen();
    const asked = configuration === undefined ? {} : { workspace: { configuration: true } };
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: client.#folders,
      capabilities: { ...asked, ...options.capabilities },
      initializationOptions: options.initializationOptions,
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest<R>(method, params);
  }

  /** Asks again after each news from the server until the answer is as wanted. */
  async asked<R>(method: string, params: unknown, isWanted: (answer: R) => boolean): Promise<R> {
    for (;;) {
      const heard = this.notified.length + this.published.length;
      const answer = await this.request<R>(method, params);
      if (isWanted(answer)) return answer;
      await this.until(() => (this.notified.length + this.published.length > heard ? true : undefined));
    }
  }

  async changeFolders(folders: readonly string[]): Promise<void> {
    const [removed, added] = [this.#folders ?? [], folders.map(folderOf)];
    this.#folders = added;
    await this.notify("workspace/didChangeWorkspaceFolders", { event: { added, removed } });
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  async open(file: string, text: string): Promise<string> {
    const uri = pathToFileURL(file).href;
    this.versions.set(uri, 1);
    await this.notify("textDocument/didOpen", { textDocument: { uri, languageId: "typescript", version: 1, text } });
    return uri;
  }

  async change(uri: string, text: string): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    await this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** The newest diagnostics of the document's newest version, as soon as they are as wanted. */
  async diagnostics(
    uri: string,
    isWanted: (diagnostics: readonly Diagnostic[]) => boolean,
  ): Promise<readonly Diagnostic[]> {
    return this.until(() => {
      const last = this.published.findLast((each) => each.uri === uri);
      const isNewest = last?.version === undefined || last.version === this.versions.get(uri);
      return last !== undefined && isNewest && isWanted(last.diagnostics) ? last.diagnostics : undefined;
    });
  }

  /** Takes what was published since the last call. */
  takePublished(): readonly PublishDiagnosticsParams[] {
    return this.published.splice(0);
  }

  /** Ends of work that went wrong: the server logs what it could not do. */
  get errors(): readonly string[] {
    return this.notified.flatMap(({ method, params }) =>
      method === "window/logMessage" && isErrorMessage(params) ? [params.message] : [],
    );
  }

  /** Changes a part of the document, as editors tell it. */
  async edit(uri: string, range: Range, text: string): Promise<void> {
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    const contentChanges = [{ range, text }];
    await this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
  }

  versionOf(uri: string): number | undefined {
    return this.versions.get(uri);
  }

  /** Codes of everything that was ever shown in the document. */
  publishedCodes(uri: string): readonly unknown[] {
    return this.published
      .filter((each) => each.uri === uri)
      .flatMap((each) => each.diagnostics.map(({ code }) => code));
  }

  /** The params of the first notification of this kind about a document that was, or will be, received. */
  async notification(method: string, uri: string): Promise<unknown> {
    const first = await this.until(() =>
      this.notified.find((each) => each.method === method && isAbout(each.params, uri)),
    );
    return first.params;
  }

  received(method: string, uri: string): number {
    return this.notified.filter((each) => each.method === method && isAbout(each.params, uri)).length;
  }

  async closeAll(): Promise<void> {
    for (const uri of this.versions.keys()) await this.notify("textDocument/didClose", { textDocument: { uri } });
    this.versions.clear();
  }

  /** Ends the server as the protocol says; its exit code. */
  async stop(): Promise<number | null> {
    const ended = once(this.server, "exit");
    await this.request("shutdown", undefined);
    await this.notify("exit", undefined);
    const [code] = (await ended) as [number | null];
    this.connection.dispose();
    return code;
  }

  private until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const wake = (): void => {
        const found = look();
        if (found === undefined) return;
        this.waiting.delete(wake);
        resolve(found);
      };
      this.waiting.add(wake);
      wake();
    });
  }
}

function isErrorMessage(params: unknown): params is LogMessageParams {
  return typeof params === "object" && params !== null && "type" in params && params.type === MessageType.Error;
}

function folderOf(folder: string): WorkspaceFolder {
  return { uri: pathToFileURL(folder).href, name: path.basename(folder) };
}

function isAbout(params: unknown, uri: string): boolean {
  return typeof params === "object" && params !== null && "uri" in params && params.uri === uri;
}
