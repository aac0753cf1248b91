import * as vscode from "vscode";
import { LanguageClient, State, TransportKind } from "vscode-languageclient/node";
import type { LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import type { Handlers, ParamsOf, ResultOf } from "#core/protocol/descriptor.js";
import { clientToServer, serverToClient } from "#core/protocol/lsp.js";
import type { ExactGraph, FileModels, WorkspaceDags } from "#core/protocol/lsp.js";
import { CONTEXT_KEYS } from "./contributions.js";
import { reasonOf } from "./log.js";

/** `idle`: no DAG file needed it yet. */
export type ServerState = "idle" | "stopped" | "starting" | "running" | "failed";

type ServerRequest = keyof typeof clientToServer;

/** The language server's process: started with the first DAG file, ended with the window. */
export class LanguageServer implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly stateChanged = new vscode.EventEmitter<ServerState>();
  private started: Promise<void> | undefined;
  private current: ServerState = "idle";

  readonly onDidChangeState = this.stateChanged.event;

  constructor(
    modulePath: string,
    private readonly log: vscode.LogOutputChannel,
    handlers: Handlers<typeof serverToClient>,
    /** Where the server may keep what it can make again. */
    cacheFolder: string,
  ) {
    this.client = new LanguageClient("fanout", "Fanout", serverOptions(modulePath), clientOptions(log, cacheFolder));
    this.client.onDidChangeState(({ newState }) => {
      this.setState(newState === State.Running ? "running" : newState === State.Starting ? "starting" : "stopped");
    });
    for (const [name, descriptor] of Object.entries(serverToClient)) {
      this.client.onNotification(descriptor.method, handlers[name as keyof typeof serverToClient]);
    }
  }

  get state(): ServerState {
    return this.current;
  }

  /** Does nothing where it runs already. Whoever needs the server may wait for it. */
  start(): Promise<void> {
    return (this.started ??= this.client.start().catch((error: unknown) => {
      this.started = undefined;
      this.fail("The language server could not be started", error);
    }));
  }

  async restart(): Promise<void> {
    if (this.started === undefined) return this.start();
    await this.client.restart().catch((error: unknown) => {
      this.fail("The language server could not be restarted", error);
    });
  }

  /** The DAGs of a file as the server reads them; null where it cannot answer. */
  models(uri: vscode.Uri): Promise<FileModels | null> {
    return this.ask("dagModels", { uri: this.client.code2ProtocolConverter.asUri(uri) });
  }

  /** The DAGs of the whole workspace; null where the server cannot answer. */
  listDags(): Promise<WorkspaceDags | null> {
    return this.ask("listDags", null);
  }

  /** What executing a saved file gave. Of no use to a server that is not running. */
  async tellExactGraph(graph: ExactGraph): Promise<void> {
    if (this.current !== "running") return;
    const uri = this.client.code2ProtocolConverter.asUri(vscode.Uri.parse(graph.uri));
    await this.client.sendNotification(clientToServer.exactGraph.method, { ...graph, uri });
  }

  explain(uri: vscode.Uri): Promise<{ markdown: string } | null> {
    return this.ask("explain", { uri: this.client.code2ProtocolConverter.asUri(uri) });
  }

  dispose(): void {
    this.stateChanged.dispose();
    void this.client.dispose().catch(() => undefined); // the process may have ended before
  }

  private async ask<K extends ServerRequest>(
    name: K,
    params: ParamsOf<(typeof clientToServer)[K]>,
  ): Promise<ResultOf<(typeof clientToServer)[K]> | null> {
    await this.start();
    try {
      return await this.client.sendRequest<ResultOf<(typeof clientToServer)[K]>>(clientToServer[name].method, params);
    } catch (error) {
      this.log.warn(`'${clientToServer[name].method}' was not answered: ${reasonOf(error)}`);
      return null;
    }
  }

  private fail(what: string, error: unknown): void {
    this.log.error(`${what}: ${reasonOf(error)}`);
    this.setState("failed");
  }

  private setState(state: ServerState): void {
    this.current = state;
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.serverRunning, state === "running");
    this.stateChanged.fire(state);
  }
}

function serverOptions(module: string): ServerOptions {
  // Unlike Node's own channel, a pipe can be looked into while the server works something out.
  const run = { module, transport: TransportKind.stdio };
  return { run, debug: { ...run, options: { execArgv: ["--nolazy", "--inspect=6009"] } } };
}

function clientOptions(log: vscode.LogOutputChannel, cacheFolder: string): LanguageClientOptions {
  return {
    initializationOptions: { cacheFolder },
    documentSelector: [{ scheme: "file", language: "typescript" }],
    outputChannel: log,
    diagnosticCollectionName: "fanout",
  };
}
