import { type ChildProcess, spawn } from "node:child_process";
import type { EditableFile } from "./dagWorkspace.js";
import { type Memory, memoryOf } from "./memory.js";
import { onMessage } from "./messageStream.js";

interface Event {
  readonly event?: string;
  readonly body?: { readonly file?: string };
}

/** TypeScript's own server, as VS Code runs it for the same files. */
export class TsServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Set<(event: Event) => void>();
  #seq = 0;

  constructor(script: string) {
    this.#process = spawn(process.execPath, [script, "--disableAutomaticTypingAcquisition"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (this.#process.stdout === null) throw new Error("tsserver has no output.");
    onMessage(this.#process.stdout, (message) => {
      for (const waiting of this.#waiting) waiting(message as Event);
    });
  }

  async open({ path, text }: EditableFile): Promise<number> {
    return this.#timed(path, { openFiles: [{ file: path, fileContent: text }] });
  }

  async edit(file: EditableFile, number: number): Promise<number> {
    const newText = String(number);
    const start = { line: file.line, offset: file.column };
    const textChanges = [{ start, end: { line: file.line, offset: file.column + newText.length }, newText }];
    return this.#timed(file.path, { changedFiles: [{ fileName: file.path, textChanges }] });
  }

  memory(): Memory {
    return memoryOf(this.#process.pid ?? NaN);
  }

  stop(): void {
    this.#process.kill();
  }

  /** Milliseconds until the semantic diagnostics of the changed file have come. */
  async #timed(file: string, change: object): Promise<number> {
    const start = performance.now();
    const diagnosed = new Promise<number>((resolve) => {
      const receive = ({ event, body }: Event): void => {
        if (event !== "semanticDiag" || body?.file !== file) return;
        this.#waiting.delete(receive);
        resolve(performance.now() - start);
      };
      this.#waiting.add(receive);
    });
    const settled = this.#settled();
    this.#send("updateOpen", { openFiles: [], changedFiles: [], closedFiles: [], ...change });
    this.#send("geterr", { files: [file], delay: 0 });
    const time = await diagnosed;
    // Suggestions come after; they must not cost the next edit.
    await settled;
    return time;
  }

  #settled(): Promise<void> {
    return new Promise((resolve) => {
      const receive = ({ event }: Event): void => {
        if (event !== "requestCompleted") return;
        this.#waiting.delete(receive);
        resolve();
      };
      this.#waiting.add(receive);
    });
  }

  #send(command: string, args: object): void {
    this.#process.stdin?.write(`${JSON.stringify({ seq: ++this.#seq, type: "request", command, arguments: args })}\n`);
  }
}
