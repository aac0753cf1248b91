import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { EditableFile } from "./dagWorkspace.js";
import { type Memory, memoryOf } from "./memory.js";
import { onMessage } from "./messageStream.js";

interface Published {
  readonly method?: string;
  readonly id?: number;
  readonly result?: { readonly complete?: boolean };
  readonly params?: { readonly uri: string; readonly version?: number; readonly diagnostics: readonly unknown[] };
}

/** Milliseconds from an edit to its diagnostics without types, and to all of them. */
export interface EditTimes {
  readonly first: number;
  readonly all: number;
}

/** Fanout's language server as the editor runs it: the built bundle, over stdio. */
export class FanoutServer {
  readonly #process: ChildProcess;
  readonly #versions = new Map<string, number>();
  readonly #waiting = new Set<(message: Published) => void>();
  #id = 0;

  /** `cache`: the folder in which it keeps what it can make again. */
  constructor(bundle: string, cache: string) {
    this.#process = spawn(process.execPath, [bundle, "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache },
    });
    if (this.#process.stdout === null) throw new Error("The server has no output.");
    onMessage(this.#process.stdout, (message) => {
      for (const waiting of this.#waiting) waiting(message as Published);
    });
  }

  async start(folder: string): Promise<void> {
    await this.#request("initialize", { processId: null, rootUri: uriOf(folder), capabilities: {} });
    this.#send({ method: "initialized", params: {} });
  }

  /** Until the closed files, too, have been read in the background. */
  async listed(): Promise<void> {
    while ((await this.#request("fanout/listDags", null)).result?.complete !== true) await setTimeout(200);
  }

  /** Until all diagnostics have come, or only the first. */
  async open({ path, text }: EditableFile, until: "first" | "all" = "all"): Promise<void> {
    const uri = uriOf(path);
    this.#versions.set(uri, 1);
    const textDocument = { uri, languageId: "typescript", version: 1, text };
    const { first, all } = this.#timed(uri, 1, { method: "textDocument/didOpen", params: { textDocument } });
    await (until === "first" ? first : all);
  }

  async edit(file: EditableFile, number: number): Promise<EditTimes> {
    const uri = uriOf(file.path);
    const version = (this.#versions.get(uri) ?? 1) + 1;
    this.#versions.set(uri, version);
    const start = { line: file.line - 1, character: file.column - 1 };
    const text = String(number);
    const range = { start, end: { line: start.line, character: start.character + text.length } };
    const params = { textDocument: { uri, version }, contentChanges: [{ range, text }] };
    const times = this.#timed(uri, version, { method: "textDocument/didChange", params });
    return { first: await times.first, all: await times.all };
  }

  memory(): Memory {
    return memoryOf(this.#process.pid ?? NaN);
  }

  stop(): void {
    this.#process.kill();
  }

  /** The server publishes twice: at once without types, and with types when nothing changed for a moment. */
  #timed(uri: string, version: number, message: object): { first: Promise<number>; all: Promise<number> } {
    const isAnswer = ({ params }: Published): boolean => params?.uri === uri && params.version === version;
    const start = performance.now();
    const sinceStart = (): number => performance.now() - start;
    const first = this.#next(isAnswer);
    const all = first.then(() => this.#next(isAnswer));
    this.#send(message);
    return { first: first.then(sinceStart), all: all.then(sinceStart) };
  }

  #request(method: string, params: unknown): Promise<Published> {
    const id = ++this.#id;
    const answered = this.#next((message) => message.id === id);
    this.#send({ id, method, params });
    return answered;
  }

  #next(isWanted: (message: Published) => boolean): Promise<Published> {
    return new Promise((resolve) => {
      const receive = (message: Published): void => {
        if (!isWanted(message)) return;
        this.#waiting.delete(receive);
        resolve(message);
      };
      this.#waiting.add(receive);
    });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }
}

function uriOf(path: string): string {
  return pathToFileURL(path).href;
}
