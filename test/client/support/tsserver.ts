import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";

interface ServerMessage {
  readonly type: "response" | "event";
  readonly request_seq?: number;
  readonly body?: unknown;
}

interface Diagnostic {
  readonly code: number;
  readonly start: { readonly line: number; readonly offset: number };
}

/** The real tsserver of a TypeScript package, spoken to as an editor does. */
export class TsServer {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (body: unknown) => void>();
  private seq = 0;

  /** `probe` is the folder whose `node_modules` holds the plugin. */
  constructor(tsserverPath: string, plugin: string, probe: string) {
    const flags = ["--globalPlugins", plugin, "--pluginProbeLocations", probe, "--disableAutomaticTypingAcquisition"];
    this.child = spawn(process.execPath, [tsserverPath, ...flags], { stdio: "pipe" });
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      if (!line.startsWith("{")) return;
      const message = JSON.parse(line) as ServerMessage;
      if (message.type !== "response" || message.request_seq === undefined) return;
      this.waiting.get(message.request_seq)?.(message.body);
      this.waiting.delete(message.request_seq);
    });
  }

  open(file: string, text: string): void {
    this.send("open", { file, fileContent: text });
  }

  /** Semantic diagnostics of an open file; places count from 1. */
  diagnostics(file: string): Promise<readonly Diagnostic[]> {
    return this.ask<readonly Diagnostic[]>("semanticDiagnosticsSync", { file });
  }

  /** Files that define what stands at a place; both numbers count from 1. */
  async definition(file: string, line: number, offset: number): Promise<readonly string[]> {
    const found = await this.ask<readonly { file: string }[]>("definition", { file, line, offset });
    return found.map((entry) => entry.file);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("close", resolve));
    this.child.kill();
    await ended;
  }

  private ask<T>(command: string, args: object): Promise<T> {
    const seq = this.send(command, args);
    return new Promise((resolve) => {
      this.waiting.set(seq, (body) => {
        resolve(body as T);
      });
    });
  }

  private send(command: string, args: object): number {
    const seq = ++this.seq;
    this.child.stdin.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  }
}
